import type { ActionPreview, Reach } from '../api/shapes.ts'
import type { Names } from '../frame/session.ts'
import type { Speak, Word } from '../language/words.tsx'
import { rightText } from '../rights/right-text.ts'
import '../language/late-access.ts'
import '../language/late-budgets.ts'
import '../language/late-rights.ts'

export type Namers = Names & { role(id: string): string }
const limits = ['hourSoft', 'hourHard', 'daySoft', 'dayHard'] as const

const eraseWords: Record<string, Word> = {
  company: 'preview.erase-company',
  joint_dossier: 'preview.erase-joint',
}

/** What will be done, all of it, in a sentence: counts as numbers, ids as names. */
export function previewText(t: Speak, names: Namers, { what, facts }: ActionPreview): string {
  const fact = (name: string): string => {
    const value = facts[name]
    if (typeof value === 'number') return t.number(value)
    if (Array.isArray(value)) return value.join(', ')
    return value ?? ''
  }
  const many = (name: string): string[] => {
    const value = facts[name]
    return Array.isArray(value) ? value : []
  }
  const role = () => names.role(fact('roleId'))
  switch (what) {
    case 'change-colleague': {
      const changes = [
        facts.roleId && t('preview.role', { role: role() }),
        facts.status && t(facts.status === 'disabled' ? 'preview.disable' : 'preview.enable'),
        facts.teamIds && t('preview.teams', { teams: many('teamIds').map(names.team).join(', ') }),
      ]
      const who = names.user(fact('userId'))
      return t('preview.change-colleague', { who, changes: changes.filter(Boolean).join('; ') })
    }
    case 'invite':
      return t('preview.invite', {
        name: fact('name'),
        email: fact('email'),
        role: role(),
        team: names.team(fact('teamId')),
      })
    case 'field-roles': {
      const roles = many('roleIds').map(names.role).join(', ')
      return t('preview.field-roles', {
        field: fact('field'),
        roles: roles || t('preview.nobody'),
      })
    }
    case 'reset-factor':
      return t('preview.reset-factor', { who: names.user(fact('userId')), why: fact('why') })
    case 'role': {
      const grants = many('grants').map((one) => {
        const [permission, scope] = one.split(' ')
        return rightText(t, permission!, scope as Reach)
      })
      return [
        facts.name && t('preview.rename-role', { role: role(), name: fact('name') }),
        t('preview.role-grants', { role: role(), grants: grants.join(', ') }),
      ]
        .filter(Boolean)
        .join('. ')
    }
    case 'erase':
      return [
        t(eraseWords[fact('kind')] ?? 'preview.erase-person', { why: fact('why') }),
        facts.companies &&
          t.count('preview.erase-own-one', 'preview.erase-own-many', Number(facts.companies)),
        t.count('preview.erase-key', 'preview.erase-keys', Number(facts.count)),
      ]
        .filter(Boolean)
        .join('; ')
    case 'provider':
    case 'add-provider':
      return `${t(`preview.${what}`, { name: fact('name') })}: ${providerText(t, names, facts)}`
    case 'switch-provider':
      return t(facts.isOn === 'true' ? 'preview.provider-on' : 'preview.provider-off', {
        name: fact('name'),
      })
    case 'directory-token':
      return t('preview.directory-token', { name: fact('name'), days: fact('days') })
    case 'remove-provider':
      return t('preview.remove-provider', { name: fact('name') })
    case 'add-role':
      return facts.roleId
        ? t('preview.copy-role', { name: fact('name'), role: role() })
        : t('preview.add-role', { name: fact('name') })
    case 'remove-role':
      return t('preview.remove-role', { role: role() })
    case 'budget': {
      const set = limits
        .filter((one) => one in facts)
        .map((one) => `${t(one).toLowerCase()} ${fact(one)}`)
      const freezes =
        facts.freezesOnCanary &&
        `${t('freezesOnCanary')}: ${t(facts.freezesOnCanary === 'true' ? 'yes' : 'no')}`
      const all = [...set, ...(freezes ? [freezes] : [])].join('; ')
      const kind = t.known(`budget.${fact('kind')}`) ?? fact('kind')
      return t('preview.budget', { role: role(), kind, limits: all })
    }
    case 'sign-in-rules':
      return t('preview.sign-in-rules', {
        role: role(),
        asks: t.known(`asks.${fact('asks')}`) ?? fact('asks'),
        idle: fact('idleMinutes'),
        longest: fact('absoluteMinutes'),
        recoveredBy: t.known(`recoveredBy.${fact('recoveredBy')}`) ?? fact('recoveredBy'),
      })
    case 'move-team': {
      const team = names.team(fact('teamId'))
      return facts.parentId
        ? t('preview.move-team', { team, above: names.team(fact('parentId')) })
        : t('preview.top-team', { team })
    }
    case 'leaving':
      return t('preview.leaving', {
        who: names.user(fact('userId')),
        receivers: many('receivers').map(names.user).join(', '),
      })
    case 'erase-files': {
      const isWrongly = fact('isWronglyKept') === 'true'
      return t(isWrongly ? 'preview.erase-files-wrongly' : 'preview.erase-files', {
        count: fact('count'),
        why: fact('why'),
      })
    }
    case 'lift-freeze':
      return t('preview.lift-freeze', { who: names.user(fact('userId')) })
    case 'retire-canary':
      return t('preview.retire-canary')
    case 'revert-import':
      return t('preview.revert-import', {
        count: fact('count'),
        companies: fact('companies'),
        restored: fact('restored'),
      })
    case 'safeguards': {
      const named = many('operations').map((one) => t.known(`four.${one}`) ?? one)
      return t('preview.safeguards', {
        what: named.length > 0 ? named.join(', ') : t('preview.nothing'),
        minutes: fact('minutes'),
      })
    }
    default:
      return t(`preview.${what}`, {
        count: fact('count'),
        companies: fact('companies'),
        format: fact('format').toUpperCase(),
      })
  }
}

/** What a provider of sign-in may say: of whom, as what, and what then counts as proven. */
function providerText(t: Speak, names: Namers, facts: ActionPreview['facts']): string {
  const many = (name: string) => [facts[name] ?? []].flat().map(String)
  const has = (flag: string) => many('flags').includes(flag)
  const [elseRole, elseTeam] = many('everyoneElse')
  const exempt = many('exemptUserIds').map(names.user).join(', ')
  const factors = many('secondFactor')
  return [
    `${facts.issuer} (${facts.clientId})`,
    many('domains').join(', '),
    ...many('groups').map((line) => {
      const [roleId, teamId, ...group] = line.split(' ')
      const place = { role: names.role(roleId!), team: names.team(teamId) }
      return t('preview.way-group', {
        ...place,
        group: group.join(' '),
        claim: String(facts.groupsClaim),
      })
    }),
    elseRole
      ? t('preview.way-else', { role: names.role(elseRole), team: names.team(elseTeam) })
      : t('preview.way-nobody'),
    factors.length > 0
      ? t('preview.way-factor', { values: factors.join(', ') })
      : t('preview.way-own-factor'),
    has('makesColleagues') && t('preview.way-makes'),
    has('isRequired') && t('preview.way-required', { exempt: exempt || t('preview.nobody') }),
    has('signsOutThere') && t('preview.way-sign-out'),
    facts.isSecretNew && t('preview.way-secret'),
  ]
    .filter(Boolean)
    .join(' · ')
}
