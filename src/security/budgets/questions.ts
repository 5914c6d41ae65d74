/**
 * How many customers begin with A, and then with Aa: whoever counts spells names out without reading one. So a question that
 * narrows a list counts as one customer seen, whatever it gives, and the same one once in a day.
 */
import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import { refuseAs } from '#security/vault/store.ts'
import type { Vault } from '#security/vault/vault.ts'

export async function countQuestion(vault: Vault, tx: ReadTx, question: object): Promise<void> {
  // Keyed: what is searched for may be a name, and the database keeps this for a day.
  const mark = vault.blindToken('request', JSON.stringify(question)).subarray(0, 16).toString('hex')
  const asked = sql<{ said: number }>`
    select kluis.record_opening('search', 'person', '{}'::uuid[], 'none', array[${mark}]::uuid[]) as said`
  const [door] = await tx.run(asked)
  refuseAs(door!.said, (alone) => alone.run(asked))
}
