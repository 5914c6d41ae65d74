/**
 * Step-up at the provider, for whoever signs in there and nowhere else: they sign in anew, now, as who they are. What it is
 * good for is one request of one session, as a passkey would be; the grant itself is made by `sign-in/step-up.ts`.
 *
 * Trusts: the provider for whether somebody is there, as at sign-in. Does not trust a sign-in of before, whatever browser
 * brings it.
 * If lost: kept in this process for minutes; whoever waits signs in there again.
 */
import type { RoleDatabase } from '#platform/db.ts'
import { recordEvent } from '#security/sign-in/session-store.ts'
import type { Elsewhere } from '#security/sign-in/step-up.ts'
import { type AccountRules, NotAdmitted } from './accounts.ts'
import { type Asserted, CLOCKS_APART_SECONDS, NotRight } from './oidc.ts'
import { isSecondFactorProven, type Provider, type ProviderRules } from './providers.ts'
import type { Transaction } from './transactions.ts'

type Parts = {
  db: RoleDatabase
  providers: ProviderRules
  accounts: AccountRules
  begin(
    provider: Provider,
    given: Pick<Transaction, 'purpose' | 'byUserId' | 'to'>,
    now: Date,
  ): Promise<{ url: string; sealed: string; state: string }>
}
type Kept = { userId: string; what: string; hasSecond: boolean; until: number }

const KEPT_MS = 5 * 60_000
const KEPT_MAX = 1_000

export function stepUpElsewhere({ db, providers, accounts, begin }: Parts) {
  const kept = new Map<string, Kept>()

  async function providerOf(userId: string): Promise<Provider | undefined> {
    const id = await accounts.linkedTo(userId)
    const provider = (await providers.list()).find((one) => one.id === id)
    return provider?.isOn ? provider : undefined
  }

  function find(ceremony: string, userId: string, what: string, now: Date): Kept | undefined {
    const found = kept.get(ceremony)
    const isTheirs = found?.userId === userId && found.what === what
    return isTheirs && found.until > now.getTime() ? found : undefined
  }

  const rules: Elsewhere = {
    async begin(userId, what, now) {
      const provider = await providerOf(userId)
      if (!provider) return undefined
      try {
        const given = { purpose: 'step-up', byUserId: userId, to: what } as const
        const { url, sealed, state } = await begin(provider, given, now)
        return { name: provider.settings.name, url, sealed, ceremony: state }
      } catch (error) {
        // It does not answer: whoever has another way takes that, and the others are told there is none.
        if (error instanceof NotRight) return undefined
        throw error
      }
    },

    look: (ceremony, userId, what, now) => find(ceremony, userId, what, now),

    async take(ceremony, userId, what, now) {
      const found = find(ceremony, userId, what, now)
      // Unlinked, or switched off, since.
      if (!found || !kept.delete(ceremony) || !(await providerOf(userId))) return undefined
      return found
    },
  }

  return {
    ...rules,

    /** Somebody came back from there. Throws NotAdmitted unless it is who asked, signed in since they asked. */
    async keep(
      provider: Provider,
      said: Asserted,
      { byUserId, to, state, begunAt }: Transaction,
      now: Date,
    ): Promise<void> {
      const userId = byUserId ?? ''
      if (!(await accounts.isOf(userId, provider, said))) throw new NotAdmitted('somebody-else')
      const since = begunAt / 1000 - CLOCKS_APART_SECONDS
      if (said.signedInAt === null || said.signedInAt < since) throw new NotAdmitted('not-anew')
      for (const [key, one] of kept) if (one.until < now.getTime()) kept.delete(key)
      if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value!)
      const hasSecond = isSecondFactorProven(provider.settings, said)
      kept.set(state, { userId, what: to, hasSecond, until: now.getTime() + KEPT_MS })
      await db.writeAtOnce((tx) =>
        recordEvent(tx, 'provider-confirmed', userId, { provider: provider.id }),
      )
    },
  }
}
