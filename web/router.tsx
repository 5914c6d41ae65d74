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
import { Broken, Missing } from './frame/broken.tsx'
import { colleaguesQuery, sessionQuery, teamsQuery } from './frame/session.ts'
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
  component: lazyRouteComponent(() => import('./frame/frame.tsx'), 'Frame'),
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
  component: lazyRouteComponent(() => import('./people/people.tsx'), 'People'),
})
const peopleTrash = createRoute({
  getParentRoute: inFrame,
  path: '/people/trash',
  component: lazyRouteComponent(() => import('./list/trash.tsx'), 'PeopleTrash'),
})
const person = createRoute({
  getParentRoute: inFrame,
  path: '/people/$id',
  component: lazyRouteComponent(() => import('./people/person-page.tsx'), 'PersonPage'),
})
const companies = createRoute({
  getParentRoute: inFrame,
  path: '/companies',
  validateSearch: opened,
  component: lazyRouteComponent(() => import('./companies/companies.tsx'), 'Companies'),
})
const companiesTrash = createRoute({
  getParentRoute: inFrame,
  path: '/companies/trash',
  component: lazyRouteComponent(() => import('./list/trash.tsx'), 'CompaniesTrash'),
})
const company = createRoute({
  getParentRoute: inFrame,
  path: '/companies/$id',
  component: lazyRouteComponent(() => import('./companies/company-page.tsx'), 'CompanyPage'),
})
const tasks = createRoute({
  getParentRoute: inFrame,
  path: '/tasks',
  component: lazyRouteComponent(() => import('./tasks/my-tasks.tsx'), 'MyTasks'),
})
const day = createRoute({
  getParentRoute: inFrame,
  path: '/day',
  component: lazyRouteComponent(() => import('./day/day.tsx'), 'Day'),
})
const exchange = createRoute({
  getParentRoute: inFrame,
  path: '/import',
  component: lazyRouteComponent(() => import('./exchange/exchange.tsx'), 'Exchange'),
})
const settings = createRoute({
  getParentRoute: inFrame,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings.tsx'), 'Settings'),
})

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up/{-$token}',
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({
    token: text(search.token),
  }),
  component: lazyRouteComponent(() => import('./entrance/set-up.tsx'), 'SetUp'),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } => ({ to: text(search.to) }),
  component: lazyRouteComponent(() => import('./entrance/sign-in.tsx'), 'SignInPage'),
})
const join = createRoute({
  getParentRoute: () => root,
  path: '/join/$token',
  component: lazyRouteComponent(() => import('./entrance/join.tsx'), 'Join'),
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
    tasks,
    day,
    exchange,
    settings,
  ]),
  setUp,
  signIn,
  join,
])

export function makeRouter(queries: QueryClient) {
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
