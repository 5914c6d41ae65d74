import { Menu, Modal, Skeleton, useMantineColorScheme } from '@mantine/core'
import {
  IconBuilding,
  IconCheck,
  IconChecklist,
  IconCopyCheck,
  IconDeviceDesktop,
  IconFileImport,
  IconHelp,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSettings,
  IconShieldCheck,
  IconSun,
  IconSunrise,
  IconUsers,
} from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import {
  ask,
  type Given,
  type GrantAsked,
  isFrozenNow,
  whenConnectionChanges,
  whenGrantNeeded,
  whenSessionEnds,
} from '../api/client.ts'
import type { Facets } from '../api/shapes.ts'
import { useWords, type Word } from '../language/words.tsx'
import { NotificationLink } from '../notifications/notification-link.tsx'
import { Initials } from '../parts/marks.tsx'
import { tell, undoLast } from '../parts/tell.tsx'
import { ConnectionBanner } from './connection.tsx'
import { isTyping, useKeyPairs, useKeys } from './keys.ts'
import { patient } from './patient.ts'
import { approvalPermissions, exchangePermissions, sessionQuery, useSession } from './session.ts'

const loadPalette = patient(() => import('./palette.tsx'))
const Palette = lazy(loadPalette)
const Help = lazy(patient(() => import('../help/help.tsx')))
const StepUp = lazy(patient(() => import('../grants/step-up.tsx')))
const AskApproval = lazy(patient(() => import('../grants/ask-approval.tsx')))
const IndexBanner = lazy(patient(() => import('./index-banner.tsx')))
const BreakGlassBanner = lazy(patient(() => import('../grants/break-glass-banner.tsx')))
const Frozen = lazy(() =>
  import('./frozen.tsx').then(({ Frozen: default_ }) => ({ default: default_ })),
)
const SignInAgain = lazy(patient(() => import('../entrance/sign-in-again.tsx')))

const places = [
  { to: '/day', word: 'myDay', Icon: IconSunrise },
  { to: '/people', word: 'people', Icon: IconUsers },
  { to: '/companies', word: 'companies', Icon: IconBuilding },
  { to: '/tasks', word: 'tasks', Icon: IconChecklist },
] as const satisfies { to: string; word: Word; Icon: unknown }[]

const schemes = [
  ['light', 'themeLight', IconSun],
  ['dark', 'themeDark', IconMoon],
  ['auto', 'themeSystem', IconDeviceDesktop],
] as const satisfies [string, Word, unknown][]

const REST_AFTER_MS = 1_000

export function Frame() {
  const t = useWords()
  const navigate = useNavigate()
  const router = useRouter()
  const isFrozen = useSyncExternalStore(whenConnectionChanges, isFrozenNow)
  const isSettings = useLocation().pathname === '/settings'
  const [shown, setShown] = useState<'palette' | 'help' | 'shortcuts' | undefined>()
  const [isAtRest, setAtRest] = useState(false)
  useKeyPairs()
  useKeys({
    '?': () => setShown('help'),
    'g m': () => void navigate({ to: '/day' }),
    'g p': () => void navigate({ to: '/people' }),
    'g c': () => void navigate({ to: '/companies' }),
    'g t': () => void navigate({ to: '/tasks' }),
    'g d': () => void navigate({ to: '/duplicates' }),
  })
  useEffect(() => {
    // Fetched while nothing else goes on: the palette has to be there with the first Ctrl K, the other screens when
    // one goes there, also while the server is away.
    const timer = setTimeout(() => {
      setAtRest(true)
      // What fails now is asked for again when it is needed.
      loadPalette().catch(() => undefined)
      for (const route of Object.values(router.routesById))
        if (route.id.startsWith('/frame/')) void router.loadRouteChunk(route)
    }, REST_AFTER_MS)
    return () => clearTimeout(timer)
  }, [router])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      const key = event.key.toLowerCase()
      if (key === 'k') {
        event.preventDefault()
        setShown((now) => (now === 'palette' ? undefined : 'palette'))
      }
      // In a field it is the browser's own, for what was typed.
      if (key === 'z' && !isTyping(event.target) && undoLast()) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <a className="k-skip" href="#content">
        {t('skipToContent')}
      </a>
      <div className="k-app">
        <Sidebar openPalette={() => setShown('palette')} openHelp={() => setShown('help')} />
        <div className="k-sheet">
          <ConnectionBanner />
          <IndexState />
          <Suspense>{isAtRest && <BreakGlassBanner />}</Suspense>
          <div className="k-main" id="content" tabIndex={-1}>
            <Suspense fallback={<PageSkeleton />}>
              {isFrozen && !isSettings && <Frozen />}
              {/* It stays as it was, typed text included, for when somebody is let in again. */}
              <div
                hidden={isFrozen && !isSettings}
                style={{ display: isFrozen && !isSettings ? 'none' : 'contents' }}
              >
                <Outlet />
              </div>
            </Suspense>
          </div>
        </div>
        <BottomBar openPalette={() => setShown('palette')} />
      </div>
      <Suspense>
        {shown === 'palette' && (
          <Palette
            close={() => setShown(undefined)}
            showHelp={() => setShown('help')}
            showShortcuts={() => setShown('shortcuts')}
          />
        )}
        {shown === 'help' && <Help close={() => setShown(undefined)} />}
        {shown === 'shortcuts' && <Help first="keyboard" close={() => setShown(undefined)} />}
      </Suspense>
      <SessionKeeper />
      <GrantKeeper />
    </>
  )
}

