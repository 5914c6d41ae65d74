/** Words of other programs and languages that mean one of ours. */
export type Stage = 'lead' | 'prospect' | 'customer' | 'former'

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim()
}

function table<Meaning extends string>(meanings: Record<Meaning, string>): Map<string, Meaning> {
  return new Map(
    Object.entries<string>(meanings).flatMap(([meaning, words]) =>
      words.split('|').map((word) => [word, meaning as Meaning] as const),
    ),
  )
}

const salutations = table({
  mr: 'mr|mister|dhr|de heer|heer|meneer|m|monsieur|mons|herr|hr|sir',
  ms: 'ms|mrs|miss|mevr|mevrouw|mw|mej|mejuffrouw|mme|madame|mlle|mademoiselle|frau|fr|fraulein|vrouw',
  mx: 'mx|beste|x',
  dr: 'dr|doctor|dokter|docteur|doktor',
  prof: 'prof|professor|prof dr|professeur',
  family:
    'fam|familie|family|famille|dhr en mevr|dhr mevr|de heer en mevrouw|mr mrs|mr and mrs|m et mme|herr und frau',
})

/** A word without a language for what Dutch, French, English and German write differently; otherwise as typed. */
export function readSalutation(text: string): string {
  return salutations.get(fold(text)) ?? text.trim().slice(0, 40)
}

const stages = table<Stage>({
  lead: 'lead|subscriber|marketing qualified lead|open not contacted|working contacted|assigned|in process|in progress|new lead|new|nieuw|contacted|gecontacteerd|on hold|re engagement|closed lost|lost|verloren|disqualified|piste|neu',
  prospect:
    'prospect|sales qualified lead|converted|qualified|gekwalificeerd|proposal sent|offerte|offerte verstuurd|negotiation|onderhandeling|opportunity|kans|interessent',
  customer: 'customer|evangelist|client|klant|actief|active|closed won|won|gewonnen|kunde',
  former:
    'former|former customer|ex klant|oud klant|voormalig|inactive|inactief|churned|ancien client|ehemalig',
})

/** Somebody lost or disqualified was never a customer: they stay a lead, with the other program's word as a label. */
export function readStage(text: string): Stage | undefined {
  return stages.get(fold(text))
}

// As our own screens write them: such a word says nothing that the stage does not.
const ownStageWords = new Set(['lead', 'prospect', 'customer', 'klant', 'former', 'oud klant'])

export function isOwnStageWord(text: string): boolean {
  return ownStageWords.has(fold(text))
}

const answers = table({
  yes: 'ja|j|yes|y|true|waar|oui|o|vrai|si|x|v|opt in|optin|ingeschreven|subscribed|inscrit|aan|on',
  no: 'nee|neen|n|no|false|onwaar|non|faux|nein|opt out|optout|uitgeschreven|unsubscribed|desinscrit|uit|off',
})

// As other programs mark a company, or a task that is finished.
const yesWords = new Set(
  'true waar yes y ja j oui o x v company bedrijf onderneming societe entreprise firma unternehmen organisation organisatie done completed complete closed gedaan klaar afgewerkt voltooid termine erledigt'.split(
    ' ',
  ),
)

export function isYes(text: string): boolean {
  return text.trim() === '1' || yesWords.has(fold(text))
}

/** Plain: the answer is all it says. "opt-in 12/05/2024" is a yes that says more. */
export function readNewsletter(text: string): { answer?: 'yes' | 'no'; isPlain: boolean } {
  const plain = text.trim() === '1' ? 'yes' : text.trim() === '0' ? 'no' : answers.get(fold(text))
  if (plain) return { answer: plain, isPlain: !/\d{2}/.test(text) }
  const words = fold(text)
  const longer = /^opt out|^uitgeschreven|^unsubscribed/.test(words)
    ? 'no'
    : /^opt in|^ingeschreven|^subscribed|^inscrit/.test(words)
      ? 'yes'
      : undefined
  return { ...(longer && { answer: longer }), isPlain: false }
}

let languages: Map<string, string> | undefined
// The languages of Europe's customers; a name of another one stays unread.
const LANGUAGES =
  'nl fr en de es it pt pl ro bg tr ar ru uk el cs sk hu sv da fi no et lv lt hr sr sl zh ja lb'

/** Two letters of a language named in Dutch, French, English or German; otherwise as typed. */
export function readLanguage(text: string): string {
  if (!text) return ''
  if (!languages) {
    languages = new Map([
      ['n', 'nl'],
      ['f', 'fr'],
      ['e', 'en'],
      ['d', 'de'],
      ['vlaams', 'nl'],
      ['flemish', 'nl'],
    ])
    for (const code of LANGUAGES.split(' ')) {
      languages.set(code, code)
      for (const inLanguage of ['nl', 'fr', 'en', 'de']) {
        const name = new Intl.DisplayNames([inLanguage], { type: 'language' }).of(code)
        if (name) languages.set(fold(name), code)
      }
    }
  }
  const words = fold(text)
  return languages.get(words) ?? languages.get(words.split(' ')[0]!) ?? text.trim().slice(0, 10)
}
