/** The root key and its recovery shares: at set-up, and under Settings, Recovery. */
export const recoveryWords = {
  sharesTitle: { nl: 'Drie herstelaandelen', en: 'Three recovery shares' },
  sharesText: {
    nl: 'Raakt de hoofdsleutel van deze machine verloren, dan openen twee van deze drie aandelen alles weer, samen met een back-up. Zonder kan niemand dat, ook wij niet. Eén aandeel alleen opent niets.',
    en: 'If the root key of this machine is lost, two of these three shares open everything again, together with a backup. Without them nobody can, not even we. One share alone opens nothing.',
  },
  sharesWhere: {
    nl: 'Druk ze af, elk op een eigen blad, en leg ze op verschillende plaatsen: een brandkast, een tweede brandkast, bij je notaris. Nooit twee bij elkaar en nooit naast de back-up. Ze worden maar nu getoond.',
    en: 'Print them, each on a sheet of its own, and keep them in different places: a safe, a second safe, with your notary. Never two together and never beside the backup. They are shown only now.',
  },
  shareNumber: {
    nl: 'Herstelaandeel {number} van {count}',
    en: 'Recovery share {number} of {count}',
  },
  shareOf: {
    nl: '{host} · installatie {installation} · reeks {set} · {day}',
    en: '{host} · installation {installation} · set {set} · {day}',
  },
  shareUse: {
    nl: 'Twee van de drie openen de hoofdsleutel van Kluis; dit ene aandeel opent niets. De laatste letter van elke groep controleert de groep. Een O lees je als 0, een I of L als 1. Op de machine, met de sleutelkluis teruggezet: npx kluis vault recover',
    en: 'Two of the three open the root key of Kluis; this one alone opens nothing. The last letter of each group checks the group. An O reads as 0, an I or L as 1. On the machine, with the keystore put back: npx kluis vault recover',
  },
  shareQr: { nl: 'Aandeel {number} als QR-code', en: 'Share {number} as a QR code' },
  sharesKept: {
    nl: 'Ik heb de drie aandelen afgedrukt of overgeschreven',
    en: 'I have printed or copied the three shares',
  },
  tryShares: { nl: 'Probeer het nu', en: 'Try it now' },
  trySharesText: {
    nl: 'Typ twee van de drie over van het papier. Kluis zegt of ze de hoofdsleutel openen, en bewaart niets van wat je typt.',
    en: 'Type two of the three from the paper. Kluis says whether they open the root key, and keeps nothing of what you type.',
  },
  firstShare: { nl: 'Eerste aandeel', en: 'First share' },
  secondShare: { nl: 'Tweede aandeel', en: 'Second share' },
  checkShares: { nl: 'Controleer', en: 'Check' },
  'shares.opens': {
    nl: 'Deze twee aandelen openen de hoofdsleutel.',
    en: 'These two shares open the root key.',
  },
  'shares.does-not-open': {
    nl: 'De aandelen zijn heel, maar geven een andere hoofdsleutel: die van voor de hoofdsleutel vervangen werd.',
    en: 'The shares are whole, but give another root key: the one of before the root key was replaced.',
  },
  'shares.wrong-groups': {
    nl: 'Aandeel {which}: een tikfout in groep {groups}.',
    en: 'Share {which}: a typing mistake in group {groups}.',
  },
  'shares.wrong-length': {
    nl: 'Aandeel {which}: {letters} tekens in plaats van {wanted}.',
    en: 'Share {which}: {letters} letters instead of {wanted}.',
  },
  'shares.wrong-checksum': {
    nl: 'Aandeel {which}: meer dan één tikfout in dezelfde groep.',
    en: 'Share {which}: more than one typing mistake in the same group.',
  },
  'shares.unknown-format': {
    nl: 'Aandeel {which} is gemaakt door een nieuwere versie van Kluis.',
    en: 'Share {which} was made by a newer release of Kluis.',
  },
  'shares.other-installation': {
    nl: 'Aandeel {which} is van installatie {installation}; dit is {wanted}.',
    en: 'Share {which} is of installation {installation}; this is {wanted}.',
  },
  'shares.same-share': {
    nl: 'Twee keer aandeel {number}: er is een ander van de drie nodig.',
    en: 'Share {number} twice: another one of the three is needed.',
  },
  'shares.other-set': {
    nl: 'De aandelen zijn van twee reeksen ({days}) en horen niet bij elkaar.',
    en: 'The shares are of two sets ({days}) and do not go together.',
  },
  rootKey: { nl: 'Hoofdsleutel', en: 'Root key' },
  rootKeyText: {
    nl: 'Onder de hoofdsleutel liggen de sleutels van alle klantgegevens. Installatie {installation}.',
    en: 'Under the root key lie the keys of all customer data. Installation {installation}.',
  },
  'keptBy.file': {
    nl: 'In een bestand op de machine, dat alleen Kluis leest. Kluis start vanzelf. Wie de schijf heeft, heeft de sleutel.',
    en: 'In a file on the machine that only Kluis reads. Kluis starts by itself. Whoever has the disk has the key.',
  },
  'keptBy.passphrase': {
    nl: 'In een bestand onder een wachtzin, die bij elke start gevraagd wordt.',
    en: 'In a file under a passphrase, which is asked at each start.',
  },
  'keptBy.pkcs11': {
    nl: 'Verpakt door een beveiligingsmodule (PKCS#11); zonder die module opent het bestand niet.',
    en: 'Wrapped by a security module (PKCS#11); without that module the file does not open.',
  },
  'keptBy.transit': {
    nl: 'Verpakt door OpenBao of Vault; zonder die server opent het bestand niet.',
    en: 'Wrapped by OpenBao or Vault; without that server the file does not open.',
  },
  'keptBy.aws-kms': {
    nl: 'Verpakt door AWS KMS; zonder die dienst opent het bestand niet.',
    en: 'Wrapped by AWS KMS; without that service the file does not open.',
  },
  rootKeyHow: {
    nl: 'Wie de machine beheert kiest dat met: npx kluis vault root-key --to …',
    en: 'Whoever runs the machine chooses that with: npx kluis vault root-key --to …',
  },
  ownShares: { nl: 'Herstelaandelen', en: 'Recovery shares' },
  noShares: {
    nl: 'Er zijn nog geen herstelaandelen gemaakt. Maak ze nu: gaat de hoofdsleutel verloren, dan is er anders geen weg terug, of alleen met een herstelblad van vroeger.',
    en: 'No recovery shares were made yet. Make them now: if the root key is lost there is no way back otherwise, or only with a recovery sheet of before.',
  },
  sharesMade: {
    nl: 'Gemaakt op {day}, reeks {set}.',
    en: 'Made on {day}, set {set}.',
  },
  sharesTested: {
    nl: 'Getest op {day}: twee ervan openden de hoofdsleutel.',
    en: 'Tested on {day}: two of them opened the root key.',
  },
  sharesNotTested: { nl: 'Nog niet getest.', en: 'Not tested yet.' },
  sharesOld: {
    nl: 'De hoofdsleutel is sindsdien vervangen: deze aandelen openen alleen back-ups van daarvoor. Maak nieuwe.',
    en: 'The root key was replaced since: these shares open only backups of before. Make new ones.',
  },
  newShares: { nl: 'Maak nieuwe aandelen', en: 'Make new shares' },
  newSharesText: {
    nl: 'Oude aandelen blijven geldig tot de hoofdsleutel vervangen wordt. Is er een kwijt of gezien, vervang dan ook de hoofdsleutel.',
    en: 'Old shares stay valid until the root key is replaced. If one is lost or was seen, replace the root key as well.',
  },
  sharesDone: { nl: 'Klaar', en: 'Done' },
}
