import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Imported } from '../api/shapes.ts'
import { customFieldsQuery, nameOf, wordIn } from '../fields/custom-fields.ts'
import { useWords, type Word } from '../language/words.tsx'

type Field = Imported['mapping'][number]['field']
type OwnField = Extract<Field, `custom.${string}`>

/** In the order somebody looks for them. A field missing here does not compile. */
const words: Record<Exclude<Field, OwnField>, Word> = {
  givenName: 'column.givenName',
  middleName: 'column.middleName',
  infix: 'column.infix',
  familyName: 'column.familyName',
  fullName: 'column.fullName',
  salutation: 'column.salutation',
  company: 'column.company',
  jobTitle: 'column.jobTitle',
  department: 'column.department',
  worksSince: 'column.worksSince',
  workedUntil: 'column.workedUntil',
  email: 'column.email',
  phone: 'column.phone',
  mobile: 'column.mobile',
  street: 'column.street',
  houseNumber: 'column.houseNumber',
  box: 'column.box',
  postalCode: 'column.postalCode',
  city: 'column.city',
  country: 'column.country',
  birthday: 'column.birthday',
  language: 'column.language',
  reference: 'column.reference',
  stage: 'column.stage',
  tag: 'column.tag',
  newsletter: 'column.newsletter',
  website: 'column.website',
  iban: 'column.iban',
  enterpriseNumber: 'column.enterpriseNumber',
  otherNumber: 'column.otherNumber',
  siteNumber: 'column.siteNumber',
  sector: 'column.sector',
  isSoleTrader: 'column.isSoleTrader',
  industry: 'column.industry',
  employeeCount: 'column.employeeCount',
  note: 'column.note',
  noteDate: 'column.noteDate',
  noteAuthor: 'column.noteAuthor',
  task: 'column.task',
  taskDue: 'column.taskDue',
  taskDone: 'column.taskDone',
  id: 'column.id',
  isCompany: 'column.isCompany',
  nameAfterCompany: 'column.nameAfterCompany',
  companyReference: 'column.companyReference',
  callingCode: 'column.callingCode',
  nationalNumber: 'column.nationalNumber',
  remark: 'column.remark',
  ignore: 'column.ignore',
}

/** The organisation's own of both kinds; a name that both have says whose it is. */
function useImportedFields(): { value: string; label: string }[] {
  const t = useWords()
  const all = useQuery(customFieldsQuery).data?.items ?? []
  const inUse = all
    .filter((one) => !one.isArchived)
    .sort(
      (one, other) =>
        // People come first, as in the rest of the menu.
        other.recordKind.localeCompare(one.recordKind) || one.position - other.position,
    )
  return inUse.map((field) => {
    const label = wordIn(field.label, t.language)
    const isTwice = inUse.filter((one) => wordIn(one.label, t.language) === label).length > 1
    const whose = t(field.recordKind === 'person' ? 'person' : 'company').toLowerCase()
    return { value: nameOf(field), label: isTwice ? `${label} (${whose})` : label }
  })
}

/** Each column of the file and what it becomes; a change looks at the file again. */
export function MappingTable({
  mapping,
  change,
}: {
  mapping: Imported['mapping']
  change: (fields: Field[]) => void
}) {
  const t = useWords()
  const fixed = Object.entries(words).map(([value, word]) => ({ value, label: t(word) }))
  const own = useImportedFields()
  const options =
    own.length > 0
      ? [...fixed.slice(0, -1), { group: t('customFields'), items: own }, fixed.at(-1)!]
      : fixed
  return (
    <table className="k-plain">
      <thead>
        <tr>
          <th scope="col">{t('inYourFile')}</th>
          <th scope="col" className="k-wide-only">
            {t('examples')}
          </th>
          <th scope="col">{t('becomes')}</th>
        </tr>
      </thead>
      <tbody>
        {mapping.map((column, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two columns can have the same header
          <tr key={at}>
            <td>
              {column.header || <span className="k-dim">{t('noHeader', { column: at + 1 })}</span>}
            </td>
            <td className="k-dim k-wide-only">{column.examples.join(' · ')}</td>
            <td>
              <Select
                size="xs"
                searchable
                aria-label={t('becomesOf', { header: column.header || String(at + 1) })}
                data={options}
                value={column.field}
                allowDeselect={false}
                onChange={(field) =>
                  change(mapping.map((one, index) => (index === at ? (field as Field) : one.field)))
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
