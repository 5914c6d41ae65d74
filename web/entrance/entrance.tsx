import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Language } from '../api/shapes.ts'
import { rememberedLanguage, rememberLanguage } from '../language/remembered.ts'
import { LanguageProvider, useWords } from '../language/words.tsx'

/** The screens before the door: a card in the middle, and the language to choose. */
export function Entrance({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  const [language, setLanguage] = useState<Language>(rememberedLanguage)
  return (
    <LanguageProvider language={language}>
      <div className="k-entrance">
        <div className="k-entrance-brand">
          <img src="/kluis.svg" alt="" width={30} height={30} />
          Kluis
        </div>
        <main className="k-entrance-card" {...(wide ? { 'data-wide': true } : {})}>
          {children}
        </main>
        <LanguageChoice
          language={language}
          choose={(next) => {
            rememberLanguage(next)
            setLanguage(next)
          }}
        />
      </div>
    </LanguageProvider>
  )
}

function LanguageChoice({
  language,
  choose,
}: {
  language: Language
  choose: (next: Language) => void
}) {
  const t = useWords()
  return (
    <SegmentedControl
      className="k-no-print"
      size="xs"
      aria-label={t('language')}
      value={language}
      onChange={(next) => choose(next as Language)}
      data={[
        { value: 'nl', label: 'Nederlands' },
        { value: 'en', label: 'English' },
      ]}
    />
  )
}

export function Steps({ count, done }: { count: number; done: number }) {
  const t = useWords()
  return (
    <ol
      className="k-steps k-no-print"
      aria-label={t('stepOf', { step: Math.min(done, count), count })}
    >
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps are all alike
        <li key={at} {...(at < done ? { 'data-done': true } : {})} />
      ))}
    </ol>
  )
}

export function Problem({ text }: { text: string | undefined }) {
  if (!text) return null
  return (
    <p role="alert" style={{ color: 'var(--mantine-color-error)', margin: '10px 0 0' }}>
      {text}
    </p>
  )
}
