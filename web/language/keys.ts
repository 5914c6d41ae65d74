/** Of the keys of customers: how they are kept, and replacing them. */
export const keyWords = {
  keysText: {
    nl: 'Elke persoon en elk bedrijf heeft een eigen sleutel, buiten de databank. Hier zie je hoe ze bewaard worden, en vervang je ze terwijl iedereen gewoon doorwerkt.',
    en: 'Each person and each company has a key of its own, outside the database. Here you see how they are kept, and replace them while everybody works on.',
  },
  keystore: { nl: 'Sleutelkluis', en: 'Keystore' },
  keystoreThere: {
    nl: 'Aanwezig. Segmenten van 4096 sleutels: {count}. Dossiers worden verzegeld in versie {version}.',
    en: 'There. Segments of 4,096 keys: {count}. Records are sealed in version {version}.',
  },
  keystoreAway: {
    nl: 'Niet bereikbaar. Zolang dat zo is, gaat geen enkel dossier open.',
    en: 'Away. While it is, no record opens.',
  },
  mirrorYes: {
    nl: 'Er is een tweede kopie, en die is bij.',
    en: 'There is a second copy, and it is up to date.',
  },
  mirrorNo: {
    nl: 'Er is geen tweede kopie, of ze is niet bij. Start Kluis met --keystore-mirror op een andere schijf.',
    en: 'There is no second copy, or it is behind. Start Kluis with --keystore-mirror on another disk.',
  },
  rotations: { nl: 'Sleutels vervangen', en: 'Replace keys' },
  rotationsText: {
    nl: 'Doe dit als een kopie van de sleutels in verkeerde handen kan zijn, als iemand met toegang tot de machine vertrekt, of elk jaar. Stopt de machine, dan gaat het bij de volgende start verder.',
    en: 'Do this when a copy of the keys may be in wrong hands, when somebody with access to the machine leaves, or every year. When the machine stops, it goes on at the next start.',
  },
  'rotation.records': {
    nl: 'Sleutels van personen en bedrijven',
    en: 'Keys of people and companies',
  },
  'rotation.search': {
    nl: 'Sleutel om exact terug te vinden',
    en: 'Key for finding by exact values',
  },
  'rotation.segments': { nl: 'Sleutels van de segmenten', en: 'Keys of the segments' },
  'rotation.organisation': { nl: 'Sleutel van de organisatie', en: 'Key of the organisation' },
  'rotation.algorithm': { nl: 'Manier van verzegelen', en: 'Way of sealing' },
  'rotation.root': { nl: 'Hoofdsleutel', en: 'Root key' },
  'rotationText.records': {
    nl: 'Elk dossier krijgt een nieuwe sleutel, de oude worden vernietigd. Oude kopieën van de databank openen daarna alleen nog met een kopie van de sleutelkluis van die dag: maak dus meteen nieuwe.',
    en: 'Each record gets a new key, the old ones are destroyed. Copies of the database from before then open with a copy of the keystore of their day alone: make new ones at once.',
  },
  'rotationText.search': {
    nl: 'Waarmee e-mail, telefoon, rekening en nummers exact worden teruggevonden. Codes in oude kopieën zijn daarna niet meer te koppelen.',
    en: 'By which e-mail, phone, account and numbers are found exactly. Codes in old copies can not be linked any more.',
  },
  'rotationText.segments': {
    nl: 'De sleutels waaronder die van dossiers liggen. Wat op een oude schijf achterbleef, gaat niet meer open.',
    en: 'The keys under which those of records lie. What was left on an old disk opens no more.',
  },
  'rotationText.organisation': {
    nl: 'De sleutel waaronder alle andere liggen. Dit is in een seconde klaar.',
    en: 'The key under which all others lie. This takes a second.',
  },
  'rotationText.algorithm': {
    nl: 'Versie 2 bindt elk dossier ook aan zijn sleutel, en kent geen grens aan het aantal. Wat in versie 1 staat, wordt opnieuw verzegeld.',
    en: 'Version 2 also binds each record to its key, and knows no limit of their number. What is in version 1 is sealed anew.',
  },
  rootByCommand: {
    nl: 'De hoofdsleutel vervang je op de machine zelf, omdat er nieuwe herstelaandelen bij horen: npx kluis vault rotate --what root',
    en: 'The root key is replaced on the machine itself, since new recovery shares belong to it: npx kluis vault rotate --what root',
  },
  rotationNever: { nl: 'nog nooit vervangen', en: 'never replaced yet' },
  rotationLast: { nl: 'vervangen {when}', en: 'replaced {when}' },
  'rotationUnopened.records': {
    nl: '{count} rijen gingen niet open en houden hun sleutel; de oude sleutels zijn daarom gebleven. Herstel ze met npx kluis vault repair en begin opnieuw.',
    en: '{count} rows did not open and keep their key; the old keys therefore stayed. Repair them with npx kluis vault repair and begin again.',
  },
  'rotationUnopened.search': {
    nl: '{count} rijen gingen niet open. Ze worden niet meer exact teruggevonden, want de oude sleutel is vernietigd. Herstel ze met npx kluis vault repair en vervang deze sleutel nog eens: dan worden ze weer gevonden.',
    en: '{count} rows did not open. They are not found by exact values any more, since the old key is destroyed. Repair them with npx kluis vault repair and replace this key once more: then they are found again.',
  },
  'rotationUnopened.algorithm': {
    nl: '{count} rijen gingen niet open en bleven verzegeld zoals ze waren. Herstel ze met npx kluis vault repair en begin opnieuw.',
    en: '{count} rows did not open and stay sealed as they were. Repair them with npx kluis vault repair and begin again.',
  },
  rotateNow: { nl: 'Vervangen', en: 'Replace' },
  rotationBegun: { nl: 'Begonnen', en: 'Begun' },
  rotationNow: { nl: 'Nu bezig: {what}', en: 'Now: {what}' },
  rotationDone: { nl: '{done} van {total} rijen', en: '{done} of {total} rows' },
  rotationStill: {
    nl: 'Het staat stil en wordt opnieuw geprobeerd: {why}',
    en: 'It stands still and is tried again: {why}',
  },
  rate: { nl: 'Rijen per seconde', en: 'Rows a second' },
  rateText: {
    nl: 'Hoe minder, hoe minder iemand ervan merkt.',
    en: 'The fewer, the less anybody notices.',
  },
} satisfies Record<string, { nl: string; en: string }>
