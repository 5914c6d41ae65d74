import type { Reach } from '../api/shapes.ts'
import type { Speak } from '../language/words.tsx'

/** "Personen zien (team)": what a permission is called, with its reach where it has one. */
export function rightText(t: Speak, permission: string, reach?: Reach): string {
  const [object, action] = permission.split(':')
  const known = t.known(`may.${permission}`)
  if (known) return known
  const said = `${t.known(`object.${object}`) ?? object} ${t.known(`action.${action}`) ?? action}`
  return reach ? `${said} (${t(`reach.${reach}`)})` : said
}
