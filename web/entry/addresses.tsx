import { Button, CopyButton, Group, Popover, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconMapPin, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Address } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { AddressFields, emptyAddress, isEmptyAddress } from './address-fields.tsx'
import { addressLine, addressLines, mapAddress } from './address-format.ts'
import { IconButton } from './icon-button.tsx'
import { LabelMark } from './label-mark.tsx'

type Save = (next: Address[]) => Promise<boolean>

/** The addresses of a record, each as it stands on an envelope; the first one counts most. */
export function Addresses({
  addresses,
  save,
  canEdit,
}: {
  addresses: Address[]
  save: Save
  canEdit: boolean
}) {
  return (
    <div className="k-many">
      {addresses.map((address, at) => {
        const others = addresses.filter((_, index) => index !== at)
        return (
          <OneAddress
            // biome-ignore lint/suspicious/noArrayIndexKey: two addresses may be alike
            key={`${at} ${addressLine(address)}`}
            address={address}
            canEdit={canEdit}
            save={(next) => save(addresses.map((one, index) => (index === at ? next : one)))}
            remove={() => save(others)}
            {...(at > 0 ? { makeFirst: () => save([address, ...others]) } : {})}
          />
        )
      })}
      {canEdit && (
        <AddAddress
          isOneMore={addresses.length > 0}
          country={addresses[0]?.country}
          save={(next) => save([...addresses, next])}
        />
      )}
    </div>
  )
}

function OneAddress({
  address,
  canEdit,
  save,
  remove,
  makeFirst,
}: {
  address: Address
  canEdit: boolean
  save: (next: Address) => Promise<boolean>
  remove: () => Promise<boolean>
  makeFirst?: () => Promise<boolean>
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const lines = addressLines(address, t.language)
  const line = addressLine(address)
  const block = lines.map((one) => <div key={one}>{one}</div>)
  return (
    <div className="k-value-line k-address">
      <AddressPopover
        isOpen={isOpen}
        setOpen={setOpen}
        address={address}
        save={save}
        remove={remove}
        {...(makeFirst ? { makeFirst } : {})}
      >
        <button
          type="button"
          className="k-value"
          disabled={!canEdit}
          aria-label={`${t('address')}: ${line}`}
          onClick={() => setOpen(!isOpen)}
        >
          <span>
            {block}
            <LabelMark label={address.label} />
          </span>
        </button>
      </AddressPopover>
      <span className="k-value-actions">
        <Tooltip label={t('showOnMap')}>
          <a
            className="k-on-hover"
            href={mapAddress(address, t.language)}
            target="_blank"
            rel="noreferrer noopener"
            aria-label={`${t('showOnMap')}: ${line}`}
          >
            <IconMapPin size={14} stroke={1.7} aria-hidden />
          </a>
        </Tooltip>
        <CopyButton value={lines.join('\n')} timeout={1500}>
          {({ copied, copy }) => (
            <IconButton
              label={copied ? t('copied') : t('copyAddress')}
              ariaLabel={`${t('copyAddress')}: ${line}`}
              act={copy}
            >
              {copied ? <IconCheck size={13} /> : <IconCopy size={13} stroke={1.7} />}
            </IconButton>
          )}
        </CopyButton>
        {canEdit && (
          <IconButton
            label={t('edit')}
            ariaLabel={t('editValue', { value: line })}
            act={() => setOpen(true)}
          >
            <IconPencil size={13} stroke={1.7} />
          </IconButton>
        )}
      </span>
    </div>
  )
}

function AddAddress({
  isOneMore,
  country,
  save,
}: {
  isOneMore: boolean
  country: string | undefined
  save: (next: Address) => Promise<boolean>
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <AddressPopover
      isOpen={isOpen}
      setOpen={setOpen}
      address={country ? { ...emptyAddress, country } : emptyAddress}
      save={save}
    >
      <button
        type="button"
        className="k-add"
        {...(isOneMore && !isOpen ? { 'data-more': true } : {})}
        aria-label={`${t('add')}: ${t('address')}`}
        onClick={() => setOpen(!isOpen)}
      >
        <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> <span>{t('add')}</span>
      </button>
    </AddressPopover>
  )
}

/** The form of one address under what opens it. Closing it without saving lets everything be. */
function AddressPopover({
  isOpen,
  setOpen,
  address,
  save,
  remove,
  makeFirst,
  children,
}: {
  isOpen: boolean
  setOpen: (isOpen: boolean) => void
  address: Address
  save: (next: Address) => Promise<boolean>
  remove?: () => Promise<boolean>
  makeFirst?: () => Promise<boolean>
  children: React.ReactElement
}) {
  const t = useWords()
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      shadow="md"
      width={330}
      position="bottom-start"
      trapFocus
      returnFocus
    >
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown aria-label={t('address')}>
        {isOpen && (
          <AddressForm
            address={address}
            save={save}
            close={() => setOpen(false)}
            {...(remove ? { remove } : {})}
            {...(makeFirst ? { makeFirst } : {})}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function AddressForm({
  address,
  save,
  remove,
  makeFirst,
  close,
}: {
  address: Address
  save: (next: Address) => Promise<boolean>
  remove?: () => Promise<boolean>
  makeFirst?: () => Promise<boolean>
  close: () => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState(address)
  const [isSaving, setSaving] = useState(false)
  const finish = (act: () => Promise<boolean>) => {
    setSaving(true)
    void act().then((isSaved) => {
      setSaving(false)
      if (isSaved) close()
    })
  }
  return (
    <form
      noValidate
      onSubmit={sentBy(() => {
        if (!isEmptyAddress(typed)) finish(() => save(typed))
      })}
    >
      <AddressFields value={typed} change={setTyped} isFocused />
      <Group mt="sm" gap="xs">
        <Button type="submit" size="compact-sm" loading={isSaving} disabled={isEmptyAddress(typed)}>
          {t('save')}
        </Button>
        {remove && (
          <Button size="compact-sm" variant="default" onClick={() => finish(remove)}>
            {t('remove')}
          </Button>
        )}
        {makeFirst && (
          <Button size="compact-sm" variant="default" onClick={() => finish(makeFirst)}>
            {t('makeFirst')}
          </Button>
        )}
      </Group>
    </form>
  )
}
