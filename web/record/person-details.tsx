import type { ReactNode } from 'react'
import type { RecordKind, Stage } from '../api/shapes.ts'
import { HOME } from '../entry/address-format.ts'
import { Addresses } from '../entry/addresses.tsx'
import { Contacts } from '../entry/contacts.tsx'
import { InlineDate } from '../entry/inline-date.tsx'
import { CustomDetails } from '../fields/custom-details.tsx'
import { useNames } from '../frame/session.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { languageName } from '../list/value-names.ts'
import { Lock, SealedLine } from '../parts/marks.tsx'
import {
  CompanyNumbers,
  CompanySector,
  SoleTrader,
  SoleTraderField,
  sizeOf,
} from './company-fields.tsx'
import { Confidential } from './confidential.tsx'
import { Field, InlineSelect, InlineText } from './inline.tsx'
import { InlineTags } from './many.tsx'
import { Sites } from './sites.tsx'
import type { OfKind } from './use-record.ts'

export const stages: Stage[] = ['lead', 'prospect', 'customer', 'former']
const salutations = ['mr', 'ms', 'mx', 'dr', 'prof', 'family']
const languages = ['nl', 'fr', 'de', 'en', 'es', 'it', 'pl', 'pt', 'tr', 'ar']

export type DetailsOf<K extends RecordKind> = {
  record: OfKind[K]['record']
  edit: (change: OfKind[K]['edit'], refused?: (error: unknown) => boolean) => Promise<boolean>
  canEdit: boolean
}

export function PersonDetails({ record, edit, canEdit }: DetailsOf<'people'>) {
  const t = useWords()
  const lock = <Lock teamId={record.teamId} />
  const text = (field: 'givenName' | 'familyName' | 'website' | 'reference') => (
    <TextField
      field={field}
      value={record[field]}
      lock={lock}
      canEdit={canEdit}
      save={(value) => edit({ [field]: value })}
    />
  )
  return (
    <>
      <SealedLine teamId={record.teamId} />
      <div className="k-group">
        <h3>{t('contact')}</h3>
        <ContactFields kind="people" record={record} edit={edit} canEdit={canEdit} />
      </div>
      <div className="k-group">
        <h3>{t('personal')}</h3>
        {text('givenName')}
        {text('familyName')}
        <Field label={t('salutation')} lock={lock}>
          <InlineSelect
            label={t('salutation')}
            value={record.salutation || null}
            canClear
            canEdit={canEdit}
            options={withKnown(salutations, record.salutation).map((value) => ({
              value,
              label: t.known(`salutation.${value}`) ?? value,
            }))}
            save={(value) => edit({ salutation: value ?? '' })}
          />
        </Field>
        <Field label={t('birthday')} lock={lock}>
          <InlineDate
            label={t('birthday')}
            isPast
            value={record.birthday}
            canEdit={canEdit}
            save={(birthday) => edit({ birthday })}
          />
        </Field>
        <LanguageField
          record={record}
          canEdit={canEdit}
          save={(language) => edit({ language: language ?? '' })}
        />
        {text('website')}
        {text('reference')}
      </div>
      <CustomDetails kind="people" record={record} edit={edit} canEdit={canEdit} />
      <Confidential kind="people" record={record} edit={edit} canEdit={canEdit} />
      <Placement kind="people" record={record} edit={edit} canEdit={canEdit} />
    </>
  )
}

export function CompanyDetails({ record, edit, canEdit }: DetailsOf<'companies'>) {
  const t = useWords()
  const lock = <Lock teamId={record.teamId} />
  const text = (field: 'industry' | 'website' | 'reference') => (
    <TextField
      field={field}
      value={record[field]}
      lock={lock}
      canEdit={canEdit}
      save={(value) => edit({ [field]: value })}
    />
  )
  return (
    <>
      <SealedLine teamId={record.teamId} />
      <div className="k-group">
        <h3>{t('contact')}</h3>
        <ContactFields kind="companies" record={record} edit={edit} canEdit={canEdit} />
      </div>
      <div className="k-group">
        <h3>{t('aboutCompany')}</h3>
        <SoleTrader record={record} edit={edit} canEdit={canEdit} />
        <CompanyNumbers record={record} edit={edit} canEdit={canEdit} lock={lock} />
        <CompanySector record={record} edit={edit} canEdit={canEdit} lock={lock} />
        {text('industry')}
        <Field label={t('employeeCount')} lock={lock}>
          <InlineText
            label={t('employeeCount')}
            type="number"
            shown={sizeText(t, record.employeeCount)}
            value={record.employeeCount === null ? '' : String(record.employeeCount)}
            canEdit={canEdit}
            save={(value) => edit({ employeeCount: value === '' ? null : Number(value) })}
          />
        </Field>
        <LanguageField
          record={record}
          canEdit={canEdit}
          save={(language) => edit({ language: language ?? '' })}
        />
        {text('website')}
        {text('reference')}
        <SoleTraderField record={record} edit={edit} canEdit={canEdit} lock={lock} />
      </div>
      <Sites record={record} edit={edit} canEdit={canEdit} />
      <CustomDetails kind="companies" record={record} edit={edit} canEdit={canEdit} />
      <Confidential kind="companies" record={record} edit={edit} canEdit={canEdit} />
      <Placement kind="companies" record={record} edit={edit} canEdit={canEdit} />
    </>
  )
}

