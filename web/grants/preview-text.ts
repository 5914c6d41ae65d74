import type { ActionPreview } from '../api/shapes.ts'
import type { Names } from '../frame/session.ts'
import type { Speak } from '../language/words.tsx'

/** What will be done, in a sentence: counts as numbers, ids as names. */
export function previewText(t: Speak, names: Names, { what, facts }: ActionPreview): string {
  const fact = (name: string): string => {
    const value = facts[name]
    if (typeof value === 'number') return t.number(value)
    if (Array.isArray(value)) return value.join(', ')
    return value ?? ''
  }
  const role = () => t.known(`role.${fact('roleId')}`) ?? fact('roleId')
  switch (what) {
    case 'change-colleague': {
      const changes = [
        facts.roleId && t('preview.role', { role: t.known(`role.${fact('roleId')}`) ?? '' }),
        facts.status && t(facts.status === 'disabled' ? 'preview.disable' : 'preview.enable'),
        Array.isArray(facts.teamIds) &&
          t('preview.teams', { teams: facts.teamIds.map((id) => names.team(id)).join(', ') }),
      ]
      const who = names.user(fact('userId'))
      return t('preview.change-colleague', { who, changes: changes.filter(Boolean).join('; ') })
    }
    case 'invite': {
      const role = t.known(`role.${fact('roleId')}`) ?? ''
      return t('preview.invite', { name: fact('name'), email: fact('email'), role })
    }
    case 'field-roles': {
      const held = Array.isArray(facts.roleIds) ? facts.roleIds : []
      const roles = held.map((id) => t.known(`role.${id}`) ?? id).join(', ')
      return t('preview.field-roles', {
        field: fact('field'),
        roles: roles || t('preview.nobody'),
      })
    }
    case 'reset-factor':
      return t('preview.reset-factor', { who: names.user(fact('userId')), why: fact('why') })
    case 'role': {
      const held = Array.isArray(facts.grants) ? facts.grants : []
      return t('preview.role-grants', {
        role: t.known(`role.${fact('roleId')}`) ?? fact('roleId'),
        grants: held.map((one) => t.known(`may.${one}`) ?? one).join(', '),
      })
    }
    case 'erase':
      return t('preview.erase', {
        count: fact('count'),
        companies: fact('companies'),
        why: fact('why'),
      })
    case 'provider':
      return t('preview.provider', { name: fact('name') })
    case 'add-provider':
      return t('preview.add-provider', { name: fact('name') })
    case 'remove-provider':
      return t('preview.remove-provider', { name: fact('name') })
    case 'add-role':
      return facts.roleId
        ? t('preview.copy-role', { name: fact('name'), role: role() })
        : t('preview.add-role', { name: fact('name') })
    case 'remove-role':
      return t('preview.remove-role', { role: role() })
    case 'budget':
      return t('preview.budget', { role: role() })
    case 'sign-in-rules':
      return t('preview.sign-in-rules', {
        role: role(),
        asks: t.known(`asks.${fact('asks')}`) ?? fact('asks'),
      })
    case 'move-team': {
      const team = names.team(fact('teamId'))
      return facts.parentId
        ? t('preview.move-team', { team, above: names.team(fact('parentId')) })
        : t('preview.top-team', { team })
    }
    case 'leaving': {
      const receivers = Array.isArray(facts.receivers) ? facts.receivers : []
      return t('preview.leaving', {
        who: names.user(fact('userId')),
        receivers: receivers.map((id) => names.user(id)).join(', '),
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
      const chosen = Array.isArray(facts.operations) ? facts.operations : []
      const named = chosen.map((one) => t.known(`four.${one}`) ?? one)
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
