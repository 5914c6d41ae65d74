/** What the search says where nothing was found, and what is said of the search itself. */
export const searchWords = {
  calledNearly: { nl: 'Bedoelde je misschien', en: 'Did you mean' },
  searchSetting: { nl: 'Zoeken', en: 'Search' },
  searchSettingText: {
    nl: 'Namen, adressen, nummers en velden staan in het geheugen van Kluis, zodat je er meteen in zoekt. In de databank staan ze verzegeld.',
    en: 'Names, addresses, numbers and fields are held in the memory of Kluis, so that they are found at once. In the database they stand sealed.',
  },
  searchReady: {
    nl: '{records} personen en bedrijven zijn vindbaar. Het zoekgeheugen neemt {memory} MB.',
    en: '{records} people and companies can be found. The search memory takes {memory} MB.',
  },
  searchFilling: {
    nl: 'De zoekindex wordt geladen: {share} %.',
    en: 'The search index is loading: {share} %.',
  },
  contentSearch: {
    nl: 'Ook zoeken in wat jullie schreven',
    en: 'Search what you wrote as well',
  },
  contentSearchHint: {
    nl: 'Filters op de tekst van notities, taken en bestandsnamen. Daarvoor staan die teksten open in het geheugen: reken op 100 MB per 100.000 notities.',
    en: 'Filters on the text of notes, tasks and file names. For that, those texts stand open in memory: count on 100 MB for 100,000 notes.',
  },
  'contents.on': {
    nl: 'Aan: {texts} teksten, samen {size} MB, en de lijst van hun woorden.',
    en: 'On: {texts} texts, {size} MB together, and the list of their words.',
  },
  'contents.filling': {
    nl: 'De teksten worden ingelezen; zolang weigeren filters op tekst.',
    en: 'The texts are being read; until then filters on text are refused.',
  },
  'contents.off': {
    nl: 'Uit: geen enkele tekst staat in het geheugen. Filters op tekst zeggen dat het uit staat; namen, velden en datums vind je zoals altijd.',
    en: 'Off: no text is in memory. Filters on text say that it is off; names, fields and days are found as always.',
  },
  'contents.away': { nl: 'Het zoekgeheugen wordt gestart.', en: 'The search memory is starting.' },
} satisfies Record<string, { nl: string; en: string }>
