import { Autocomplete, Group, Select, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Address } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import {
  countryName,
  countryOfPostalCode,
  countryOptions,
  HOME,
  isCityFirst,
  isPostalCode,
  tidyPostalCode,
} from './address-format.ts'
import { Hint } from './hint.tsx'
import { LabelField } from './label-field.tsx'
import { foldPlace, isAmong, onlyPlace, placeOption } from './place-names.ts'
import { usePlaces } from './use-places.ts'

export const emptyAddress: Address = { street: '', postalCode: '', city: '', country: HOME }

/** Nothing but a country that nobody chose. */
export function isEmptyAddress({ street, postalCode, city }: Address): boolean {
  return [street, postalCode, city].every((one) => one.trim() === '')
}

/**
 * Street, postcode, city and country, in the country's order. A postcode gives its places and a name its postcodes;
 * what does not fit is a hint and nothing more.
 */
export function AddressFields({
  value,
  change,
  hasLabel = true,
  isFocused = false,
}: {
  value: Address
  change: (next: Address) => void
  hasLabel?: boolean
  isFocused?: boolean
}) {
  const t = useWords()
  const { street, postalCode, city, country } = value
  const [isCountryChosen, setCountryChosen] = useState(value !== emptyAddress && country !== HOME)
  // The city we filled in ourselves makes way for that of another postcode; what was typed does not.
  const [ours, setOurs] = useState<string>()
  const { places: byCode, isSure } = usePlaces(country, postalCode)
  const { places: byName } = usePlaces(country, city)
  const exact = (isSure ? byCode : []).filter(
    (place) => place.postalCode === codeOf(postalCode, country),
  )
  const only = onlyPlace(exact, t.language)
  const filled =
    only && only.name !== city && (city === '' || city === ours) && ours !== only.name
      ? only.name
      : undefined
  useEffect(() => {
    if (filled === undefined) return
    setOurs(filled)
    change({ ...value, city: filled })
  })
  const chosen = (option: string, places: typeof byCode) =>
    places.find((place) => placeOption(place) === option)
  const typeCode = (typed: string) => {
    const place = chosen(typed, byCode)
    if (place) {
      setOurs(place.name)
      return change({ ...value, postalCode: keptCode(place.postalCode), city: place.name })
    }
    const other = isCountryChosen ? undefined : countryOfPostalCode(typed)
    change({ ...value, postalCode: typed, ...(other ? { country: other } : {}) })
  }
  // The digits that the table knows are not all of a Dutch code: its letters stay.
  const keptCode = (found: string) =>
    postalCode.startsWith(found) ? tidyPostalCode(postalCode, country) : found
  const typeCity = (typed: string) => {
    const place = chosen(typed, byName)
    if (!place) return change({ ...value, city: typed })
    change({ ...value, postalCode: keptCode(place.postalCode), city: place.name })
  }
  const isWrongCode = isPostalCode(postalCode, country) === false
  const isElsewhere = exact.length > 0 && city.trim() !== '' && !isAmong(city, exact)
  const codeField = (
    <Autocomplete
      key="code"
      size="xs"
      w={104}
      label={t('postalCode')}
      maxLength={20}
      autoComplete="off"
      value={postalCode}
      onChange={typeCode}
      onBlur={() => {
        const tidy = tidyPostalCode(postalCode, country)
        if (tidy !== postalCode) change({ ...value, postalCode: tidy })
      }}
      data={only && isAmong(city, exact) ? [] : [...new Set(byCode.map(placeOption))]}
      filter={({ options }) => options}
      comboboxProps={{ withinPortal: false, width: 240, position: 'bottom-start' }}
    />
  )
  const cityField = (
    <Autocomplete
      key="city"
      size="xs"
      style={{ flex: 1 }}
      label={t('city')}
      maxLength={100}
      autoComplete="off"
      value={city}
      onChange={typeCity}
      data={
        isAmong(city, exact)
          ? exact.filter(({ name }) => foldPlace(name) !== foldPlace(city)).map(placeOption)
          : [...new Set((city.trim() === '' ? exact : byName).map(placeOption))]
      }
      filter={({ options }) => options}
      comboboxProps={{ withinPortal: false, width: 240, position: 'bottom-end' }}
    />
  )
  return (
    <>
      <TextInput
        size="xs"
        mb={6}
        label={t('street')}
        maxLength={200}
        autoComplete="off"
        {...(isFocused ? { 'data-autofocus': true } : {})}
        value={street}
        onChange={(event) => change({ ...value, street: event.currentTarget.value })}
      />
      <Group gap={6} wrap="nowrap" align="flex-start">
        {isCityFirst(country) ? [cityField, codeField] : [codeField, cityField]}
      </Group>
      {isWrongCode && (
        <Hint>{t('postalCodeUnlike', { country: countryName(country, t.language) })}</Hint>
      )}
      {isElsewhere && (
        <Hint>
          {t('placeUnlike', {
            postalCode: exact[0]!.postalCode,
            places: [...new Set(exact.map(({ name }) => name))].slice(0, 4).join(', '),
          })}{' '}
          {only && (
            <button
              type="button"
              className="k-hint-act"
              onClick={() => change({ ...value, city: only.name })}
            >
              {t('takeOver', { value: only.name })}
            </button>
          )}
        </Hint>
      )}
      <Group gap={6} mt={6} wrap="nowrap" align="flex-start">
        <Select
          size="xs"
          style={{ flex: 1 }}
          label={t('country')}
          placeholder={t('countrySearch')}
          searchable
          clearable={country !== ''}
          data={withOwn(country, countryOptions(t.language))}
          value={country || null}
          onChange={(next) => {
            setCountryChosen(true)
            change({
              ...value,
              country: next ?? '',
              postalCode: tidyPostalCode(postalCode, next ?? ''),
            })
          }}
          comboboxProps={{ withinPortal: false }}
        />
        {hasLabel && (
          <span style={{ flex: 1, minWidth: 0 }}>
            <LabelField
              kind="address"
              value={value.label ?? ''}
              change={(label) => change({ ...value, label })}
            />
          </span>
        )}
      </Group>
    </>
  )
}

/** The part of a postcode that says where: in the Netherlands the digits. */
function codeOf(postalCode: string, country: string): string {
  return country === 'NL' ? postalCode.trim().slice(0, 4) : postalCode.trim()
}

/** What an import kept as it was written is offered too, so that it isn't lost by opening the form. */
function withOwn(country: string, options: { value: string; label: string }[]) {
  return country === '' || options.some(({ value }) => value === country)
    ? options
    : [{ value: country, label: country }, ...options]
}
