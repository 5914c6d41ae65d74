import { Button, Select, Switch } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Company, CompanyEdit } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { writeNumber } from '../parts/company-number.ts'
import { sectorLabel, useFoundSectors } from '../parts/sectors.ts'
import { useAffiliations } from './affiliations.tsx'
import { Field, InlineText, useFocusBack } from './inline.tsx'
import '../language/late.ts'

type Props = {
  record: Company
  edit: (change: CompanyEdit) => Promise<boolean>
  canEdit: boolean
  lock: ReactNode
}

/** The number it is known by, and those of other registers. Any of them may be typed in either. */
export function CompanyNumbers({ record, edit, canEdit, lock }: Props) {
  const t = useWords()
  const { otherNumbers } = record
  const [isAdding, setAdding] = useState(false)
  const put = (at: number) => (value: string) =>
    edit({
      otherNumbers: [...otherNumbers.slice(0, at), value, ...otherNumbers.slice(at + 1)].filter(
        Boolean,
      ),
    })
  return (
    <>
      <Field label={t('enterpriseNumber')} lock={lock}>
        <InlineText
          label={t('enterpriseNumber')}
          value={record.enterpriseNumber}
          shown={writeNumber(record.enterpriseNumber)}
          placeholder={t('numberHint')}
          canEdit={canEdit}
          save={(enterpriseNumber) => edit({ enterpriseNumber })}
        />
      </Field>
      {(otherNumbers.length > 0 || (canEdit && record.enterpriseNumber !== '')) && (
        <Field label={t('otherNumber')} lock={lock}>
          {[...otherNumbers, ...(isAdding || otherNumbers.length === 0 ? [''] : [])].map(
            (number, at) => (
              <InlineText
                key={number}
                label={t('otherNumber')}
                value={number}
                shown={writeNumber(number)}
                canEdit={canEdit}
                save={async (value) => {
                  const isSaved = await put(at)(value)
                  if (isSaved) setAdding(false)
                  return isSaved
                }}
              />
            ),
          )}
          {canEdit && otherNumbers.length > 0 && otherNumbers.length < 5 && !isAdding && (
            <button
              type="button"
              className="k-add"
              data-more
              aria-label={`${t('add')}: ${t('otherNumber')}`}
              onClick={() => setAdding(true)}
            >
              + <span>{t('add')}</span>
            </button>
          )}
        </Field>
      )}
    </>
  )
}

/** A sector is found by a word of it or by its code, as deep as a class. */
export function CompanySector({ record, edit, canEdit, lock }: Props) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const { button, wantFocus } = useFocusBack(isOpen)
  const { sector, sectorName } = record
  const close = () => {
    wantFocus()
    setOpen(false)
  }
  const shown = sectorName?.[t.language] ?? sector
  return (
    <Field label={t('sector')} lock={lock}>
      {isOpen ? (
        <SectorSelect
          code={sector}
          shown={shown}
          choose={(next) => void edit({ sector: next }).then((isSaved) => isSaved && close())}
          leave={() => setOpen(false)}
          close={close}
        />
      ) : (
        <button
          ref={button}
          type="button"
          className="k-value"
          disabled={!canEdit}
          aria-label={`${t('sector')}: ${shown || t('empty')}`}
          {...(sector ? {} : { 'data-empty': true })}
          onClick={() => setOpen(true)}
        >
          {shown || '–'}
        </button>
      )}
    </Field>
  )
}

function SectorSelect({
  code,
  shown,
  choose,
  leave,
  close,
}: {
  code: string
  shown: string
  choose: (code: string) => void
  leave: () => void
  close: () => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState('')
  // What stands in the box before anybody types is no question.
  const found = useFoundSectors(typed === shown ? '' : typed)
  const isOffered = found.some((one) => one.code === code)
  return (
    <Select
      autoFocus
      defaultDropdownOpened
      size="xs"
      searchable
      clearable
      allowDeselect={false}
      maxDropdownHeight={320}
      aria-label={t('sector')}
      nothingFoundMessage={t('nothingFound')}
      data={[
        // A national code goes deeper than what is offered, and stays what it is until another is chosen.
        ...(code && !isOffered ? [{ value: code, label: shown }] : []),
        ...found.map((one) => ({ value: one.code, label: sectorLabel(one, t) })),
      ]}
      filter={({ options }) =>
        options.filter((one) => !('value' in one) || one.value !== code || isOffered)
      }
      onSearchChange={setTyped}
      value={code || null}
      onChange={(next) => choose(next ?? '')}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
    />
  )
}

/** By headcount alone: fewer than 10, 50, 250, or more. */
export function sizeOf(count: number): 'micro' | 'small' | 'medium' | 'large' {
  if (count < 10) return 'micro'
  if (count < 50) return 'small'
  return count < 250 ? 'medium' : 'large'
}

/** Says of a sole trader that all of this is about a human being, who it is, and asks where a number looks like one. */
export function SoleTrader({ record, edit, canEdit }: Omit<Props, 'lock'>) {
  const t = useWords()
  const person = useAffiliations('companies', record.id).find((one) => one.isSelf)
  if (record.isSoleTrader)
    return (
      <p className="k-notice" role="note">
        {t('soleTraderText')}{' '}
        {person
          ? t('soleTraderWho', { name: person.personName || t('viewUntitled') })
          : canEdit && t('soleTraderLink')}
      </p>
    )
  if (!record.maySoleTrader || !canEdit) return null
  return (
    <div className="k-notice" role="note">
      {t('soleTraderMaybe')}{' '}
      <Button size="compact-xs" variant="default" onClick={() => void edit({ isSoleTrader: true })}>
        {t('soleTraderYes')}
      </Button>
    </div>
  )
}

export function SoleTraderField({ record, edit, canEdit, lock }: Props) {
  const t = useWords()
  return (
    <Field label={t('soleTrader')} lock={lock}>
      <Switch
        size="xs"
        mt={5}
        ml={6}
        disabled={!canEdit}
        aria-label={t('soleTrader')}
        checked={record.isSoleTrader}
        onChange={(event) => void edit({ isSoleTrader: event.currentTarget.checked })}
      />
    </Field>
  )
}
