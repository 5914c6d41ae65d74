/** What a phone number, an e-mail address or an address is for: a word of ours, or one's own. */

/** Kept as these words whatever the language of the screen, so that colleagues read each other's. */
const knownLabels = {
  email: ['werk', 'thuis', 'factuur', 'algemeen'],
  tel: ['werk', 'gsm', 'thuis', 'algemeen', 'fax'],
  address: ['werk', 'thuis', 'factuur', 'levering'],
} as const
export type LabelledKind = keyof typeof knownLabels

const all = [...new Set(Object.values(knownLabels).flat())]
type Words = { known(word: string): string | undefined }

export function labelShown(label: string, t: Words): string {
  return t.known(`label.${label}`) ?? label
}

/** The word that is kept for what was typed or chosen: "mobiel" is `gsm`, as "mobile" is to who reads English. */
export function labelKept(typed: string, t: Words): string {
  const text = typed.trim()
  const lower = text.toLowerCase()
  return (
    all.find((one) => one === lower || t.known(`label.${one}`)?.toLowerCase() === lower) ?? text
  )
}

export function labelOptions(kind: LabelledKind, t: Words): string[] {
  return knownLabels[kind].map((one) => labelShown(one, t))
}
