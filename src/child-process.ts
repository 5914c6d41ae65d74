/** One of the two processes of `kluis start`, as it talks to the one that started it. */

import type { AskSecret } from '#security/vault/root-key/provider.ts'
import { WrongUse } from './config.ts'
import type { Begun, SecretAsked, SecretTold } from './supervisor.ts'

type Child = {
  /** Says when it is there, or throws why not. */
  begin(orders: never): Promise<{ link?: string }>
  work?(): void
  close(): Promise<void>
}

export function runChild(child: Child): void {
  let isClosing = false
  const close = async () => {
    if (isClosing) return
    isClosing = true
    await child.close().catch(() => {})
    process.exit(0)
  }
  // Ctrl-C reaches the whole group; whoever started us ends us when it is our turn.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('SIGTERM', close)
  // Whoever started us is gone.
  process.on('disconnect', close)
  const tell = (begun: Begun, told = () => {}) => process.send?.(begun, told)
  process.on('message', ({ kind, orders }: { kind: string; orders: never }) => {
    if (kind === 'work') child.work?.()
    else if (kind === 'begin')
      child.begin(orders).then(
        (said) => tell({ kind: 'begun', ...said }),
        (error: Error) => {
          const isWrongUse = error instanceof WrongUse
          tell({ kind: 'failed', message: error.message, isWrongUse }, () => process.exit(1))
        },
      )
  })
}

/** Asked of whoever started us, who has the terminal and was root. One question at a time. */
export const askedOfParent: AskSecret = (name, isNew) =>
  new Promise((resolve, reject) => {
    const hear = (told: SecretTold) => {
      if (told.kind !== 'secret') return
      process.off('message', hear)
      if (told.text === undefined) reject(new Error(told.why))
      else resolve(told.text)
    }
    process.on('message', hear)
    process.send?.({ kind: 'secret', name, ...(isNew && { isNew }) } satisfies SecretAsked)
  })
