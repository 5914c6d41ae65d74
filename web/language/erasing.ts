/** Of destroying the keys of one record, and of what is kept to show that it was done. */
export const erasingWords = {
  eraseTitle: { nl: '{name} wissen', en: 'Erase {name}' },
  eraseText: {
    nl: 'De sleutels worden vernietigd. Daarna gaat dit dossier voor niemand meer open, en het is niet terug te draaien.',
    en: 'The keys are destroyed. After that this record opens for nobody, and it can not be taken back.',
  },
  eraseGoes: { nl: 'Dit gaat weg', en: 'This goes' },
  eraseWhole: {
    nl: 'Het hele dossier: gegevens, notities, taken, bestanden en eerdere teksten',
    en: 'The whole record: data, notes, tasks, files and earlier texts',
  },
  eraseMergedOne: {
    nl: '{count} dossier dat hierin is samengevoegd',
    en: '{count} record that was merged into it',
  },
  eraseMergedMany: {
    nl: '{count} dossiers die hierin zijn samengevoegd',
    en: '{count} records that were merged into it',
  },
  eraseOwnCompany: { nl: 'De eenmanszaak {name}', en: 'The sole trader’s company {name}' },
  eraseUnseenOne: {
    nl: '{count} eenmanszaak die je niet ziet',
    en: '{count} company of a sole trader that you do not see',
  },
  eraseUnseenMany: {
    nl: '{count} eenmanszaken die je niet ziet',
    en: '{count} companies of a sole trader that you do not see',
  },
  eraseJointOne: {
    nl: '{count} gezamenlijk dossier waarvan niemand anders partij is',
    en: '{count} joint dossier of which nobody else is a party',
  },
  eraseJointMany: {
    nl: '{count} gezamenlijke dossiers waarvan niemand anders partij is',
    en: '{count} joint dossiers of which nobody else is a party',
  },
  eraseKeysOne: {
    nl: 'In totaal wordt {count} sleutel vernietigd.',
    en: 'In all, {count} key is destroyed.',
  },
  eraseKeysMany: {
    nl: 'In totaal worden {count} sleutels vernietigd.',
    en: 'In all, {count} keys are destroyed.',
  },
  eraseStays: { nl: 'Dit blijft', en: 'This stays' },
  eraseLeft: {
    nl: 'De eenmanszaak {name}: daar werken nog anderen. Wis ze apart als dat moet.',
    en: 'The sole trader’s company {name}: others work there too. Erase it by itself if it must go.',
  },
  eraseLeftUnseenOne: {
    nl: '{count} eenmanszaak die je niet ziet, waar nog anderen werken',
    en: '{count} company of a sole trader that you do not see, where others work too',
  },
  eraseLeftUnseenMany: {
    nl: '{count} eenmanszaken die je niet ziet, waar nog anderen werken',
    en: '{count} companies of a sole trader that you do not see, where others work too',
  },
  eraseJointLeftOne: {
    nl: '{count} gezamenlijk dossier blijft bij de andere partijen. Iemand leest na wat daarin alleen hierover gaat.',
    en: '{count} joint dossier stays with the other parties. Somebody reads what of it is about this one alone.',
  },
  eraseJointLeftMany: {
    nl: '{count} gezamenlijke dossiers blijven bij de andere partijen. Iemand leest na wat daarin alleen hierover gaat.',
    en: '{count} joint dossiers stay with the other parties. Somebody reads what of them is about this one alone.',
  },
  eraseKeptOne: {
    nl: '{count} document dat een wet laat bewaren',
    en: '{count} document that a law has kept',
  },
  eraseKeptMany: {
    nl: '{count} documenten die een wet laat bewaren',
    en: '{count} documents that a law has kept',
  },
  eraseRemains: {
    nl: 'Wat waar nog staat, en tot wanneer',
    en: 'What is left where, and until when',
  },
  eraseReason: { nl: 'Reden van het wissen', en: 'Reason for erasing' },
  eraseReasonHint: {
    nl: 'Noem niemand: de reden blijft in de verklaring staan. Bijvoorbeeld: vroeg erom, brief van 3 mei.',
    en: 'Name nobody: the reason stays in the certificate. For example: asked for it, letter of 3 May.',
  },
  eraseGrace: {
    nl: 'Dagen dat kopieën van de sleutels bewaard worden',
    en: 'Days that copies of the keys are kept',
  },
  eraseGraceHint: {
    nl: 'Zolang openen die kopieën het dossier nog. Daarna is de wissing volledig.',
    en: 'Until then those copies still open the record. After that the erasure is complete.',
  },
  eraseConfirm: { nl: 'Typ de naam om te bevestigen', en: 'Type the name to confirm' },
  eraseNow: { nl: 'Definitief wissen', en: 'Erase for good' },
  erasedNow: { nl: 'Gewist', en: 'Erased' },
  erasedTitle: { nl: 'Dit dossier is gewist', en: 'This record was erased' },
  erasedText: {
    nl: 'De sleutel is vernietigd: wat erin stond, gaat voor niemand meer open.',
    en: 'The key was destroyed: what it held opens for nobody any more.',
  },
  erasedOn: { nl: 'Gewist op {day}.', en: 'Erased on {day}.' },
  erasedBy: { nl: 'Gewist op {day} door {who}.', en: 'Erased on {day} by {who}.' },
  byOperator: {
    nl: 'wie de machine beheert',
    en: 'whoever runs the machine',
  },
  completeOn: {
    nl: 'Volledig op {day}, als ook de kopieën van de sleutels weg zijn.',
    en: 'Complete on {day}, when the copies of the keys are gone too.',
  },
  certificate: { nl: 'Verklaring van wissing', en: 'Certificate of erasure' },
  certificateRead: { nl: 'Verklaring lezen', en: 'Read the certificate' },
  certificateText: { nl: 'Verklaring als tekst', en: 'Certificate as text' },
  certificateNote: { nl: 'Ondertekende verklaring', en: 'Signed certificate' },
  certificateHint: {
    nl: 'Met de ondertekende verklaring kan een ander nagaan dat ze van hier komt: ze is getekend met de sleutel van het logboek.',
    en: 'By the signed certificate somebody else can check that it comes from here: it is signed with the key of the ledger.',
  },
  erasuresText: {
    nl: 'Van wie de sleutels vernietigd zijn, de laatste bovenaan. Wissen doe je in het dossier zelf. De verklaring is ondertekend en noemt geen naam.',
    en: 'Whose keys were destroyed, the last on top. Erasing is done in the record itself. The certificate is signed and names nobody.',
  },
  erasuresDone: { nl: 'Wat is gewist', en: 'What was erased' },
  noErasures: { nl: 'Er is nog niets gewist.', en: 'Nothing was erased yet.' },
  erasedPerson: { nl: 'Een persoon', en: 'A person' },
  erasedJointDossier: { nl: 'Een gezamenlijk dossier', en: 'A joint dossier' },
  erasedCompany: { nl: 'Een bedrijf', en: 'A company' },
  erasureLine: {
    nl: 'Vernietigde sleutels: {count}. Volledig op {day}.',
    en: 'Keys destroyed: {count}. Complete on {day}.',
  },
  erasureClosedLine: {
    nl: 'In het logboek {record}. Volledig op {day}.',
    en: 'In the ledger {record}. Complete on {day}.',
  },
  erasureClosed: {
    nl: 'De reden en welke sleutels het waren gaan niet meer open: de rij is beschadigd. De verklaring ligt nog als {file} in de map erasures van het logboek, en in kopieën daarvan.',
    en: 'The reason and which keys they were do not open any more: the row is damaged. The certificate still lies as {file} in the folder erasures of the ledger, and in copies of it.',
  },
} satisfies Record<string, { nl: string; en: string }>
