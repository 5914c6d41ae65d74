import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  type ErrorRouteComponent,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ask, Refusal } from './api/client.ts'
import { recordQuery } from './api/record-query.ts'
import { Broken, Missing } from './frame/broken.tsx'
import { patient } from './frame/patient.ts'
import { colleaguesQuery, exchangePermissions, sessionQuery, teamsQuery } from './frame/session.ts'
import { type SettingsTab, tabIds } from './frame/settings-tabs.ts'
import { rememberLanguage } from './language/remembered.ts'

// The router's own type asks for a lazy component; a plain one is what it renders.
const asErrorPage = Broken as unknown as ErrorRouteComponent

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Missing,
  errorComponent: asErrorPage,
})

/** Everything behind the door: without a session this leads to sign-in, or to set-up on a new house. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: lazyRouteComponent(
    patient(() => import('./frame/frame.tsx')),
    'Frame',
  ),
  errorComponent: asErrorPage,
  beforeLoad: async ({ context: { queries }, location }) => {
    try {
      const session = await queries.ensureQueryData(sessionQuery)
      rememberLanguage(session.user.language)
      void queries.prefetchQuery(colleaguesQuery)
      void queries.prefetchQuery(teamsQuery)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error
      const { isNeeded } = await ask<{ isNeeded: boolean }>('GET', '/api/set-up')
      if (isNeeded) throw redirect({ to: '/set-up/{-$token}' })
      throw redirect({ to: '/sign-in', search: { to: location.pathname } })
    }
  },
})

const inFrame = () => frame
const opened = (search: Record<string, unknown>): { open?: string } =>
  typeof search.open === 'string' ? { open: search.open } : {}

const home = createRoute({
  getParentRoute: inFrame,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/people' })
  },
})
const people = createRoute({
  getParentRoute: inFrame,
  path: '/people',
  validateSearch: opened,
  component: lazyRouteComponent(
    patient(() => import('./people/people.tsx')),
    'People',
  ),
})
const peopleTrash = createRoute({
  getParentRoute: inFrame,
  path: '/people/trash',
  component: lazyRouteComponent(
    patient(() => import('./list/trash.tsx')),
    'PeopleTrash',
  ),
})
const person = createRoute({
  getParentRoute: inFrame,
  path: '/people/$id',
  component: lazyRouteComponent(
    patient(() => import('./people/person-page.tsx')),
    'PersonPage',
  ),
})
const companies = createRoute({
  getParentRoute: inFrame,
  path: '/companies',
  validateSearch: opened,
  component: lazyRouteComponent(
    patient(() => import('./companies/companies.tsx')),
    'Companies',
  ),
})
const companiesTrash = createRoute({
  getParentRoute: inFrame,
  path: '/companies/trash',
  component: lazyRouteComponent(
    patient(() => import('./list/trash.tsx')),
    'CompaniesTrash',
  ),
})
const company = createRoute({
  getParentRoute: inFrame,
  path: '/companies/$id',
  component: lazyRouteComponent(
    patient(() => import('./companies/company-page.tsx')),
    'CompanyPage',
  ),
})
const joint = createRoute({
  getParentRoute: inFrame,
  path: '/joint-dossiers/$id',
  component: lazyRouteComponent(
    patient(() => import('./joint/joint-page.tsx')),
    'JointPage',
  ),
})
const tasks = createRoute({
  getParentRoute: inFrame,
  path: '/tasks',
  component: lazyRouteComponent(
    patient(() => import('./tasks/my-tasks.tsx')),
    'MyTasks',
  ),
})
const day = createRoute({
  getParentRoute: inFrame,
  path: '/day',
  component: lazyRouteComponent(() => import('./day/day.tsx'), 'Day'),
})
const duplicates = createRoute({
  getParentRoute: inFrame,
  path: '/duplicates',
  validateSearch: (search: Record<string, unknown>): { kind?: 'companies' } =>
    search.kind === 'companies' ? { kind: 'companies' } : {},
  component: lazyRouteComponent(() => import('./duplicates/work-list.tsx'), 'Duplicates'),
})
const compare = createRoute({
  getParentRoute: inFrame,
  path: '/duplicates/$kind/$keptId/$otherId',
  component: lazyRouteComponent(() => import('./duplicates/compare.tsx'), 'Compare'),
})
const notifications = createRoute({
  getParentRoute: inFrame,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./notifications/notifications.tsx'), 'Notifications'),
})
const approvals = createRoute({
  getParentRoute: inFrame,
  path: '/approvals',
  component: lazyRouteComponent(
    patient(() => import('./grants/approvals.tsx')),
    'ApprovalsPage',
  ),
})
const exchange = createRoute({
  getParentRoute: inFrame,
  path: '/import',
  // The import to show: one that a notification tells of.
  validateSearch: (search: Record<string, unknown>): { run?: string } =>
    typeof search.run === 'string' ? { run: search.run } : {},
  beforeLoad: ({ context: { queries } }) => {
    const held = queries.getQueryData(sessionQuery.queryKey)?.permissions ?? []
    const isOfUse = exchangePermissions.some((one) => held.includes(one))
    if (!isOfUse) throw new Refusal('not-allowed', 403)
  },
  component: lazyRouteComponent(
    patient(() => import('./exchange/exchange.tsx')),
    'Exchange',
  ),
})
const settings = createRoute({
  getParentRoute: inFrame,
  path: '/settings',
  validateSearch: (search: Record<string, unknown>): { tab?: SettingsTab; tried?: string } => {
    const tab = tabIds.find((one) => one === search.tab)
    const tried = text(search.tried)
    return { ...(tab ? { tab } : {}), ...(tried ? { tried } : {}) }
  },
  component: lazyRouteComponent(
    patient(() => import('./settings/settings.tsx')),
    'Settings',
  ),
})

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up/{-$token}',
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({
    token: text(search.token),
  }),
  component: lazyRouteComponent(
    patient(() => import('./entrance/set-up.tsx')),
    'SetUp',
  ),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // What a provider's answer came to: a word of ours, so that a link makes this page say nothing else.
  validateSearch: (search: Record<string, unknown>): { to?: string; provider?: string } => ({
    to: text(search.to),
    provider: text(search.provider),
  }),
  component: lazyRouteComponent(
    patient(() => import('./entrance/sign-in.tsx')),
    'SignInPage',
  ),
})
const join = createRoute({
  getParentRoute: () => root,
  path: '/join/$token',
  component: lazyRouteComponent(
    patient(() => import('./entrance/join.tsx')),
    'Join',
  ),
})

const tree = root.addChildren([
  frame.addChildren([
    home,
    people,
    peopleTrash,
    person,
    companies,
    companiesTrash,
    company,
    joint,
    tasks,
    day,
    duplicates,
    compare,
    notifications,
    approvals,
    exchange,
    settings,
  ]),
  setUp,
  signIn,
  join,
])

/**
 * What the page at this address is made of, asked for at once: its parts, and the customer it shows. One after another,
 * behind the session, they cost a round trip each. Whoever is not signed in gets nothing but a refusal.
 */
function askAhead(router: ReturnType<typeof newRouter>, queries: QueryClient): void {
  for (const { routeId } of router.matchRoutes(router.latestLocation)) {
    // What fails here fails again where it is shown, and is told there.
    const chunk = router.loadRouteChunk(router.routesById[routeId as '/frame'])
    if (chunk) void chunk.catch(() => undefined)
    if (routeId === frame.id) void queries.prefetchQuery(sessionQuery)
  }
  const [, kind, id] =
    /^\/(people|companies)\/([0-9a-f-]{36})$/.exec(router.latestLocation.pathname) ?? []
  if (kind && id) void queries.prefetchQuery(recordQuery(kind as 'people', id))
}

export function makeRouter(queries: QueryClient) {
  const router = newRouter(queries)
  askAhead(router, queries)
  return router
}

function newRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: asErrorPage,
    defaultNotFoundComponent: Missing,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