function Sidebar({ openPalette, openHelp }: { openPalette: () => void; openHelp: () => void }) {
  const t = useWords()
  const session = useSession()
  const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent)
  return (
    <nav className="k-nav" aria-label={t('navigation')}>
      <div className="k-brand">
        <img src="/kluis.svg" alt="" />
        <span>{session.organisation.name || 'Kluis'}</span>
      </div>
      <button type="button" className="k-nav-search" onClick={openPalette}>
        <IconSearch size={16} stroke={1.7} aria-hidden />
        <span>{t('search')}</span>
        <kbd className="k-key">{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {places.map(({ to, word, Icon }) => (
        <Link key={to} to={to} className="k-nav-item">
          <Icon size={17} stroke={1.7} aria-hidden />
          {t(word)}
        </Link>
      ))}
      {session.permissions.includes('people:edit') && (
        <Link to="/duplicates" className="k-nav-item">
          <IconCopyCheck size={17} stroke={1.7} aria-hidden />
          {t('duplicates')}
        </Link>
      )}
      <NotificationLink className="k-nav-item" size={17} />
      {approvalPermissions.some((one) => session.permissions.includes(one)) && (
        <Link to="/approvals" className="k-nav-item">
          <IconShieldCheck size={17} stroke={1.7} aria-hidden />
          {t('approvals')}
        </Link>
      )}
      {exchangePermissions.some((one) => session.permissions.includes(one)) && (
        <Link to="/import" className="k-nav-item">
          <IconFileImport size={17} stroke={1.7} aria-hidden />
          {t('importExport')}
        </Link>
      )}
      <div className="k-nav-gap" />
      <button type="button" className="k-nav-item" aria-keyshortcuts="?" onClick={openHelp}>
        <IconHelp size={17} stroke={1.7} aria-hidden />
        {t('help')}
        <kbd className="k-key" aria-hidden style={{ marginLeft: 'auto' }}>
          ?
        </kbd>
      </button>
      <Link to="/settings" className="k-nav-item">
        <IconSettings size={17} stroke={1.7} aria-hidden />
        {t('settings')}
      </Link>
      <AccountMenu />
    </nav>
  )
}

