/** What the keeper does at a change that the ledger tells of, whoever made it: this process, another one, or nobody of ours. */
import { type IndexLoader, RELATIONS } from '#crm/index-loader.ts'
import type { Change } from '#security/ledger/ledger.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { NamePrefixes } from '#security/vault/name-prefixes/name-prefixes.ts'

type FollowingParts = {
  index: RecordIndex
  filling: IndexLoader
  names: NamePrefixes
  fieldsChanged: () => Promise<void>
  recordsChanged: () => void
  sendAlarms: () => Promise<unknown>
  warn: (error: Error) => void
}

const KINDS: IndexKind[] = ['person', 'company']
const FIELD_TABLES = new Set(['kluis.field_definition', 'kluis.field_role'])

export function followChanges(parts: FollowingParts): (changes: Change[]) => void {
  const { index, filling, names, warn } = parts
  return (changes) => {
    if (changes.some(({ table }) => table === 'kluis.person' || table === 'kluis.company'))
      parts.recordsChanged()
    // Raised by this process or another: nobody waits a minute for an alarm.
    if (changes.some(({ table }) => table === 'kluis.alarm')) parts.sendAlarms().catch(warn)
    const all = (table: string) => changes.filter((change) => change.table === `kluis.${table}`)
    const changed = (table: string) =>
      all(table)
        // What was looked at already is in the index; others' changes and removals are not.
        .filter(({ rowId, rowVersion }) => !(rowVersion && index.holds(rowId, rowVersion)))
        .map(({ rowId }) => rowId)
    const refresh = async () => {
      // By another process, or past the program.
      if (changes.some(({ table }) => FIELD_TABLES.has(table ?? ''))) await parts.fieldsChanged()
      // Both open everything there is: what changed meanwhile does not wait for that.
      if (changes.some(({ table }) => table === 'kluis.search_setting')) {
        filling.switchContents().catch(warn)
        void names.catchUp()
      }
      for (const kind of KINDS) {
        await filling.refresh(kind, changed(kind))
        // Of what it looks by itself at which it has not.
        const ids = all(kind).map(({ rowId }) => rowId)
        await names.follow(kind, [...new Set(ids)])
      }
      // What hangs on a record is told after the record itself.
      for (const relation of RELATIONS) await filling.refreshRelated(relation, changed(relation))
      await filling.refreshReturned()
    }
    refresh().catch(warn)
  }
}
