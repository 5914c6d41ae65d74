/** Of what a thief of the database would see. */
export const leakageWords = {
  leakageText: {
    nl: 'Wat iemand leest die de hele databank heeft (een gestolen schijf, een reservekopie, de databankbeheerder), zonder de sleutels. Afgelezen van deze databank zelf, kolom per kolom.',
    en: 'What somebody reads who has the whole database (a stolen disk, a backup, its administrator) without the keys. Read from this very database, column by column.',
  },
  leakageSealed: { nl: 'Blijft dicht', en: 'Stays closed' },
  leakageSealedText: {
    nl: 'Verzegeld met een sleutel die niet in de databank staat. Te zien is wel dat er iets staat, en hoe lang het is, afgerond.',
    en: 'Sealed with a key that is not in the database. That there is something shows, and how long it is, rounded up.',
  },
  leakageReadable: { nl: 'Is te lezen', en: 'Can be read' },
  leakageReadableText: {
    nl: 'Staat er zoals het is. Namen en andere gegevens van klanten horen daar niet bij.',
    en: 'Stands as it is. Names and other data of customers are not among it.',
  },
  leakageEqual: { nl: 'Gelijk is te zien', en: 'Equality shows' },
  leakageEqualText: {
    nl: 'Niet wat er staat, wel welke rijen hetzelfde hebben. Wie ook de zoeksleutel heeft, kan een vermoeden bevestigen.',
    en: 'Not what it is, but which rows have the same. Whoever has the search key as well can confirm a guess.',
  },
  leakageTied: { nl: 'Is aan elkaar te knopen', en: 'Can be tied together' },
  leakageTiedText: {
    nl: 'In deze tabellen staat bij elke rij van welke klant ze is, zonder naam: hoeveel er zijn, van wanneer, door welke collega.',
    en: 'In these tables each row says which customer it belongs to, without a name: how many there are, from when, by which colleague.',
  },
  leakageOrder: {
    nl: 'Sleutels zijn genummerd: aan {columns} is de volgorde te zien waarin klanten zijn toegevoegd.',
    en: 'Keys are numbered: {columns} show in which order customers were added.',
  },
  leakageMoments: {
    nl: '{count} kolommen met tijdstippen zeggen wanneer iets gebeurde, {ids} met nummers wie en bij wat.',
    en: '{count} columns with moments say when something happened, {ids} with ids who and with what.',
  },
  leakageMeasured: {
    nl: 'Hoeveel daarvan te raden valt, is gemeten: docs/assurance/leakage.md bij het programma.',
    en: 'How much of it can be guessed is measured: docs/assurance/leakage.md beside the program.',
  },
  leakageOfCustomers: { nl: 'Over klanten', en: 'About customers' },
  leakageRest: { nl: 'Over collega’s en het programma', en: 'About colleagues and the program' },
  leakageWord: { nl: 'een woord uit een vaste lijst', en: 'a word of a fixed list' },
  'shows.names of roles': { nl: 'namen van rollen', en: 'names of roles' },
  'shows.words of the program': { nl: 'woorden van het programma', en: 'words of the program' },
  'shows.of a request, equal for equal requests': {
    nl: 'van een verzoek, gelijk voor gelijke verzoeken',
    en: 'of a request, equal for equal requests',
  },
  'shows.names of tables': { nl: 'namen van tabellen', en: 'names of tables' },
  'shows.words of the program, or the id of a custom field': {
    nl: 'woorden van het programma, of het nummer van een eigen veld',
    en: 'words of the program, or the id of a custom field',
  },
  'shows.of an e-mail, phone or number; equal where two records share it': {
    nl: 'van een e-mailadres, telefoon of nummer; gelijk waar twee klanten het delen',
    en: 'of an e-mail, phone or number; equal where two records share it',
  },
  'shows.of a confidential value that is found whole; equal where two records share it': {
    nl: 'van een vertrouwelijke waarde die in haar geheel gezocht wordt; gelijk waar twee klanten ze delen',
    en: 'of a confidential value that is found whole; equal where two records share it',
  },
  'shows.of the heading of a file': {
    nl: 'van de kolomtitels van een bestand',
    en: 'of the heading of a file',
  },
  'shows.of an e-mail, phone, account or customer number; equal where two records share it': {
    nl: 'van een e-mailadres, telefoon, rekening- of klantnummer; gelijk waar twee klanten het delen',
    en: 'of an e-mail, phone, account or customer number; equal where two records share it',
  },
  'shows.of the beginning of a name, only where names are findable in the database; most can be told by counting':
    {
      nl: 'van het begin van een naam, alleen waar namen in de databank vindbaar zijn; de meeste vallen te raden door te tellen',
      en: 'of the beginning of a name, only where names are findable in the database; most can be told by counting',
    },
  'shows.names of classes and columns that changed and ids of custom fields, never what they hold':
    {
      nl: 'namen van wat er wijzigde en nummers van eigen velden, nooit wat erin staat',
      en: 'names of classes and columns that changed and ids of custom fields, never what they hold',
    },
  'shows.a stage, as the record has it': {
    nl: 'een fase, zoals de klant ze heeft',
    en: 'a stage, as the record has it',
  },
  'shows.the names the organisation gives its roles': {
    nl: 'de namen die de organisatie haar rollen geeft',
    en: 'the names the organisation gives its roles',
  },
  'shows.written in migrations': { nl: 'tekst van het programma', en: 'written in migrations' },
  'shows.the names the organisation gives its teams': {
    nl: 'de namen die de organisatie haar teams geeft',
    en: 'the names the organisation gives its teams',
  },
  "shows.of the colleague's e-mail": {
    nl: 'van het e-mailadres van de collega',
    en: 'of the colleague’s e-mail',
  },
  'shows.of who a colleague is at a provider': {
    nl: 'van wie een collega bij een aanmelddienst is',
    en: 'of who a colleague is at a provider',
  },
  'shows.a random id the authenticator gave': {
    nl: 'een willekeurig nummer van het toestel',
    en: 'a random id the authenticator gave',
  },
  'shows.what the colleague calls the passkey': {
    nl: 'hoe de collega de passkey noemt',
    en: 'what the colleague calls the passkey',
  },
  'shows.of what a provider calls a colleague': {
    nl: 'van hoe een aanmelddienst een collega noemt',
    en: 'of what a provider calls a colleague',
  },
  'shows.of the number a provider gave a colleague': {
    nl: 'van het nummer dat een aanmelddienst een collega gaf',
    en: 'of the number a provider gave a colleague',
  },
  "shows.browser and system of a colleague's device": {
    nl: 'browser en systeem van het toestel van een collega',
    en: 'browser and system of a colleague’s device',
  },
  "shows.networks from which a program's key is taken": {
    nl: 'netwerken waarvan de sleutel van een programma aanvaard wordt',
    en: 'networks from which a program’s key is taken',
  },
  'shows.nl or en': { nl: 'nl of en', en: 'nl or en' },
  'shows.size and root of the tree with their signatures': {
    nl: 'omvang en wortel van het logboek met hun handtekening',
    en: 'size and root of the tree with their signatures',
  },
  'shows.names of columns': { nl: 'namen van kolommen', en: 'names of columns' },
  'shows.which row changed when and by whom, with the hash of the row': {
    nl: 'welke rij wanneer en door wie wijzigde, onder schuilnamen, met de hash van de rij',
    en: 'which row changed when and by whom, with the hash of the row',
  },
  'shows.numbers and words of the program about an event, never of a customer': {
    nl: 'getallen en woorden van het programma over een gebeurtenis, nooit over een klant',
    en: 'numbers and words of the program about an event, never of a customer',
  },
  'shows.names of files of this program': {
    nl: 'namen van bestanden van dit programma',
    en: 'names of files of this program',
  },
} as const
