/** Titles of the pages in docs/gebruik and docs/guide, by the name of their file. */
export const help = {
  help: { nl: 'Hulp', en: 'Help' },
  helpOther: { nl: 'Andere pagina’s', en: 'Other pages' },
  helpAway: {
    nl: 'Deze pagina kon niet worden opgehaald. Laad Kluis opnieuw als dit blijft.',
    en: 'This page could not be fetched. Reload Kluis if this goes on.',
  },
  'help.getting-started': { nl: 'Aan de slag', en: 'Getting started' },
  'help.people-and-companies': { nl: 'Personen en bedrijven', en: 'People and companies' },
  'help.lists-and-views': { nl: 'Lijsten en weergaven', en: 'Lists and views' },
  'help.dossier': { nl: 'Het dossier van een klant', en: 'The record of a customer' },
  'help.notes-and-files': { nl: 'Notities en bestanden', en: 'Notes and files' },
  'help.tasks-and-my-day': { nl: 'Taken en mijn dag', en: 'Tasks and my day' },
  'help.import': { nl: 'Importeren', en: 'Import' },
  'help.export': { nl: 'Exporteren', en: 'Export' },
  'help.duplicates': { nl: 'Dubbels', en: 'Duplicates' },
  'help.custom-fields': { nl: 'Eigen velden', en: 'Custom fields' },
  'help.notifications': { nl: 'Meldingen', en: 'Notifications' },
  'help.colleagues-and-rights': { nl: 'Collega’s en rechten', en: 'Colleagues and rights' },
  'help.single-sign-on': { nl: 'Aanmelden via je organisatie', en: 'Single sign-on' },
  'help.security': { nl: 'Beveiliging', en: 'Security' },
  'help.keyboard': { nl: 'Sneltoetsen', en: 'Keyboard shortcuts' },
} satisfies Record<string, { nl: string; en: string }>
