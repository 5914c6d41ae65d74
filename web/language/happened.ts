/** What happened, as the feed and the timeline tell it. */
export const happened = {
  'happened.created': { nl: '{who} maakte {name} aan', en: '{who} created {name}' },
  'happened.changed': { nl: '{who} wijzigde {name}', en: '{who} changed {name}' },
  'happened.noted': { nl: '{who} schreef bij {name}', en: '{who} wrote a note on {name}' },
  'happened.note-changed': {
    nl: '{who} wijzigde een notitie bij {name}',
    en: '{who} changed a note on {name}',
  },
  'happened.task-made': {
    nl: '{who} zette een taak bij {name}',
    en: '{who} added a task to {name}',
  },
  'happened.task-changed': {
    nl: '{who} wijzigde een taak bij {name}',
    en: '{who} changed a task of {name}',
  },
  'happened.task-done': { nl: '{who} vinkte af bij {name}', en: '{who} ticked off for {name}' },
  'happened.file-added': {
    nl: '{who} voegde een bestand toe bij {name}',
    en: '{who} added a file to {name}',
  },
  'happened.file-changed': {
    nl: '{who} wijzigde een bestand bij {name}',
    en: '{who} changed a file of {name}',
  },
  'happened.file-removed': {
    nl: '{who} gooide een bestand weg bij {name}',
    en: '{who} threw away a file of {name}',
  },
  'happened.tie-added': {
    nl: '{who} koppelde {name} aan {other}',
    en: '{who} linked {name} to {other}',
  },
  'happened.tie-ended': {
    nl: '{who} beëindigde de koppeling van {name} met {other}',
    en: '{who} ended the link of {name} with {other}',
  },
  'happened.tie-removed': {
    nl: '{who} ontkoppelde {name} van {other}',
    en: '{who} unlinked {name} from {other}',
  },
  'happened.merged': {
    nl: '{who} voegde een ander dossier samen met {name}',
    en: '{who} merged another record into {name}',
  },
  'happened.merge-undone': {
    nl: '{who} maakte een samenvoeging met {name} ongedaan',
    en: '{who} undid a merge into {name}',
  },
  'show.tie': { nl: 'Banden', en: 'Ties' },
  fileRemoved: { nl: 'gooide een bestand weg', en: 'threw away a file' },
  mergedHere: {
    nl: 'voegde {name} samen met dit dossier',
    en: 'merged {name} into this record',
  },
  mergedUnnamed: {
    nl: 'voegde een ander dossier samen met dit',
    en: 'merged another record into this one',
  },
  mergeUndoneBy: {
    nl: 'Ongedaan gemaakt door {who}, {when}',
    en: 'Undone by {who}, {when}',
  },
} satisfies Record<string, { nl: string; en: string }>
