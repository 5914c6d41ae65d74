import { NativeSelect, Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import { type SettingsTab, settingsTabs } from '../frame/settings-tabs.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import '../language/late-rights.ts'
import { Colleagues } from './colleagues.tsx'
import { CustomFieldSettings } from './custom-fields.tsx'
import { OrganisationSettings } from './organisation.tsx'
import { Preferences } from './preferences.tsx'
import { Programs } from './programs.tsx'
import { Security } from './security.tsx'
import { SignInRules } from './sign-in-rules.tsx'

const RoleSettings = lazy(
  patient(() => import('../rights/roles.tsx').then((part) => ({ default: part.RoleSettings }))),
)
const Reviews = lazy(
  patient(() => import('../rights/reviews.tsx').then((part) => ({ default: part.Reviews }))),
)
const Budgets = lazy(
  patient(() => import('./budgets/budgets.tsx').then((part) => ({ default: part.Budgets }))),
)
const WhatAThiefSees = lazy(patient(() => import('./leakage.tsx')))
const SingleSignOn = lazy(patient(() => import('./single-sign-on.tsx')))
const Recovery = lazy(patient(() => import('./recovery.tsx')))
const Keys = lazy(patient(() => import('./keys/keys.tsx')))
const Erasures = lazy(patient(() => import('./erasures/erasures.tsx')))

const bodies: Record<SettingsTab, ComponentType> = {
  preferences: Preferences,
  security: Security,
  budgets: Budgets,
  colleagues: Colleagues,
  roles: RoleSettings,
  reviews: Reviews,
  organisation: OrganisationSettings,
  signInRules: SignInRules,
  programs: Programs,
  customFields: CustomFieldSettings,
  singleSignOn: SingleSignOn,
  leakage: WhatAThiefSees,
  recovery: Recovery,
  keys: Keys,
  erasures: Erasures,
}

export function Settings() {
  const t = useWords()
  const may = useMay()
  const navigate = useNavigate()
  const tabs = settingsTabs(may)
  const asked = useSearch({ from: '/frame/settings' }).tab
  const shown = tabs.some(([tab]) => tab === asked) ? asked! : 'preferences'
  const isPhone = useIsPhone()
  // In the address, so that reloading and going back lead to the same tab.
  const show = (tab: string | null) =>
    void navigate({ to: '/settings', search: { tab: tab as SettingsTab }, replace: true })
  return (
    <>
      <header className="k-topline">
        <h1>{t('settings')}</h1>
      </header>
      <main className="k-page">
        <Tabs value={shown} onChange={show} variant="pills" keepMounted={false}>
          {isPhone ? (
            <NativeSelect
              aria-label={t('settings')}
              value={shown}
              onChange={(event) => show(event.currentTarget.value)}
              data={tabs.map(([value, word]) => ({ value, label: t(word) }))}
            />
          ) : (
            <Tabs.List>
              {tabs.map(([value, word]) => (
                <Tabs.Tab key={value} value={value}>
                  {t(word)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          )}
          {tabs.map(([value]) => {
            const Body = bodies[value]
            return (
              <Tabs.Panel
                key={value}
                value={value}
                pt="lg"
                className={value === 'roles' ? undefined : 'k-narrow'}
              >
                <Suspense fallback={<Lines />}>
                  <Body />
                </Suspense>
              </Tabs.Panel>
            )
          })}
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
