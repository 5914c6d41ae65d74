import { openDirectLink } from '#security/keeper/link.ts'
import { type KeeperOptions, openKeeper } from './keeper.ts'
import { buildWeb, type WebOptions } from './web.ts'

export type AppOptions = KeeperOptions & Omit<WebOptions, 'link'>
export type App = Awaited<ReturnType<typeof buildApp>>

/** Both in one process, for one command of the operator and for tests: the same parts, and the same questions between them. */
export async function buildApp(options: AppOptions) {
  const keeper = await openKeeper(options)
  const web = await buildWeb({ ...options, link: openDirectLink(keeper.peer) })
  return {
    ...keeper,
    ...web,
    routes: [web.health, ...keeper.routes],
    async close(): Promise<void> {
      await web.close()
      await keeper.close()
    },
  }
}
