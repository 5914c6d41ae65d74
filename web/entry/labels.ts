/** What a phone number, an e-mail address or an address is for: a word of ours, or one's own. */
import type { Speak } from '../language/words.tsx'

/** Kept as these words whatever the language of the screen, so that colleagues read each other's. */
export const knownLabels = {
  email: ['werk', 'thuis', 'factuur', 'algemeen'],
  tel: ['werk', 'gsm', 'thuis', 'algemeen', 'fax'],
  address: ['werk', 'thuis', 'factuur', 'levering'],
} as const
export type LabelledKind = keyof typeof knownLabels

const all = [...new Set(Object.values(knownLabels).flat())]

export function labelShown(label: string, t: Speak): string {
  return t.known(`label.${label}`) ?? label
}

/** The word that is kept for what was typed or chosen: "mobiel" and "Mobile" are both `gsm`. */
export function labelKept(typed: string, t: Speak, speakers: Speak[] = [t]): string {
  const text = typed.trim()
  const lower = text.toLowerCase()
  return (
    all.find(
      (one) =>
        one === lower ||
        speakers.some((speak) => speak.known(`label.${one}`)?.toLowerCase() === lower),
    ) ?? text
  )
}

export function labelOptions(kind: LabelledKind, t: Speak): string[] {
  return knownLabels[kind].map((one) => labelShown(one, t))
}
