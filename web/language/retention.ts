/** Of files that a law has kept. */
export const retentionWords = {
  keepByLaw: { nl: 'Bewaren volgens de wet…', en: 'Keep by law…' },
  keepByLawChange: { nl: 'Bewaring volgens de wet…', en: 'Kept by law…' },
  keepByLawTitle: { nl: 'Bewaren volgens de wet', en: 'Keep by law' },
  keepByLawText: {
    nl: 'Het bestand krijgt een eigen sleutel. Het kan niet weg voor de termijn voorbij is, en blijft bestaan als het dossier wordt gewist. Kopieën van voor vandaag kennen die sleutel nog niet.',
    en: 'The file gets a key of its own. It can not go before its time, and it stays when the record is erased. Copies from before today do not know that key yet.',
  },
  addKept: { nl: 'Document dat bewaard moet blijven…', en: 'Document that must be kept…' },
  addKeptTitle: { nl: 'Document dat bewaard moet blijven', en: 'Document that must be kept' },
  addKeptText: {
    nl: 'Zoals een factuur of het onderzoek naar een cliënt. Het bestand heeft van het begin af een eigen sleutel, en blijft bestaan als het dossier wordt gewist.',
    en: 'Such as an invoice or the due diligence on a customer. The file has a key of its own from the start, and it stays when the record is erased.',
  },
  chooseFiles: { nl: 'Bestanden kiezen', en: 'Choose files' },
  retentionRule: { nl: 'Welke wet', en: 'Which law' },
  retentionNone: { nl: 'Geen: hoeft niet bewaard te blijven', en: 'None: need not be kept' },
  'jurisdiction.BE': { nl: 'België', en: 'Belgium' },
  'jurisdiction.NL': { nl: 'Nederland', en: 'The Netherlands' },
  'jurisdiction.EU': { nl: 'Europese Unie', en: 'European Union' },
  retentionYearsOne: { nl: '{count} jaar', en: '{count} year' },
  retentionYearsMany: { nl: '{count} jaar', en: '{count} years' },
  'retentionStarts.document': { nl: 'vanaf de datum', en: 'from the date' },
  'retentionStarts.new-year': {
    nl: 'vanaf 1 januari na de datum',
    en: 'from the first of January after the date',
  },
  'retentionStarts.end-of-relation': {
    nl: 'vanaf het einde van de relatie',
    en: 'from the end of the relation',
  },
  documentDate: { nl: 'Datum van het document', en: 'Date of the document' },
  relationEnded: { nl: 'Einde van de relatie', en: 'End of the relation' },
  relationEndedHint: {
    nl: 'Leeg zolang de relatie duurt. Wordt het dossier gewist, dan telt die dag.',
    en: 'Empty as long as the relation lasts. When the record is erased, that day counts.',
  },
  keptUntil: { nl: 'bewaard tot {day}', en: 'kept until {day}' },
  keptOpen: { nl: 'bewaard zolang de relatie duurt', en: 'kept as long as the relation lasts' },
  keptOver: { nl: 'bewaartermijn voorbij sinds {day}', en: 'retention period over since {day}' },
  keptSaved: { nl: 'Bewaring aangepast', en: 'Retention changed' },

  retainedOver: { nl: 'Bewaartermijn voorbij', en: 'Retention period over' },
  retainedOverText: {
    nl: 'Deze documenten hoeven van de wet niet langer bewaard te blijven. Wat er niet meer hoeft te zijn, hoort weg.',
    en: 'No law has these documents kept any longer. What need not be there any more should go.',
  },
  noRetainedOver: {
    nl: 'Van geen document dat je ziet is de bewaartermijn voorbij.',
    en: 'Of no document you see the retention period is over.',
  },
  retainedApart: { nl: 'Bewaard van gewiste dossiers', en: 'Kept of erased records' },
  retainedApartText: {
    nl: 'Documenten die een wet laat bewaren, buiten de dossiers. Een collega ziet ze niet; wie wissingen doet opent ze met een doel en een reden, en dat blijft hier staan.',
    en: 'Documents that a law has kept, outside the records. No colleague sees them; who looks after erasures opens them for a purpose with a reason, and that stays here.',
  },
  noRetainedApart: {
    nl: 'Van gewiste dossiers wordt geen document bewaard.',
    en: 'No document is kept of erased records.',
  },
  eraseRetainedOne: { nl: '{count} document wissen…', en: 'Erase {count} document…' },
  eraseRetainedMany: { nl: '{count} documenten wissen…', en: 'Erase {count} documents…' },
  eraseRetainedTitle: {
    nl: 'Documenten wissen na hun bewaartermijn',
    en: 'Erase documents after their retention period',
  },
  eraseRetainedText: {
    nl: 'De sleutels van deze documenten worden vernietigd. Daarna gaan ze voor niemand meer open, en het is niet terug te draaien.',
    en: 'The keys of these documents are destroyed. After that they open for nobody, and it can not be taken back.',
  },
  eraseRetainedHint: {
    nl: 'Noem niemand: de reden blijft in de verklaring staan. Bijvoorbeeld: bewaartermijn voorbij.',
    en: 'Name nobody: the reason stays in the certificate. For example: retention period over.',
  },
  retainedErased: {
    nl: 'Gewist; de verklaring staat hieronder',
    en: 'Erased; the certificate is below',
  },
  chooseOne: { nl: '{name} kiezen', en: 'Choose {name}' },
  wronglyKept: { nl: 'Ten onrechte bewaard…', en: 'Wrongly kept…' },
  wronglyKeptTitle: {
    nl: 'Wissen voor de bewaartermijn voorbij is',
    en: 'Erase before the retention period is over',
  },
  wronglyKeptText: {
    nl: 'Alleen als geen wet dit document laat bewaren. De sleutel wordt vernietigd: daarna gaat het voor niemand meer open.',
    en: 'Only if no law has this document kept. The key is destroyed: after that it opens for nobody.',
  },
  wronglyKeptHint: {
    nl: 'Noem niemand: de reden blijft in de verklaring staan. Bijvoorbeeld: is geen factuur.',
    en: 'Name nobody: the reason stays in the certificate. For example: is no invoice.',
  },
  openRetained: { nl: 'Openen…', en: 'Open…' },
  openRetainedTitle: { nl: '{name} openen', en: 'Open {name}' },
  openRetainedText: {
    nl: 'Zeg waarvoor. Een kwartier lang kun je het bestand daarna downloaden.',
    en: 'Say what for. For a quarter of an hour you can then download the file.',
  },
  retainedPurpose: { nl: 'Doel', en: 'Purpose' },
  retainedReason: { nl: 'Reden, zoals een kenmerk', en: 'Reason, such as a reference' },
  openAndDownload: { nl: 'Openen en downloaden', en: 'Open and download' },
  'retainedPurpose.audit': { nl: 'Controle', en: 'Audit' },
  'retainedPurpose.dispute': { nl: 'Geschil', en: 'Dispute' },
  'retainedPurpose.authority': { nl: 'Toezichthouder of gerecht', en: 'Authority or court' },
  'retainedPurpose.access-request': { nl: 'Inzageverzoek', en: 'Access request' },
  retainedSetApart: { nl: 'uit het dossier sinds {day}', en: 'out of the record since {day}' },
  erasedFiles: {
    nl: 'Documenten na hun bewaartermijn gewist',
    en: 'Documents erased after their retention period',
  },
}
