/** A mistyped provider in an e-mail address. A guess: shown, and taken over only when somebody clicks. */

// Where many in Belgium and the Netherlands have their mail, under a name that hardly anything real looks like.
const PROVIDERS = [
  'gmail.com',
  'hotmail.com',
  'hotmail.be',
  'hotmail.nl',
  'hotmail.fr',
  'outlook.com',
  'outlook.be',
  'icloud.com',
  'yahoo.com',
  'telenet.be',
  'skynet.be',
  'proximus.be',
  'scarlet.be',
  'belgacom.net',
  'ziggo.nl',
  'kpnmail.nl',
  'upcmail.nl',
  'hetnet.nl',
  'xs4all.nl',
  'wanadoo.fr',
  'laposte.net',
  'protonmail.com',
]

// Real, and only a letter or two from one of those.
const ALSO_REAL = new Set([
  'mail.com',
  'email.com',
  'ymail.com',
  'gmx.com',
  'fastmail.com',
  'hotmail.de',
  'hotmail.it',
  'hotmail.es',
  'outlook.nl',
  'outlook.fr',
  'outlook.de',
  'outlook.es',
  'outlook.it',
  'yahoo.fr',
  'yahoo.nl',
  'yahoo.de',
  'yahoo.ca',
  'kpnmail.com',
])

const SHORT = 9

/** What may have been meant: jan@gmial.com → jan@gmail.com. Undefined when nothing looks mistyped. */
export function suggestEmail(typed: string): string | undefined {
  const found = /^([^\s@]+)@([^\s@]+)$/.exec(typed.trim())
  if (!found) return undefined
  const [, name, host] = found
  const domain = host!.toLowerCase().replaceAll(',', '.').replace(/\.+$/, '')
  if (ALSO_REAL.has(domain)) return undefined
  // Google gives nobody an address in another domain.
  const [nearest] = domain.startsWith('gmail.')
    ? [{ provider: 'gmail.com' }]
    : PROVIDERS.map((provider) => ({ provider, steps: stepsBetween(domain, provider) }))
        .filter(({ provider, steps }) => steps <= (provider.length < SHORT ? 1 : 2))
        .sort((a, b) => a.steps - b.steps)
  const meant = nearest && `${name}@${nearest.provider}`
  return meant === typed.trim().toLowerCase() ? undefined : meant
}

/** How many letters were left out, added, replaced or swapped with their neighbour. */
function stepsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 9
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i])
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const steps = [
        rows[i - 1]![j]! + 1,
        rows[i]![j - 1]! + 1,
        rows[i - 1]![j - 1]! + (isSame ? 0 : 1),
      ]
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        steps.push(rows[i - 2]![j - 2]! + 1)
      rows[i]![j] = Math.min(...steps)
    }
  return rows[a.length]![b.length]!
}
