import { useWords } from '../language/words.tsx'
import { countryName } from './address-format.ts'
import { suggestEmail } from './email-typo.ts'
import { Hint } from './hint.tsx'
import { readPhone } from './phone-reading.ts'

/** What may be mistyped in an e-mail address, and the one click that puts it right. */
export function EmailHint({
  value,
  accept,
}: {
  value: string
  accept: ((next: string) => void) | undefined
}) {
  const t = useWords()
  const meant = suggestEmail(value)
  if (!meant) return null
  return (
    <Hint>
      {accept ? (
        <button
          type="button"
          className="k-hint-act"
          // Before the field loses the focus and is saved as it was typed.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => accept(meant)}
        >
          {t('didYouMean', { value: meant })}
        </button>
      ) : (
        t('didYouMean', { value: meant })
      )}
    </Hint>
  )
}

/** How a number reads while it is typed: its country and its groups, or why it can't be whole. */
export function PhoneHint({
  value,
  country,
  isTyping = false,
}: {
  value: string
  country: string
  isTyping?: boolean
}) {
  const t = useWords()
  const read = readPhone(value, country)
  if (!read) return null
  const where = countryName(read.country ?? country, t.language)
  if (read.problem) return <Hint>{t(`phone.${read.problem}`, { country: where })}</Hint>
  if (!isTyping) return null
  return (
    <p className="k-hint" data-calm>
      <span>
        {read.shown}
        {read.country && ` · ${where}`}
      </span>
    </p>
  )
}
