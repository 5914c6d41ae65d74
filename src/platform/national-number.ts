/** A Belgian national number or Dutch BSN in free text, by its check digits. Source: RRN modulo 97; BSN "elfproef". */
export function findNationalNumber(text: string): 'rijksregister' | 'bsn' | undefined {
  for (const [match] of text.matchAll(
    /(?<!\d)\d{2}[. ]?\d{2}[. ]?\d{2}[- .]?\d{3}[. -]?\d{2}(?!\d)/g,
  )) {
    if (isBelgian(match.replace(/\D/g, ''))) return 'rijksregister'
  }
  // Nine digits are common (phones, order numbers): the word beside it, or dots as people write it, decides.
  for (const match of text.matchAll(/(?<![\d+])\d{4}[. ]?\d{2}[. ]?\d{3}(?!\d)/g)) {
    const near = text.slice(Math.max(0, match.index - 30), match.index).toLowerCase()
    if (
      isBsn(match[0].replace(/\D/g, '')) &&
      (/bsn|burgerservice|sofi/.test(near) || /^\d{4}\.\d{2}\.\d{3}$/.test(match[0]))
    )
      return 'bsn'
  }
  return undefined
}

function isBelgian(digits: string): boolean {
  const [base, check] = [digits.slice(0, 9), Number(digits.slice(9))]
  const month = Number(digits.slice(2, 4)) % 20
  if (month > 12) return false
  // People born from 2000 on: a 2 is put before the nine digits.
  return 97 - (Number(base) % 97) === check || 97 - (Number(`2${base}`) % 97) === check
}

function isBsn(digits: string): boolean {
  const sum = [...digits].reduce(
    (total, digit, i) => total + Number(digit) * (i === 8 ? -1 : 9 - i),
    0,
  )
  return digits.length === 9 && sum % 11 === 0 && Number(digits) > 0
}
