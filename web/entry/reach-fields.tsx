import { IconPlus } from '@tabler/icons-react'
import type { Address } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { AddressFields, emptyAddress, isEmptyAddress } from './address-fields.tsx'
import { HOME } from './address-format.ts'
import { bodyOfRows, ContactRows, type Row } from './contact-rows.tsx'

/** How to reach a customer who is not there yet. */
export type TypedReach = { emails?: Row[]; phones?: Row[]; address?: Address }

export function ReachFields({
  typed,
  change,
}: {
  typed: TypedReach
  change: (next: TypedReach) => void
}) {
  const t = useWords()
  const country = typed.address?.country || HOME
  return (
    <>
      <ContactRows
        kind="email"
        label={t('email')}
        country={country}
        rows={typed.emails ?? []}
        change={(emails) => change({ emails })}
      />
      <ContactRows
        kind="tel"
        label={t('phone')}
        country={country}
        rows={typed.phones ?? []}
        change={(phones) => change({ phones })}
      />
      {typed.address ? (
        <fieldset className="k-plain-fieldset">
          <legend>{t('address')}</legend>
          <AddressFields value={typed.address} change={(address) => change({ address })} />
        </fieldset>
      ) : (
        <button
          type="button"
          className="k-add"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => change({ address: emptyAddress })}
        >
          <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> {t('addAddress')}
        </button>
      )}
    </>
  )
}

/** As the server takes it: without what stayed empty. */
export function bodyOfReach({ emails, phones, address }: TypedReach): object {
  const [mails, numbers] = [bodyOfRows(emails), bodyOfRows(phones)]
  return {
    ...(mails.length > 0 ? { emails: mails } : {}),
    ...(numbers.length > 0 ? { phones: numbers } : {}),
    ...(address && !isEmptyAddress(address) ? { addresses: [address] } : {}),
  }
}

const PHONE_DIGITS_MIN = 8

/** What of it may be somebody's whom we know: whole addresses and numbers only. */
export function askedOfReach({ emails, phones }: TypedReach): {
  emails: string[]
  phones: string[]
} {
  const values = (rows: Row[] | undefined) => bodyOfRows(rows).map(({ value }) => value)
  return {
    emails: values(emails).filter((one) => one.includes('@')),
    phones: values(phones).filter((one) => one.replace(/\D/g, '').length >= PHONE_DIGITS_MIN),
  }
}
