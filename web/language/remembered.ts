import type { Language } from '../api/shapes.ts'

const KEY = 'kluis.language'

/** The language before anyone signed in: the one used here last, else Dutch. */
export function rememberedLanguage(): Language {
  return remembered(KEY) === 'en' ? 'en' : 'nl'
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
