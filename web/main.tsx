import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './style/base.css'
import './style/frame.css'
import './style/list.css'
import './style/lists.css'
import './style/record.css'
import './style/dossier.css'
import './style/entrance.css'
import './style/duplicates.css'
import './style/entry.css'
import './style/fields.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Refusal } from './api/client.ts'
import { sessionQuery } from './frame/session.ts'
import { rememberedLanguage } from './language/remembered.ts'
import { LanguageProvider } from './language/words.tsx'
import { makeRouter } from './router.tsx'
import { theme, variables } from './theme.ts'

// What Vite wrote for its own preloading: a style that a part of the screens makes must carry it.
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
// Where the library that keeps the page still behind a dialog looks for it.
Object.assign(window, { __webpack_nonce__: nonce })

const STALE_MS = 15_000
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      // A refusal stays a refusal; only a lost connection is worth another attempt.
      retry: (failures, error) =>
        error instanceof Refusal && error.code === 'no-connection' && failures < 2,
    },
  },
})
const router = makeRouter(queries)
const colorScheme = localStorageColorSchemeManager({ key: 'kluis.theme' })

function App() {
  const session = useQuery({ ...sessionQuery, enabled: false })
  return (
    <LanguageProvider language={session.data?.user.language ?? rememberedLanguage()}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <RouterProvider router={router} />
        <Notifications position="bottom-right" limit={5} autoClose={6000} />
      </MantineProvider>
    </LanguageProvider>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
