import type { Combined } from '#security/vault/root-key/shares.ts'

/** For the command line; the screens have their own words. */
export function shareRefusal(refused: Exclude<Combined, { kind: 'key' }>): string {
  switch (refused.kind) {
    case 'wrong-groups':
      return `share ${refused.which}: a typing mistake in group ${refused.groups.join(' and ')}`
    case 'wrong-length':
      return `share ${refused.which}: it has ${refused.letters} letters instead of ${refused.wanted}`
    case 'wrong-checksum':
      return `share ${refused.which}: a typing mistake, in more than one letter of a group`
    case 'unknown-format':
      return `share ${refused.which}: it was made by a newer release`
    case 'other-installation':
      return `share ${refused.which}: it is of installation ${refused.installation}, and this is ${refused.wanted}`
    case 'same-share':
      return `both are share ${refused.number}: another one of the three is needed`
    case 'other-set':
      return `the shares were made on two occasions (${refused.days.join(' and ')}) and do not go together: two of one set are needed`
  }
}
