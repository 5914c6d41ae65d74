/** What records are now beside what an import left of them. */
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { customName } from '../../field-catalogue.ts'
import type { Past } from '../batch.ts'
import { HeldValues, valuesOver } from '../confidential.ts'
import type { RecordKind } from '../duplicates.ts'
import type { Asking } from '../exchange.ts'
import type * as past from './store.ts'

const kinds = ['person', 'company'] as const
// What the vault opens at once.
const OPENED_AT_ONCE = 10_000

export type AnyContact = Contact | CompanyContact

/** Which fields of these differ from what the import left. */
export async function compareWithNow(vault: Vault, tx: Asking['tx'], changed: past.Changed[]) {
  const pasts = await openPasts(vault, tx, changed)
  const now = new Map<string, Past['before']>()
  for (const kind of kinds) {
    const ids = changed.filter((one) => one.kind === kind).map((one) => one.recordId)
    if (ids.length > 0) for (const [id, is] of await openNow(vault, tx, kind, ids)) now.set(id, is)
    const withValues = changed.filter(
      (one) => one.kind === kind && one.ids.some((past) => pasts.get(past)!.after.values),
    )
    const held = await HeldValues.read(
      { vault, tx },
      kind,
      withValues.map((one) => one.recordId),
    )
    for (const { recordId } of withValues)
      now.set(recordId, { ...now.get(recordId)!, values: held.of(recordId) })
  }
  return changed.map((one) => {
    const left = pasts.get(one.lastId)!.after
    const is = now.get(one.recordId)!
    const [were, are] = [apart(left.contact), apart(is.contact)]
    const names = new Set([...Object.keys(were), ...Object.keys(are)])
    const fields = [...names].filter(
      (name) => JSON.stringify(were[name]) !== JSON.stringify(are[name]),
    )
    if (!isSame(left.ibans, is.ibans)) fields.push('ibans')
    const values = valuesOver(one.ids.map((past) => pasts.get(past)!)).left
    for (const [fieldId, was] of Object.entries(values))
      if (JSON.stringify(was) !== JSON.stringify(is.values?.[fieldId]))
        fields.push(customName(fieldId))
    return { changed: one, name: nameOf(is.contact), fields }
  })
}

/** Fields of one's own making are fields like the others. */
function apart({ custom, ...own }: AnyContact): Record<string, unknown> {
  const named = Object.entries(custom ?? {}).map(([id, value]) => [customName(id), value])
  return { ...own, ...Object.fromEntries(named) }
}

export async function openPasts(
  vault: Vault,
  tx: Asking['tx'],
  changed: past.Changed[],
): Promise<Map<string, Past>> {
  const ids = changed.flatMap((one) => one.ids)
  const pasts = new Map<string, Past>()
  for (let at = 0; at < ids.length; at += OPENED_AT_ONCE) {
    const opened = await vault.open<Past>(tx, {
      table: 'import_change',
      sealedClass: 'content',
      ids: ids.slice(at, at + OPENED_AT_ONCE),
      purpose: 'import',
      record: 'none',
      isUnseen: true,
    })
    for (const [id, outcome] of opened) pasts.set(id, openedOrRefuse(outcome))
  }
  return pasts
}

export async function openNow(
  vault: Vault,
  tx: Asking['tx'],
  kind: RecordKind,
  ids: string[],
): Promise<Map<string, Past['before']>> {
  const opened = await vault.openRecords<
    { id: string },
    { contact: AnyContact; confidential: { ibans: string[] } }
  >(tx, {
    table: kind,
    classes: ['contact', 'confidential'],
    also: ['id'],
    ids,
    purpose: 'import',
    record: 'list',
    isUnseen: true,
  })
  return new Map(
    [...opened].map(([id, { opened: of }]) => [
      id,
      {
        contact: openedOrRefuse(of.contact),
        ibans: of.confidential ? openedOrRefuse(of.confidential).ibans : [],
      },
    ]),
  )
}

export function isSame(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i])
}

export function nameOf(contact: AnyContact): string {
  return 'name' in contact
    ? contact.name
    : [contact.givenName, contact.familyName].filter(Boolean).join(' ')
}
