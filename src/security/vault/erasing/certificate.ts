import type { Certificate, ErasedKind, RetainedCount } from './contract.ts'

const DAY_MS = 86_400_000
const IMPORT_DAYS = 30

export const daysLater = (at: Date, days: number) =>
  new Date(at.getTime() + days * DAY_MS).toISOString().slice(0, 10)

/** What is left where, and until when; null: without an end, in a form that opens for nobody. */
export function remainsOf(
  kind: ErasedKind,
  erasedAt: Date,
  completeOn: string,
  retained: readonly RetainedCount[],
  jointLeft: number,
): Certificate['remains'] {
  const kept: Certificate['remains'] =
    retained.length > 0 ? [{ where: 'kept-by-law', until: lastOf(retained) }] : []
  if (kind === 'file')
    return [
      { where: 'keystore-backups', until: completeOn },
      { where: 'database-backups', until: null },
      { where: 'write-ahead-log', until: null },
      { where: 'exports', until: null },
      { where: 'ledger', until: null },
    ]
  return [
    { where: 'keystore-backups', until: completeOn },
    { where: 'database', until: null },
    { where: 'database-backups', until: null },
    { where: 'write-ahead-log', until: null },
    { where: 'import-files', until: daysLater(erasedAt, IMPORT_DAYS) },
    { where: 'exports', until: null },
    { where: 'ledger', until: null },
    ...(jointLeft > 0 ? [{ where: 'joint-dossiers' as const, until: null }] : []),
    ...kept,
  ]
}

function lastOf(retained: readonly RetainedCount[]): string | null {
  const days = retained.map(({ until }) => until)
  return days.includes(null) ? null : (days.sort().at(-1) ?? null)
}

const kinds: Record<ErasedKind, { nl: string; en: string }> = {
  person: { nl: 'een persoon', en: 'a person' },
  company: { nl: 'een bedrijf', en: 'a company' },
  joint_dossier: { nl: 'een gezamenlijk dossier', en: 'a joint dossier' },
  file: {
    nl: 'documenten waarvan de bewaartermijn voorbij is',
    en: 'documents whose retention period is over',
  },
}

type Words = {
  title: string
  lines(certificate: Certificate): string[]
  remains: Record<Certificate['remains'][number]['where'], string>
  until: (day: string) => string
}

const dutch: Words = {
  title: 'Verklaring van wissing',
  lines: (c) => [
    `Organisatie: ${c.organisationId}`,
    `Wissing: ${c.id}`,
    `Gewist: ${kinds[c.kind].nl}, in het logboek ${c.records.join(', ')}`,
    `Op: ${c.erasedAt}`,
    `Sleutels vernietigd: ${c.keySlots.join(', ')}`,
    ...(c.jointDossiers
      ? [
          `Gezamenlijke dossiers: ${c.jointDossiers.erased} mee gewist, ${c.jointDossiers.left} blijven bij de anderen`,
        ]
      : []),
    `Door: ${c.by ?? 'de beheerder van de machine'}`,
    `Reden: ${c.reason}`,
    `Volledig na de bewaartermijn van kopieën van de sleutels: ${c.completeOn}`,
    '',
    'Wat waar blijft:',
  ],
  remains: {
    'keystore-backups': 'kopieën van de sleutelkluis van vóór de wissing openen het dossier nog',
    database:
      'in de databank staan versleutelde bytes die met geen sleutel opengaan, en welke collega en ploeg het dossier had',
    'database-backups':
      'in kopieën van de databank staat hetzelfde, en waarmee het dossier exact werd gevonden, als codes onder een sleutel',
    'write-ahead-log':
      'in het schrijflogboek van PostgreSQL hetzelfde, tot dat is overschreven of verlopen',
    'import-files': 'het bestand van een import die nog terug te draaien is',
    exports: 'bestanden die eerder zijn geëxporteerd zijn buiten Kluis; in het logboek staat wie',
    ledger: 'dat het dossier er was, wanneer en door wie het is gewijzigd, onder een schuilnaam',
    'joint-dossiers':
      'in gezamenlijke dossiers blijft wat anderen er samen mee hadden, onder de sleutel van dat dossier; wat daarin alleen over deze persoon gaat, moet iemand nalezen',
    'kept-by-law':
      'documenten die een wet laat bewaren, elk onder een eigen sleutel en buiten het dossier',
  },
  until: (day) => `tot ${day}`,
}

const english: Words = {
  title: 'Certificate of erasure',
  lines: (c) => [
    `Organisation: ${c.organisationId}`,
    `Erasure: ${c.id}`,
    `Erased: ${kinds[c.kind].en}, in the ledger ${c.records.join(', ')}`,
    `At: ${c.erasedAt}`,
    `Keys destroyed: ${c.keySlots.join(', ')}`,
    ...(c.jointDossiers
      ? [
          `Joint dossiers: ${c.jointDossiers.erased} erased as well, ${c.jointDossiers.left} stay with the others`,
        ]
      : []),
    `By: ${c.by ?? 'the operator of the machine'}`,
    `Reason: ${c.reason}`,
    `Complete after the grace period of copies of the keys: ${c.completeOn}`,
    '',
    'What remains where:',
  ],
  remains: {
    'keystore-backups': 'copies of the keystore from before the erasure still open the record',
    database:
      'the database holds ciphertext that no key opens, and which colleague and team had the record',
    'database-backups':
      'copies of the database hold the same, and by what the record was found exactly, as codes under a key',
    'write-ahead-log':
      'the write-ahead log of PostgreSQL holds the same, until it is overwritten or expires',
    'import-files': 'the file of an import that can still be taken back',
    exports: 'files that were exported earlier are outside Kluis; the ledger says by whom',
    ledger: 'that the record was there, when and by whom it was changed, under a pseudonym',
    'joint-dossiers':
      'joint dossiers hold what others shared with this person, under the key of that dossier; somebody must read which of it is about this person alone',
    'kept-by-law':
      'documents that a law has kept, each under a key of its own and outside the dossier',
  },
  until: (day) => `until ${day}`,
}

type Left = Pick<Certificate, 'remains' | 'retained'>
function remainLines({ remains, until }: Words, left: Left): string[] {
  const line = (what: string, day: string | null) => (day ? `${what}, ${until(day)}` : what)
  return [
    ...left.remains.map(({ where, until: day }) => line(remains[where], day)),
    ...(left.retained ?? []).map(({ rule, count, until: day }) => line(`${rule}: ${count}`, day)),
  ]
}

/** In the words of the certificate, for whoever is about to erase. */
export const remainsText = (left: Left) => ({
  nl: remainLines(dutch, left),
  en: remainLines(english, left),
})

export function certificateText(certificate: Certificate): string {
  const written = [dutch, english].map((words) =>
    [
      words.title,
      '',
      ...words.lines(certificate),
      ...remainLines(words, certificate).map((line) => `- ${line}`),
    ].join('\n'),
  )
  return `${written.join('\n\n---\n\n')}\n`
}