/** "12 (klein)": what size a headcount makes. */
function sizeText(t: Speak, count: number | null): string {
  return count === null ? '' : `${t.number(count)} (${t(`size.${sizeOf(count)}`)})`
}

function TextField({
  field,
  lock,
  ...inline
}: {
  field: 'givenName' | 'familyName' | 'industry' | 'website' | 'reference'
  value: string
  lock: ReactNode
  canEdit: boolean
  save: (value: string) => Promise<boolean>
}) {
  const t = useWords()
  return (
    <Field label={t(field)} lock={lock}>
      <InlineText label={t(field)} {...inline} />
    </Field>
  )
}

function ContactFields<K extends RecordKind>({
  record,
  edit,
  canEdit,
}: DetailsOf<K> & { kind: K }) {
  const t = useWords()
  const lock = <Lock teamId={record.teamId} />
  const save = (change: object) => edit(change as OfKind[K]['edit'])
  const country = record.addresses.find((one) => one.country)?.country ?? HOME
  return (
    <>
      <Field label={t('email')} lock={lock}>
        <Contacts
          kind="email"
          label={t('email')}
          country={country}
          values={record.emails}
          canEdit={canEdit}
          save={(emails) => save({ emails })}
        />
      </Field>
      <Field label={t('phone')} lock={lock}>
        <Contacts
          kind="tel"
          label={t('phone')}
          country={country}
          values={record.phones}
          canEdit={canEdit}
          save={(phones) => save({ phones })}
        />
      </Field>
      <Field label={t('address')} lock={lock}>
        <Addresses
          addresses={record.addresses}
          canEdit={canEdit}
          save={(addresses) => save({ addresses })}
        />
      </Field>
      <Field label={t('tags')} lock={lock}>
        <InlineTags tags={record.tags} canEdit={canEdit} save={(tags) => save({ tags })} />
      </Field>
    </>
  )
}

function LanguageField({
  record,
  canEdit,
  save,
}: {
  record: OfKind[RecordKind]['record']
  canEdit: boolean
  save: (language: string | null) => Promise<boolean>
}) {
  const t = useWords()
  return (
    <Field label={t('customerLanguage')} lock={<Lock teamId={record.teamId} />}>
      <InlineSelect
        label={t('customerLanguage')}
        value={record.language || null}
        canClear
        canEdit={canEdit}
        options={withKnown(languages, record.language).map((value) => ({
          value,
          label: languageName(value, t.language),
        }))}
        save={save}
      />
    </Field>
  )
}

/** What is offered, and what stands there already. */
function withKnown(offered: string[], value: string): string[] {
  return value && !offered.includes(value) ? [...offered, value] : offered
}

/** Owner, team and stage: not sealed, because the database itself decides by them who sees the record. */
function Placement<K extends RecordKind>({ record, edit, canEdit }: DetailsOf<K> & { kind: K }) {
  const t = useWords()
  const names = useNames()
  const save = (change: object) => edit(change as OfKind[K]['edit'])
  return (
    <div className="k-group">
      <h3>{t('placement')}</h3>
      <Field label={t('stage')}>
        <InlineSelect
          label={t('stage')}
          value={record.stage}
          canEdit={canEdit}
          options={stages.map((value) => ({ value, label: t(`stage.${value}`) }))}
          save={(stage) => save({ stage })}
        />
      </Field>
      <Field label={t('owner')}>
        <InlineSelect
          label={t('owner')}
          value={record.ownerId}
          canEdit={canEdit}
          options={names.colleagues.map((one) => ({ value: one.id, label: one.name }))}
          save={(ownerId) => save({ ownerId })}
        />
      </Field>
      <Field label={t('team')}>
        <InlineSelect
          label={t('team')}
          value={record.teamId}
          canEdit={canEdit}
          options={names.teams.map((one) => ({ value: one.id, label: one.name }))}
          save={(teamId) => save({ teamId })}
        />
      </Field>
      <p className="k-dim k-small" style={{ padding: '6px 8px 0', margin: 0 }}>
        {t('createdLine', { when: t.instant(record.createdAt) })}
        <br />
        {t('updatedLine', { when: t.instant(record.updatedAt) })}
      </p>
    </div>
  )
}
