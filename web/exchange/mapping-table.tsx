import { Select } from '@mantine/core'
import type { Imported } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'

const fields = [
  'givenName',
  'familyName',
  'fullName',
  'salutation',
  'company',
  'email',
  'phone',
  'street',
  'postalCode',
  'city',
  'country',
  'birthday',
  'iban',
  'language',
  'website',
  'reference',
  'tag',
  'note',
]
const NOTHING = '-'

/** Each column of the file and what it becomes; a change looks at the file again. */
export function MappingTable({
  mapping,
  change,
}: {
  mapping: Imported['mapping']
  change: (mapping: (string | null)[]) => void
}) {
  const t = useWords()
  const options = [
    { value: NOTHING, label: t('leaveOut') },
    ...fields.map((field) => ({ value: field, label: t.known(`import.${field}`) ?? field })),
  ]
  return (
    <table className="k-plain">
      <thead>
        <tr>
          <th scope="col">{t('inYourFile')}</th>
          <th scope="col">{t('becomes')}</th>
        </tr>
      </thead>
      <tbody>
        {mapping.map((column, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two columns can have the same header
          <tr key={at}>
            <td>{column.header || <span className="k-dim">{t('noHeader', { column: at + 1 })}</span>}</td>
            <td>
              <Select
                size="xs"
                aria-label={t('becomesOf', { header: column.header || String(at + 1) })}
                data={options}
                value={column.field ?? NOTHING}
                allowDeselect={false}
                onChange={(field) =>
                  change(
                    mapping.map((one, index) =>
                      index === at ? (field === NOTHING ? null : field) : one.field,
                    ),
                  )
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
