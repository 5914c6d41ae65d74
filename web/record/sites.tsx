import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Address, Company, CompanyEdit } from '../api/shapes.ts'
import { AddressFields, emptyAddress, isEmptyAddress } from '../entry/address-fields.tsx'
import { addressLine, addressLines } from '../entry/address-format.ts'
import { useWords } from '../language/words.tsx'
import { writeNumber } from '../parts/company-number.ts'
import { groupDigits } from '../parts/phone-number.ts'
import { TieForm } from './tie-form.tsx'
import '../language/late.ts'

type Props = {
  record: Company
  edit: (change: CompanyEdit) => Promise<boolean>
  canEdit: boolean
}
// As many as the server takes.
const SITES_MAX = 10
type Own = { label: string; siteNumber: string; phone: string }
const ownOf = ({ label = '', siteNumber = '', phone = '' }: Address): Own => ({
  label,
  siteNumber,
  phone,
})

/** The places of a company: each address with its name, its establishment number and its phone. The first is the seat. */
export function Sites({ record, edit, canEdit }: Props) {
  const t = useWords()
  const { addresses } = record
  const nameOf = (site: Address) => site.label || site.city || addressLine(site)
  const put = (at: number, site: Address) =>
    edit({ addresses: addresses.map((one, index) => (index === at ? site : one)) })
  const makeSeat = (at: number) =>
    edit({ addresses: [addresses[at]!, ...addresses.filter((_, index) => index !== at)] })
  const remove = (at: number) => edit({ addresses: addresses.filter((_, index) => index !== at) })
  if (addresses.length === 0 && !canEdit) return null
  return (
    <div className="k-group">
      <h3>{t('sites')}</h3>
      {addresses.map((site, at) => (
        <div className="k-tie" data-plain key={`${addressLine(site)} ${site.label ?? ''}`}>
          <div>
            {nameOf(site)} {at === 0 && <span className="k-tag">{t('seat')}</span>}
            <div className="k-dim k-small">
              {[
                // With the country in words, as on an envelope.
                nameOf(site) === addressLine(site) ? '' : addressLines(site, t.language).join(', '),
                site.siteNumber && writeNumber(site.siteNumber),
                site.phone && groupDigits(site.phone),
              ]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </div>
          <span className="k-tie-actions">
            {canEdit && (
              <EditSite
                site={site}
                name={nameOf(site)}
                save={(own) => put(at, siteWith(site, own))}
                remove={() => void remove(at)}
                {...(at > 0 ? { makeSeat: () => void makeSeat(at) } : {})}
              />
            )}
          </span>
        </div>
      ))}
      {canEdit && addresses.length < SITES_MAX && (
        <AddSite
          country={addresses[0]?.country}
          save={(site) => edit({ addresses: [...addresses, site] })}
        />
      )}
    </div>
  )
}

function AddSite({
  country,
  save,
}: {
  country: string | undefined
  save: (site: Address) => Promise<boolean>
}) {
  const t = useWords()
  const nothing = country ? { ...emptyAddress, country } : emptyAddress
  const [place, setPlace] = useState<Address>(nothing)
  const [typed, setTyped] = useState(ownOf(nothing))
  return (
    <TieForm
      label={t('addSite')}
      isNew
      isReady={!isEmptyAddress(place)}
      begin={() => {
        setPlace(nothing)
        setTyped(ownOf(nothing))
      }}
      save={() => save(siteWith(place, typed))}
    >
      <AddressFields value={place} change={setPlace} hasLabel={false} isFocused />
      <OwnFields typed={typed} change={setTyped} />
    </TieForm>
  )
}

/** What was emptied goes; the address itself stays as it is. */
function siteWith({ label: _, siteNumber: __, phone: ___, ...place }: Address, own: Own): Address {
  const typed = Object.entries(own).filter(([, value]) => value.trim() !== '')
  return { ...place, ...Object.fromEntries(typed) }
}

function EditSite({
  site,
  name,
  save,
  remove,
  makeSeat,
}: {
  site: Address
  name: string
  save: (own: Own) => Promise<boolean>
  remove: () => void
  makeSeat?: () => void
}) {
  const t = useWords()
  const [typed, setTyped] = useState(ownOf(site))
  return (
    <TieForm
      label={t('siteEdit', { name })}
      isNew={false}
      begin={() => setTyped(ownOf(site))}
      save={() => save(typed)}
      remove={{ label: t('remove'), act: remove }}
      {...(makeSeat ? { also: { label: t('makeSeat'), act: makeSeat } } : {})}
    >
      <OwnFields typed={typed} change={setTyped} />
    </TieForm>
  )
}

function OwnFields({ typed, change }: { typed: Own; change: (next: Own) => void }) {
  const t = useWords()
  const fields = [
    ['label', t('siteName'), 40],
    ['siteNumber', t('siteNumber'), 40],
    ['phone', t('phone'), 60],
  ] as const
  return (
    <>
      {fields.map(([field, label, max]) => (
        <TextInput
          key={field}
          mt="xs"
          size="xs"
          label={label}
          maxLength={max}
          type={field === 'phone' ? 'tel' : 'text'}
          value={typed[field]}
          onChange={(event) => change({ ...typed, [field]: event.currentTarget.value })}
        />
      ))}
    </>
  )
}
