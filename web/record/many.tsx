import { ActionIcon, Button, Group, Popover, TagsInput, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Address, Labelled } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { groupDigits } from '../parts/phone-number.ts'
import { Copy, InlineText } from './inline.tsx'

/** Several e-mail addresses or phone numbers: each its own line, the first one counts most. */
export function InlineMany({
  label,
  values,
  type,
  save,
  canEdit,
}: {
  label: string
  values: Labelled[]
  type: 'email' | 'tel'
  save: (next: Labelled[]) => Promise<boolean>
  canEdit: boolean
}) {
  const t = useWords()
  const [isAdding, setAdding] = useState(false)
  const changed = (at: number, value: string) =>
    value === ''
      ? values.filter((_, index) => index !== at)
      : values.map((one, index) => (index === at ? { ...one, value } : one))
  return (
    <div className="k-many">
      {values.map((one, at) => (
        <InlineText
          key={one.value}
          label={values.length > 1 ? `${label} ${at + 1}` : label}
          value={one.value}
          {...(type === 'tel' ? { shown: groupDigits(one.value) } : {})}
          type={type}
          canEdit={canEdit}
          link={`${type === 'email' ? 'mailto' : 'tel'}:${one.value}`}
          save={(value) => save(changed(at, value))}
        />
      ))}
      {isAdding ? (
        <TextInput
          autoFocus
          size="xs"
          type={type}
          aria-label={label}
          onBlur={(event) => {
            const value = event.currentTarget.value.trim()
            if (value === '') setAdding(false)
            else void save([...values, { value }]).then((isSaved) => isSaved && setAdding(false))
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur()
            if (event.key !== 'Escape') return
            event.stopPropagation()
            event.currentTarget.value = ''
            setAdding(false)
          }}
        />
      ) : (
        canEdit && (
          <button
            type="button"
            className="k-add"
            {...(values.length > 0 ? { 'data-more': true } : {})}
            onClick={() => setAdding(true)}
            aria-label={`${t('add')}: ${label}`}
          >
            <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> <span>{t('add')}</span>
          </button>
        )
      )}
    </div>
  )
}

const addressFields = ['street', 'postalCode', 'city', 'country'] as const

export function addressLine(address: Address): string {
  const place = [address.postalCode, address.city].filter(Boolean).join(' ')
  return [address.street, place, address.country].filter(Boolean).join(', ')
}

export function InlineAddresses({
  addresses,
  save,
  canEdit,
}: {
  addresses: Address[]
  save: (next: Address[]) => Promise<boolean>
  canEdit: boolean
}) {
  const t = useWords()
  return (
    <div className="k-many">
      {addresses.map((address, at) => (
        <AddressForm
          key={addressLine(address)}
          address={address}
          canEdit={canEdit}
          save={(next) => save(addresses.map((one, index) => (index === at ? next : one)))}
          remove={() => save(addresses.filter((_, index) => index !== at))}
        />
      ))}
      {canEdit && (
        <AddressForm
          address={undefined}
          canEdit
          save={(next) => save([...addresses, next])}
          label={t('add')}
          isOneMore={addresses.length > 0}
        />
      )}
    </div>
  )
}

function AddressForm({
  address,
  label,
  canEdit,
  isOneMore = false,
  save,
  remove,
}: {
  address: Address | undefined
  label?: string
  isOneMore?: boolean
  canEdit: boolean
  save: (next: Address) => Promise<boolean>
  remove?: () => Promise<boolean>
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState<Address>(
    address ?? { street: '', postalCode: '', city: '', country: '' },
  )
  const finish = async () => {
    if (await save({ ...typed, country: typed.country.toUpperCase() })) setOpen(false)
  }
  return (
    <div className={address ? 'k-value-line' : undefined}>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        shadow="md"
        width={280}
        position="bottom-start"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={address ? 'k-value' : 'k-add'}
            {...(isOneMore && !isOpen ? { 'data-more': true } : {})}
            disabled={!canEdit}
            aria-label={
              address ? `${t('address')}: ${addressLine(address)}` : `${t('add')}: ${t('address')}`
            }
            onClick={() => setOpen(!isOpen)}
          >
            {address ? (
              addressLine(address)
            ) : (
              <>
                <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden />{' '}
                <span>{label}</span>
              </>
            )}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              void finish()
            }}
          >
            {addressFields.map((field) => (
              <TextInput
                key={field}
                size="xs"
                mb={6}
                label={t(field)}
                description={field === 'country' ? t('countryHint') : undefined}
                maxLength={field === 'country' ? 2 : 200}
                value={typed[field]}
                onChange={(event) => setTyped({ ...typed, [field]: event.currentTarget.value })}
              />
            ))}
            <Group mt="sm" gap="xs">
              <Button type="submit" size="compact-sm">
                {t('save')}
              </Button>
              {remove && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => void remove().then(() => setOpen(false))}
                >
                  {t('remove')}
                </Button>
              )}
            </Group>
          </form>
        </Popover.Dropdown>
      </Popover>
      {address && (
        <span className="k-value-actions">
          <Copy value={addressLine(address)} />
        </span>
      )}
    </div>
  )
}

export function InlineTags({
  tags,
  save,
  canEdit,
}: {
  tags: string[]
  save: (next: string[]) => Promise<boolean>
  canEdit: boolean
}) {
  const t = useWords()
  const [typed, setTyped] = useState<string[]>()
  if (typed)
    return (
      <TagsInput
        autoFocus
        size="xs"
        aria-label={t('tags')}
        value={typed}
        onChange={setTyped}
        maxTags={50}
        onBlur={() => {
          if (typed.join('\n') === tags.join('\n')) setTyped(undefined)
          else void save(typed).then((isSaved) => isSaved && setTyped(undefined))
        }}
      />
    )
  return (
    <div
      className="k-many"
      style={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 4,
        minHeight: 28,
        paddingLeft: tags.length > 0 ? 6 : 0,
      }}
    >
      {tags.map((tag) => (
        <span key={tag} className="k-tag">
          {tag}
          {canEdit && (
            <ActionIcon
              size={16}
              aria-label={t('removeValue', { value: tag })}
              onClick={() => void save(tags.filter((one) => one !== tag))}
              style={{ verticalAlign: -3 }}
            >
              <IconX size={11} />
            </ActionIcon>
          )}
        </span>
      ))}
      {canEdit && (
        <button
          type="button"
          className="k-add"
          {...(tags.length > 0 ? { 'data-more': true } : {})}
          onClick={() => setTyped(tags)}
          aria-label={`${t('add')}: ${t('tag')}`}
        >
          <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> <span>{t('add')}</span>
        </button>
      )}
    </div>
  )
}
