/** The process that has the keys. Started by `kluis start`, and answers its web process and the operator of the host. */
import { heardCertificate } from '#platform/certificate.ts'
import { openDirectLink } from '#security/keeper/link.ts'
import { type Listening, listenKeeper } from '#security/keeper/listen.ts'
import { askedOfParent, runChild } from './child-process.ts'
import { type Config, readConfig } from './config.ts'
import { besideVerbs } from './key-verbs.ts'
import { openKluis, type Running } from './main.ts'
import { endProgress, showProgress } from './progress-bar.ts'
import type { KeeperOrders } from './supervisor.ts'
import { operatorVerbs } from './verbs.ts'
import { openWaitingRoom } from './waiting-room.ts'
import { buildWeb } from './web.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

let running: Running | undefined
let listening: Listening | undefined
let config: Config
let demoPeople: number | undefined

runChild({
  async begin(orders: KeeperOrders) {
    config = readConfig(process.env, orders.flags)
    demoPeople = orders.demoPeople
    const { webUser } = orders
    running = await openKluis(config, say, 'start', {
      files: orders.files,
      secret: askedOfParent,
      room: openWaitingRoom(
        config,
        orders.certificate && heardCertificate(orders.certificate),
        say,
      ),
      webUser,
    })
    listening = await listenKeeper(orders.socket, running.peer, webUser?.gid)
    running.operator.serve(operatorVerbs(running), besideVerbs)
    const link = demoPeople === undefined ? await running.setUpLink() : undefined
    return link ? { link: link.href } : {}
  },
  work() {
    running!
      .startWork()
      .catch((error: Error) => say(`the search index did not load: ${error.message}`))
    if (demoPeople !== undefined)
      fill(running!, demoPeople).catch((error: Error) => {
        endProgress()
        say(`kluis: ${error.message}`)
        process.kill(process.ppid, 'SIGTERM')
      })
  },
  async close() {
    await listening?.close()
    await running?.close()
  },
})

/** Through the addresses that users have, in this process, and so past no network and no browser. */
async function fill(kluis: Running, people: number): Promise<void> {
  const { fillDemo } = await import('./demo.ts')
  const { dataDirectory, origin } = config
  const link = openDirectLink(kluis.peer)
  const { http, close } = await buildWeb({ link, origin, webRoot: '', log: () => {} })
  const { signIn, setUpLink } = kluis
  const given = { dataDirectory, people }
  const users = await fillDemo({ http, signIn, setUpLink }, given, showProgress)
  await close()
  endProgress()
  say(users.length > 0 ? 'the demo is filled' : 'there are data already; nothing was added')
  say(`sign in as one of ${dataDirectory}/demo-users.json`)
}
