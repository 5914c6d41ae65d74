import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useMay } from '../frame/session.ts'
import { useWords, type Word } from '../language/words.tsx'
import { Colleagues } from './colleagues.tsx'
import { OrganisationSettings } from './organisation.tsx'
import { Preferences } from './preferences.tsx'
import { Security } from './security.tsx'

/** Mine first; what concerns everybody only for those who may change it. */
export function Settings() {
  const t = useWords()
  const may = useMay()
  const tabs: [string, Word, ReactNode][] = [
    ['preferences', 'preferences', <Preferences key="preferences" />],
    ['security', 'security', <Security key="security" />],
    ['colleagues', 'colleagues', <Colleagues key="colleagues" />],
    ...(may('organisation:manage')
      ? [
          ['organisation', 'organisation', <OrganisationSettings key="organisation" />] as [
            string,
            Word,
            ReactNode,
          ],
        ]
      : []),
  ]
  return (
    <>
      <header className="k-topline">
        <h1>{t('settings')}</h1>
      </header>
      <main className="k-page">
        <Tabs defaultValue="preferences" keepMounted={false} className="k-narrow">
          <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
            {tabs.map(([value, word]) => (
              <Tabs.Tab key={value} value={value} style={{ flex: 'none' }}>
                {t(word)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(([value, , body]) => (
            <Tabs.Panel key={value} value={value} pt="lg">
              {body}
            </Tabs.Panel>
          ))}
        </Tabs>
      </main>
    </>
  )
}

export function Section({
  title,
  text,
  children,
}: {
  title: string
  text?: string
  children: ReactNode
}) {
  return (
    <section style={{ marginBottom: 32 }}>
      <h2 style={{ margin: '0 0 4px', fontSize: 14 }}>{title}</h2>
      {text && (
        <p className="k-dim" style={{ margin: '0 0 12px', maxWidth: '64ch' }}>
          {text}
        </p>
      )}
      {children}
    </section>
  )
}
