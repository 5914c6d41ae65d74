/** Of the index that is not there, and of names that are found in the database instead. */
export const namePrefixWords = {
  indexLoading: {
    nl: 'De zoekindex wordt geladen ({share} %). Zoeken en filteren werken zo meteen; dossiers openen kan al.',
    en: 'The search index is loading ({share} %). Search and filters follow in a moment; records already open.',
  },
  indexLoadingByPrefix: {
    nl: 'De zoekindex wordt geladen ({share} %). Tot dan vind je namen alleen op het begin van hun woorden, bij je eigen teams; filteren en ordenen volgen zo meteen.',
    en: 'The search index is loading ({share} %). Until then names are found only by the beginning of their words, of your own teams; filters and orders follow in a moment.',
  },
  indexOff: {
    nl: 'Zonder zoekindex: de lijst toont de nieuwste, en zoeken, filteren of anders ordenen kan hier niet.',
    en: 'Without a search index: the list shows the newest, and searching, filtering or another order can not be done here.',
  },
  indexOffByPrefix: {
    nl: 'Zonder zoekindex: namen vind je alleen op het begin van hun woorden, bij je eigen teams, de nieuwste eerst. Filteren, anders ordenen en tikfouten kan hier niet.',
    en: 'Without a search index: names are found only by the beginning of their words, of your own teams, the newest first. No filters, other orders or typing errors here.',
  },
  searchOff: {
    nl: 'Op deze host staat geen zoekindex in het geheugen; zo koos wie hem beheert.',
    en: 'There is no search index in memory on this host; its operator chose so.',
  },
  namePrefixes: {
    nl: 'Namen ook in de databank vindbaar maken',
    en: 'Make names findable in the database as well',
  },
  namePrefixesHint: {
    nl: 'Wij raden het af. Het helpt alleen terwijl de zoekindex laadt, en wie meer klanten heeft dan er in het geheugen passen. Wie een kopie van de databank heeft, leest dan een deel van de namen.',
    en: 'We advise against it. It helps only while the search index loads, and whoever has more customers than fit in memory. Whoever has a copy of the database then reads some of the names.',
  },
  namePrefixesOn: {
    nl: 'Aan: {found} van {records} personen en bedrijven zijn in de databank te vinden.',
    en: 'On: {found} of {records} people and companies can be found in the database.',
  },
  namePrefixesWriting: {
    nl: 'Bezig: {found} van {records} personen en bedrijven zijn in de databank te vinden.',
    en: 'Under way: {found} of {records} people and companies can be found in the database.',
  },
  namePrefixesGone: {
    nl: 'Weg uit de databank. Kopieën en het schrijflogboek van voordien houden wat er stond; vervang de zoeksleutel onder Sleutels, dan is dat aan niets nieuws meer te knopen.',
    en: 'Gone from the database. Copies and the write-ahead log of before keep what stood there; replace the search key under Keys, and nothing new can be tied to it.',
  },
  leakAsk: {
    nl: 'Wat een dief dan leest',
    en: 'What a thief reads then',
  },
  leakAskText: {
    nl: 'Namen staan verzegeld, en blijven dat. Om ze te vinden komt van elk woord een merkteken van de eerste 3, 5 en 8 letters in de databank. Gelijke namen krijgen gelijke merktekens, en niet elke naam komt even vaak voor. Wie een kopie van de databank heeft en openbare lijsten van namen ernaast legt, telt en leest:',
    en: 'Names stand sealed, and stay so. To find them, a mark of the first 3, 5 and 8 letters of each word comes into the database. Equal names have equal marks, and not every name is as common. Whoever has a copy of the database and lays public lists of names beside it counts, and reads:',
  },
  leakOf: { nl: 'Bij', en: 'Of' },
  leakFamilyNames: { nl: 'Achternamen', en: 'Last names' },
  leakGivenNames: { nl: 'Voornamen', en: 'First names' },
  leakCountry: {
    nl: '{count} klanten, namen zo ongelijk als in een land',
    en: '{count} customers, names as uneven as in a country',
  },
  leakDemo: {
    nl: '{count} klanten van de demo',
    en: '{count} customers of the demo',
  },
  leakMeasured: {
    nl: 'Zo gemeten op {day}, met een aanval die bij het programma hoort. Een betere aanval leest meer.',
    en: 'Measured so on {day}, with an attack that comes with the program. A better attack reads more.',
  },
  leakStays: {
    nl: 'Dit geldt ook voor elke reservekopie die je van nu af maakt. Zet je het weer uit, dan verdwijnt het uit de databank, niet uit die kopieën.',
    en: 'This goes for every backup you make from now on, too. Switched off again it goes from the database, and not from those copies.',
  },
  leakInstead: {
    nl: 'Wie meer klanten heeft dan er passen, kan ook een machine met meer geheugen nemen: een miljoen klanten vragen 2 GB.',
    en: 'Whoever has more customers than fit can also take a machine with more memory: a million customers take 2 GB.',
  },
  leakRead: {
    nl: 'Ik heb gelezen wat een dief dan leest, en kies het toch',
    en: 'I have read what a thief reads then, and choose it all the same',
  },
  leakChoose: { nl: 'Vindbaar maken', en: 'Make findable' },
} satisfies Record<string, { nl: string; en: string }>
