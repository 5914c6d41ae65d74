import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  Radio,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconLock, IconShieldLock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type {
  FieldDefinition,
  FieldKind,
  FieldSpread,
  Language,
  RecordKind,
  Roles,
} from '../api/shapes.ts'
import { recordKindOf, wordIn } from '../fields/custom-fields.ts'
import { KindIcon } from '../fields/kind-icon.tsx'
import { sentBy } from '../parts/sent-by.ts'
import '../language/late-fields.ts'
import { useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { refusalText, tell } from '../parts/tell.tsx'
import { useForgetFields } from './custom-fields.tsx'
import {
  asChange,
  asNew,
  type DraftProblems,
  draftOf,
  type FieldDraft,
  hasOptions,
  isBilingual,
  otherLanguage,
  problemsFrom,
  problemsIn,
  searchesOf,
} from './field-draft.ts'
import { FieldOptions } from './field-options.tsx'
import { FieldPreview } from './field-preview.tsx'

const kinds: FieldKind[] = [
  'text',
  'long-text',
  'number',
  'money',
  'date',
  'yes-no',
  'choice',
  'choices',
  'link',
  'person',
  'company',
]
const currencies = 'EUR USD GBP CHF SEK NOK DKK PLN CZK HUF RON BGN MAD TRY CAD AUD JPY CNY'.split(
  ' ',
)

type PartOf = {
  draft: FieldDraft
  change: (next: Partial<FieldDraft>) => void
  /** There when it is changed; then part of it stays as it was made. */
  field: FieldDefinition | undefined
}

/** Makes or changes a field; says what can't change later before it is made, and shows what becomes of it. */
export function FieldForm({
  kind,
  field,
  close,
}: {
  kind: RecordKind
  field: FieldDefinition | undefined
  close: () => void
}) {
  const t = useWords()
  const isPhone = useIsPhone()
  const forget = useForgetFields()
  const [draft, setDraft] = useState(() => draftOf(field))
  const [isBoth, setBoth] = useState(() => isBilingual(draft, t.language))
  const [problems, setProblems] = useState<DraftProblems>({})
  const [refusal, setRefusal] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const change = (next: Partial<FieldDraft>) => {
    setDraft({ ...draft, ...next })
    setProblems({})
  }
  const save = async () => {
    const wrong = problemsIn(draft)
    setProblems(wrong)
    if (Object.keys(wrong).length > 0) return
    setBusy(true)
    setRefusal(undefined)
    try {
      if (field) await ask('PATCH', `/api/fields/${field.id}`, { body: asChange(draft, field) })
      else await ask('POST', '/api/fields', { body: asNew(draft, recordKindOf[kind]) })
      await forget()
      tell(field ? t('saved') : t('fieldMade', { field: wordIn(draft.label, t.language) }))
      close()
    } catch (error) {
      const atBoxes = problemsFrom(error)
      setProblems(atBoxes)
      if (Object.keys(atBoxes).length === 0) setRefusal(refusalText(t, error))
      setBusy(false)
    }
  }
  const part = { draft, change, field }
  return (
    <Modal
      opened
      onClose={close}
      title={
        field
          ? t('fieldEditNamed', { field: wordIn(field.label, t.language) })
          : t('fieldNewOf', { list: t(kind).toLowerCase() })
      }
      size={940}
      fullScreen={isPhone}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate className="k-field-form" onSubmit={sentBy(() => void save())}>
        <Stack gap="lg">
          <Kind {...part} />
          <Named {...part} isBoth={isBoth} setBoth={setBoth} wrong={problems.label} />
          {hasOptions(draft.kind) && (
            <FieldOptions
              options={draft.options}
              isBoth={isBoth}
              wrong={problems.options}
              change={(options) => change({ options })}
            />
          )}
          {draft.kind === 'money' && (
            <Select
              label={t('fieldCurrency')}
              description={t(field ? 'fixedNow' : 'fixedLater')}
              disabled={field !== undefined}
              searchable
              allowDeselect={false}
              data={
                currencies.includes(draft.currency) ? currencies : [draft.currency, ...currencies]
              }
              value={draft.currency}
              onChange={(currency) => currency && change({ currency })}
              maw={260}
            />
          )}
          <Who {...part} />
          <Said {...part} isBoth={isBoth} />
          <Use {...part} />
        </Stack>
        <aside className="k-field-side">
          <FieldPreview draft={draft} kind={kind} />
        </aside>
        <footer>
          {refusal && (
            <Alert color="red" variant="light" role="alert" mb="sm" p="xs">
              {refusal}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {field ? t('save') : t('fieldMake')}
            </Button>
          </Group>
        </footer>
      </form>
    </Modal>
  )
}

function Kind({ draft, change, field }: PartOf) {
  const t = useWords()
  if (field)
    return (
      <div>
        <span className="k-form-label">{t('fieldKind')}</span>
        <p className="k-kind-fixed">
          <KindIcon kind={field.kind} /> <strong>{t(`kind.${field.kind}`)}</strong>
          <span className="k-dim k-small">{t('fixedNow')}</span>
        </p>
      </div>
    )
  return (
    <Radio.Group
      label={t('fieldKind')}
      description={`${t(`kind.${draft.kind}.text`)} ${t('fixedLater')}`}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={draft.kind}
      onChange={(kind) => change({ kind: kind as FieldKind })}
    >
      <div className="k-kinds">
        {kinds.map((kind) => (
          <Radio.Card key={kind} value={kind} className="k-kind" type="button">
            <KindIcon kind={kind} />
            {t(`kind.${kind}`)}
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  )
}

/** One's own language first; the other beside it where one wants both. */
function useLanguages(isBoth: boolean) {
  const { language: own } = useWords()
  return {
    own,
    languages: isBoth ? [own, otherLanguage(own)] : [own],
    inLanguage: (word: string, language: Language) =>
      isBoth ? `${word} (${language.toUpperCase()})` : word,
  }
}

function Named({
  draft,
  change,
  isBoth,
  setBoth,
  wrong,
}: PartOf & {
  isBoth: boolean
  setBoth: (isBoth: boolean) => void
  wrong: DraftProblems['label']
}) {
  const t = useWords()
  const { own, languages, inLanguage } = useLanguages(isBoth)
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: languages.length }} spacing="sm">
        {languages.map((language) => (
          <TextInput
            key={language}
            label={inLanguage(t('fieldName'), language)}
            maxLength={80}
            autoComplete="off"
            required={language === own}
            {...(language === own ? { 'data-autofocus': true } : {})}
            error={wrong && language === own ? t(`fieldName.${wrong}`) : undefined}
            value={draft.label[language]}
            onChange={(event) =>
              change({ label: { ...draft.label, [language]: event.currentTarget.value } })
            }
          />
        ))}
      </SimpleGrid>
      <Switch
        size="xs"
        label={t('fieldBilingual')}
        checked={isBoth}
        onChange={(event) => setBoth(event.currentTarget.checked)}
      />
    </Stack>
  )
}

/** What is said of the field to whoever fills it in, and to whoever asks why it is kept. */
function Said({ draft, change, isBoth }: PartOf & { isBoth: boolean }) {
  const t = useWords()
  const { own, languages, inLanguage } = useLanguages(isBoth)
  return (
    <Stack gap="sm">
      {(['help', 'purpose'] as const).map((what) => (
        <SimpleGrid key={what} cols={{ base: 1, xs: languages.length }} spacing="sm">
          {languages.map((language) => (
            <Textarea
              key={language}
              label={inLanguage(t(what === 'help' ? 'fieldHelp' : 'fieldPurpose'), language)}
              description={
                language === own
                  ? t(what === 'help' ? 'fieldHelpHint' : 'fieldPurposeHint')
                  : undefined
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              autosize
              minRows={1}
              maxLength={300}
              value={draft[what][language]}
              onChange={(event) =>
                change({ [what]: { ...draft[what], [language]: event.currentTarget.value } })
              }
            />
          ))}
        </SimpleGrid>
      ))}
    </Stack>
  )
}

function Who({ draft, change, field }: PartOf) {
  const t = useWords()
  const roleName = useRoleName()
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => ask<Roles>('GET', '/api/roles') })
  const isConfidential = draft.sensitivity === 'confidential'
  const sign = (of: FieldDraft['sensitivity']) =>
    of === 'confidential' ? (
      <IconShieldLock size={17} stroke={1.7} className="k-confidential" aria-hidden />
    ) : (
      <IconLock size={17} stroke={1.7} className="k-dim" aria-hidden />
    )
  return (
    <div>
      <Radio.Group
        label={t('fieldWho')}
        description={t(field ? 'fixedNow' : 'fixedLater')}
        value={draft.sensitivity}
        onChange={(value) => change({ sensitivity: value as FieldDraft['sensitivity'] })}
      >
        <div className="k-sensitivities">
          {(['contact', 'confidential'] as const)
            .filter((of) => !field || field.sensitivity === of)
            .map((of) => (
              <Radio.Card
                key={of}
                value={of}
                className="k-sensitivity"
                type="button"
                disabled={field !== undefined}
              >
                {sign(of)}
                <span>
                  <strong>{t(`sensitivity.${of}`)}</strong>
                  <span className="k-dim k-small">{t(`sensitivity.${of}.text`)}</span>
                </span>
              </Radio.Card>
            ))}
        </div>
      </Radio.Group>
      {isConfidential && roles.data && (
        <Checkbox.Group
          mt="sm"
          label={t('fieldRoles')}
          description={t('fieldRolesHint')}
          value={draft.roles}
          onChange={(chosen) => change({ roles: chosen })}
        >
          <div className="k-role-choices">
            {roles.data.items.map((role) => (
              <Checkbox key={role.id} size="xs" value={role.id} label={roleName(role.id)} />
            ))}
          </div>
        </Checkbox.Group>
      )}
    </div>
  )
}

function Use({ draft, change, field }: PartOf) {
  const t = useWords()
  const searches = searchesOf(draft, field)
  return (
    <Stack gap="sm">
      {(searches.length > 1 || draft.search === 'exact') && (
        <Select
          label={t('fieldSearch')}
          description={
            draft.search === 'exact'
              ? `${t('fieldSearchExactHint')} ${t('fieldSearchExactLater')}`
              : undefined
          }
          disabled={searches.length === 1}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          allowDeselect={false}
          data={searches.map((value) => ({ value, label: t(`search.${value}`) }))}
          value={searches.includes(draft.search) ? draft.search : 'none'}
          onChange={(search) => change({ search: search as FieldDraft['search'] })}
        />
      )}
      {field && searches.includes('exact') && <Spread field={field} />}
      <Checkbox
        label={t('fieldRequired')}
        description={t('fieldRequiredHint')}
        checked={draft.isRequired}
        onChange={(event) => change({ isRequired: event.currentTarget.checked })}
      />
    </Stack>
  )
}

/** How often values of this field are the same, which decides whether they may have fingerprints. */
function Spread({ field }: { field: FieldDefinition }) {
  const t = useWords()
  const { data } = useQuery({
    queryKey: ['fields', 'spread'],
    queryFn: () => ask<{ items: FieldSpread[] }>('GET', '/api/fields/spread'),
  })
  const spread = data?.items.find(({ id }) => id === field.id)
  if (!spread || spread.records === 0) return null
  const { records, different, most, isSkewed } = spread
  const figures = {
    records: t.number(records),
    different: t.number(different),
    most: t.number(most),
  }
  return (
    <Alert color={isSkewed ? 'orange' : 'gray'} p="xs">
      {t('fieldSpread', figures)}{' '}
      {isSkewed && t(field.search === 'exact' ? 'fieldSpreadTake' : 'fieldSpreadSkewed')}
    </Alert>
  )
}
