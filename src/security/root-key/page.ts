import { SHARES_NEEDED } from '#security/vault/root-key/shares.ts'
import type { ShareSet } from './contract.ts'

/** The shares for a printer, one page each where it knows a form feed. */
export function sharesPage({ installation, set, day, shares }: ShareSet): string[] {
  return shares.flatMap(({ number, text }, index) => [
    index === 0 ? '' : '\f',
    `Kluis · recovery share ${number} of ${shares.length} · herstelaandeel ${number} van ${shares.length}`,
    `installation ${installation} · set ${set} · ${day}`,
    '',
    ...text.split(' ').reduce<string[]>((rows, group, i) => {
      if (i % 6 === 0) rows.push('')
      rows[rows.length - 1] += `${rows.at(-1) ? '  ' : '    '}${group}`
      return rows
    }, []),
    '',
    `Any ${SHARES_NEEDED} of the ${shares.length} open the root key; one alone opens nothing. Keep each in another safe.`,
    'When the root key is lost: npx kluis vault recover',
    '',
  ])
}
