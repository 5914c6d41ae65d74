import type { Language } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import type { HelpPage } from './pages.ts'

// Each text is a file of its own in the build, fetched when somebody reads it.
const texts = import.meta.glob<string>(['../../docs/gebruik/*.md', '../../docs/guide/*.md'], {
  query: '?raw',
  import: 'default',
})
const folders = { nl: 'gebruik', en: 'guide' } as const satisfies Record<Language, string>

export function readPage(language: Language, page: HelpPage): Promise<string> {
  return patient(texts[`../../docs/${folders[language]}/${page}.md`]!)()
}
