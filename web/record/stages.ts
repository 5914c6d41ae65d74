import type { Stage } from '../api/shapes.ts'

export const stages: Stage[] = ['lead', 'prospect', 'customer', 'former']

export function languageName(code: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([inLanguage], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}
