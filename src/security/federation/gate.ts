import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { profileOf } from '#security/sign-in/accounts.ts'
import type { AccountRow } from '#security/sign-in/store.ts'
import { findAccount } from '#security/sign-in/store.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import type { ProviderSettings } from './contract.ts'
import { domainOf, type ProviderRules } from './providers.ts'

export function makeGate(parts: {
  db: RoleDatabase
  vault: KeeperVault
  providers: ProviderRules
}) {
  const { db, vault, providers } = parts
  /** Emergency access that was set up once may be gone since; then every administrator has it: nobody is shut out. */
  async function isExempt(account: AccountRow, settings: ProviderSettings) {
    if (settings.exemptUserIds.includes(account.id)) return true
    return account.role_id === 'administrator' && !(await providers.hasWayBack(settings))
  }
  return {
    /** Whether somebody may come in with own factors alone. */
    async requireOwnWay(userId: string): Promise<void> {
      const account = await findAccount(db.reader(), userId)
      if (!account) return
      const provider = await providers.forDomain(domainOf(profileOf(vault, account).email))
      if (!provider?.settings.isRequired || (await isExempt(account, provider.settings))) return
      refuse('sign-in-elsewhere', { provider: provider.settings.name, providerId: provider.id })
    },
  }
}
