import type { Language } from '../api/shapes.ts'

const KEY = 'kluis.language'

/** The language chosen on this device, else the account's own, else Dutch. */
export function rememberedLanguage(ofAccount: Language = 'nl'): Language {
  const chosen = remembered(KEY)
  return chosen === 'en' || chosen === 'nl' ? chosen : ofAccount
}

export function rememberLanguage(language: Language): void {
  remember(KEY, language)
}

/** Storage can be closed or full; a preference is then simply not kept. Never customer values in here. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Nothing to do: the preference lasts as long as this page.
  }
}