function AccountMenu() {
  const t = useWords()
  const { user } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useSignOut()
  return (
    <Menu position="top-start" width={230} shadow="md">
      <Menu.Target>
        <button type="button" className="k-nav-item" aria-label={t('account', { name: user.name })}>
          <Initials name={user.name} id={user.id} size={22} />
          <span style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {user.name}
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: 'anywhere' }}>{user.email}</Menu.Label>
        <Menu.Label>{t('theme')}</Menu.Label>
        {schemes.map(([scheme, word, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} aria-hidden />}
            rightSection={scheme === colorScheme && <IconCheck size={14} aria-hidden />}
            onClick={() => setColorScheme(scheme)}
          >
            {t(word)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} aria-hidden />} onClick={leave}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Leaves nothing of the customers behind: the page is loaded anew, its memory is gone. */
export function useSignOut(): () => void {
  return useCallback(() => {
    whenSessionEnds(undefined)
    const leave = async () => {
      // Asked while the session is there: whoever came by a provider may have to sign out there too.
      const there = await ask<{ url: string | null }>('GET', '/api/session/provider').catch(
        () => undefined,
      )
      await ask('POST', '/api/sign-out').catch(() => undefined)
      location.assign(there?.url ?? '/sign-in')
    }
    void leave()
  }, [])
}

function BottomBar({ openPalette }: { openPalette: () => void }) {
  const t = useWords()
  return (
    <nav className="k-bottom" aria-label={t('navigation')}>
      {places
        // A thumb's width each: the tasks of today stand in my day.
        .filter(({ to }) => to !== '/tasks')
        .map(({ to, word, Icon }) => (
          <Link key={to} to={to}>
            <Icon size={21} stroke={1.6} aria-hidden />
            {t(word)}
          </Link>
        ))}
      <NotificationLink size={21} />
      <button type="button" onClick={openPalette}>
        <IconSearch size={21} stroke={1.6} aria-hidden />
        {t('search')}
      </button>
      <Link to="/settings">
        <IconSettings size={21} stroke={1.6} aria-hidden />
        {t('more')}
      </Link>
    </nav>
  )
}

/** Whether search is there, and a banner while it is not; where it never will be, it is asked once. */
function IndexState() {
  const queries = useQueryClient()
  const state = useQuery({
    queryKey: ['index-state'],
    queryFn: async () => {
      const facets = await ask<Facets>('GET', '/api/people/facets')
      if (facets.isIndexReady) void queries.invalidateQueries({ queryKey: ['people'] })
      return facets
    },
    refetchInterval: ({ state: { data } }) =>
      data && !data.isIndexReady && !data.isIndexOff ? 2_000 : false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (state.data?.isIndexReady !== false) return null
  return (
    <Suspense>
      <IndexBanner {...state.data} />
    </Suspense>
  )
}

/** When the session ends, asks to sign in over the page, which stays as it was, typed text included. */
function SessionKeeper() {
  const t = useWords()
  const session = useSession()
  const queries = useQueryClient()
  const [isEnded, setEnded] = useState(false)
  const waiting = useRef<(() => void)[]>([])
  useEffect(() => {
    whenSessionEnds(() => {
      setEnded(true)
      return new Promise((resolve) => waiting.current.push(resolve))
    })
    return () => whenSessionEnds(undefined)
  }, [])
  const signedIn = async () => {
    whenSessionEnds(undefined)
    const now = await ask<typeof session>('GET', '/api/session').catch(() => undefined)
    if (now && now.user.id !== session.user.id) {
      tell(t('otherUser'))
      location.assign('/')
      return
    }
    queries.setQueryData(sessionQuery.queryKey, now)
    setEnded(false)
    whenSessionEnds(() => {
      setEnded(true)
      return new Promise((resolve) => waiting.current.push(resolve))
    })
    for (const go of waiting.current.splice(0)) go()
  }
  return (
    <Modal
      opened={isEnded}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('sessionEndedTitle')}
      size={420}
    >
      <Suspense fallback={<Skeleton height={180} />}>
        <SignInAgain email={session.user.email} done={() => void signedIn()} />
      </Suspense>
    </Modal>
  )
}

/** A request that needs more than the session waits here until its sender proved who they are, or asked a colleague. */
function GrantKeeper() {
  const [asked, setAsked] = useState<
    GrantAsked & { give: (given: Given) => void; leave: (why: unknown) => void }
  >()
  useEffect(() => {
    whenGrantNeeded((what) =>
      new Promise<Given>((give, leave) => setAsked({ ...what, give, leave })).finally(() =>
        setAsked(undefined),
      ),
    )
    return () => whenGrantNeeded(undefined)
  }, [])
  const Dialog = asked?.refusal.code === 'step-up-needed' ? StepUp : AskApproval
  return <Suspense>{asked && <Dialog {...asked} />}</Suspense>
}

function PageSkeleton() {
  return (
    <div className="k-page" aria-hidden>
      <Skeleton height={20} width={180} mb={24} />
      {[88, 74, 81, 66, 79, 70].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} mb={18} />
      ))}
    </div>
  )
}
