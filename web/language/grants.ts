import type { Operation } from '../api/shapes.ts'
import type { OfGrants } from './refusals.ts'

type Said = { nl: string; en: string }

export const grants = {
  stepUpTitle: { nl: 'Bevestig dat jij het bent', en: 'Confirm that it is you' },
  stepUpOnce: {
    nl: 'De bevestiging geldt één keer, voor dit alleen. Ze staat in het logboek.',
    en: 'The confirmation holds once, for this alone. It stands in the ledger.',
  },
  stepUpPasskey: { nl: 'Bevestig met je passkey', en: 'Confirm with your passkey' },
  stepUpConfirm: { nl: 'Bevestigen', en: 'Confirm' },
  stepUpCode: { nl: 'Code uit je app', en: 'Code from your app' },
  stepUpCodeHint: {
    nl: 'Een code werkt één keer. Heb je net aangemeld, wacht dan op de volgende.',
    en: 'A code works once. If you have just signed in, wait for the next one.',
  },
  stepUpFaster: {
    nl: 'Met een passkey gaat dit met één aanraking: voeg er een toe bij Instellingen → Beveiliging.',
    en: 'With a passkey this takes one touch: add one under Settings → Security.',
  },
  stepUpElsewhere: { nl: 'Bevestig bij {name}', en: 'Confirm at {name}' },
  stepUpWaiting: {
    nl: 'Meld je aan in het andere tabblad. Daarna gaat dit venster vanzelf verder.',
    en: 'Sign in on the other tab. This window then goes on by itself.',
  },
  stepUpLost: {
    nl: 'Toestel kwijt? Gebruik een herstelcode',
    en: 'Device lost? Use a recovery code',
  },
  stepUpNoWay: {
    nl: 'Je kunt dit hier niet bevestigen. Vraag een beheerder je aanmelding te vernieuwen.',
    en: 'You can not confirm this here. Ask an administrator to renew your sign-in.',
  },
  'operation.export': {
    nl: 'Je neemt klantgegevens mee uit Kluis.',
    en: 'You take customer data out of Kluis.',
  },
  'operation.bulk-delete': {
    nl: 'Je verwijdert veel klanten tegelijk.',
    en: 'You remove many customers at once.',
  },
  'operation.more-dossiers': {
    nl: 'Je opende vandaag meer dossiers dan gewoonlijk en gaat verder.',
    en: 'You opened more dossiers today than usual, and go on.',
  },
  'operation.change-rights': {
    nl: 'Je verandert wat een collega mag zien of doen.',
    en: 'You change what a colleague may see or do.',
  },
  'operation.end-others-sessions': {
    nl: 'Je sluit een collega af: die wordt overal afgemeld.',
    en: 'You shut a colleague out: they are signed out everywhere.',
  },
  'operation.reset-factor': {
    nl: 'Je neemt een collega de passkeys en codes af.',
    en: 'You take a colleague’s passkeys and codes away.',
  },
  'operation.change-factors': {
    nl: 'Je verandert waarmee je zelf aanmeldt.',
    en: 'You change what you sign in with yourself.',
  },
  'operation.keys': {
    nl: 'Je verandert sleutels: die van een programma, of die waaronder klanten verzegeld zijn.',
    en: 'You change keys: those of a program, or those that customers are sealed under.',
  },
  'operation.erase': {
    nl: 'Je vernietigt sleutels: wat ermee verzegeld is, gaat voor niemand meer open. Dat is niet terug te draaien.',
    en: 'You destroy keys: what was sealed with them opens for nobody. That can not be taken back.',
  },
  'operation.approve': {
    nl: 'Je keurt goed wat een collega vraagt.',
    en: 'You approve what a colleague asks.',
  },
  'operation.change-safeguards': {
    nl: 'Je verandert wat aanmelden vraagt, waarvoor twee mensen nodig zijn, of wat een kopie van de databank verraadt.',
    en: 'You change what signing in asks, what takes two people, or what a copy of the database gives away.',
  },
  'operation.break-glass': {
    nl: 'Je opent noodtoegang: je ziet dan alle klanten.',
    en: 'You break the glass: you then see all customers.',
  },
  askTitle: { nl: 'Hier is een tweede persoon voor nodig', en: 'This takes a second person' },
  askText: {
    nl: 'Jouw organisatie koos voor vier ogen. Een collega keurt goed, daarna doe jij het. Dit wordt gevraagd:',
    en: 'Your organisation chose four eyes. A colleague approves, then you do it. This is asked:',
  },
  askReason: { nl: 'Reden', en: 'Reason' },
  askReasonHint: {
    nl: 'Je collega leest dit. Het wordt verzegeld bewaard.',
    en: 'Your colleague reads this. It is kept sealed.',
  },
  askOne: { nl: 'Vraag het aan {count} collega', en: 'Ask {count} colleague' },
  askMany: { nl: 'Vraag het aan {count} collega’s', en: 'Ask {count} colleagues' },
  askWaiting: {
    nl: 'Je vroeg dit al. Je krijgt een melding zodra iemand beslist.',
    en: 'You asked this already. You are notified as soon as somebody decides.',
  },
  askNobody: {
    nl: 'Niemand anders mag dit nu goedkeuren. Geef een collega een rol die mag goedkeuren (Instellingen → Collega’s): zeven dagen later telt die mee. Is er niemand, dan kan wie de server beheert vier ogen afzetten met: npx kluis four-eyes-off.',
    en: 'Nobody else may approve this now. Give a colleague a role that may approve (Settings → Colleagues): seven days later they count. If there is nobody, whoever runs the server can lift four eyes with: npx kluis four-eyes-off.',
  },
  noApprovals: { nl: 'Er wacht niets', en: 'Nothing waits' },
  noApprovalsText: {
    nl: 'Vraagt een collega iets waarvoor twee mensen nodig zijn, dan staat het hier.',
    en: 'When a colleague asks something that takes two people, it stands here.',
  },
  approvalsForMe: { nl: 'Gevraagd door anderen', en: 'Asked by others' },
  approvalsOfMine: { nl: 'Gevraagd door jou', en: 'Asked by you' },
  approvalsAll: { nl: 'Ook wat voorbij is', en: 'Also what is over' },
  approvalsOpenOnly: { nl: 'Alleen wat nog wacht', en: 'Only what still waits' },
  approve: { nl: 'Goedkeuren', en: 'Approve' },
  refuse: { nl: 'Afwijzen', en: 'Refuse' },
  withdraw: { nl: 'Intrekken', en: 'Withdraw' },
  doNow: { nl: 'Nu uitvoeren', en: 'Do it now' },
  approvedNow: { nl: 'Goedgekeurd', en: 'Approved' },
  refusedNow: { nl: 'Afgewezen', en: 'Refused' },
  withdrawnNow: { nl: 'Ingetrokken', en: 'Withdrawn' },
  doneNow: { nl: 'Uitgevoerd', en: 'Done' },
  approvalNote: { nl: 'Antwoord (mag leeg blijven)', en: 'Answer (may stay empty)' },
  approvalUntil: { nl: 'Geldig tot {until}', en: 'Valid until {until}' },
  approvalNotYou: {
    nl: 'Jij kunt hier niet over beslissen: de vrager gaf je minder dan zeven dagen geleden je rechten.',
    en: 'You can not decide this: whoever asks gave you your rights less than seven days ago.',
  },
  approvedBy: { nl: 'Goedgekeurd door {who}, {at}', en: 'Approved by {who}, {at}' },
  refusedBy: { nl: 'Afgewezen door {who}, {at}', en: 'Refused by {who}, {at}' },
  'approval.asked': { nl: 'Wacht', en: 'Waits' },
  'approval.approved': { nl: 'Goedgekeurd', en: 'Approved' },
  'approval.refused': { nl: 'Afgewezen', en: 'Refused' },
  'approval.withdrawn': { nl: 'Ingetrokken', en: 'Withdrawn' },
  'approval.expired': { nl: 'Verlopen', en: 'Expired' },
  'approval.used': { nl: 'Uitgevoerd', en: 'Done' },
  'preview.export-people': {
    nl: 'Alle personen exporteren als {format}: {count}',
    en: 'Export all people as {format}: {count}',
  },
  'preview.export-companies': {
    nl: 'Alle bedrijven exporteren als {format}: {count}',
    en: 'Export all companies as {format}: {count}',
  },
  'preview.take-out': {
    nl: 'Alles meenemen: {count} personen en {companies} bedrijven, met notities en taken',
    en: 'Take everything out: {count} people and {companies} companies, with notes and tasks',
  },
  'preview.trash-people': {
    nl: '{count} personen naar de prullenbak',
    en: '{count} people into the trash',
  },
  'preview.trash-companies': {
    nl: '{count} bedrijven naar de prullenbak',
    en: '{count} companies into the trash',
  },
  'preview.change-colleague': { nl: '{who}: {changes}', en: '{who}: {changes}' },
  'preview.role': { nl: 'wordt {role}', en: 'becomes {role}' },
  'preview.disable': { nl: 'kan niet meer aanmelden', en: 'can not sign in any more' },
  'preview.enable': { nl: 'kan weer aanmelden', en: 'can sign in again' },
  'preview.teams': { nl: 'in team {teams}', en: 'in team {teams}' },
  'preview.invite': {
    nl: '{name} ({email}) uitnodigen als {role}, in team {team}',
    en: 'Invite {name} ({email}) as {role}, in team {team}',
  },
  'preview.field-roles': {
    nl: 'Het vertrouwelijke veld “{field}” wordt zichtbaar voor: {roles}',
    en: 'The confidential field “{field}” is seen by: {roles}',
  },
  'preview.nobody': { nl: 'niemand', en: 'nobody' },
  'preview.role-grants': {
    nl: 'De rol {role} mag voortaan: {grants}',
    en: 'The role {role} may from now on: {grants}',
  },
  'preview.rename-role': {
    nl: 'De rol {role} heet voortaan {name}',
    en: 'The role {role} is called {name} from now on',
  },
  'preview.provider-on': {
    nl: 'Aanmelden via {name} aanzetten',
    en: 'Switch on sign-in by {name}',
  },
  'preview.provider-off': {
    nl: 'Aanmelden via {name} uitzetten',
    en: 'Switch off sign-in by {name}',
  },
  'preview.directory-token': {
    nl: 'Een sleutel van {days} dagen waarmee de adreslijst van {name} collega’s maakt, wijzigt en sluit',
    en: 'A token of {days} days, by which the directory of {name} makes, changes and shuts colleagues',
  },
  'preview.way-group': {
    nl: '“{group}” in {claim} wordt {role}, team {team}',
    en: '“{group}” in {claim} becomes {role}, team {team}',
  },
  'preview.way-else': {
    nl: 'alle anderen worden {role}, team {team}',
    en: 'all others become {role}, team {team}',
  },
  'preview.way-nobody': { nl: 'niemand anders komt binnen', en: 'nobody else comes in' },
  'preview.way-factor': {
    nl: 'als tweede factor telt daar: {values}',
    en: 'as second factor counts there: {values}',
  },
  'preview.way-own-factor': {
    nl: 'Kluis vraagt zelf de tweede factor',
    en: 'Kluis asks the second factor itself',
  },
  'preview.way-makes': {
    nl: 'nieuwe collega’s komen zo binnen',
    en: 'new colleagues come in by it',
  },
  'preview.way-required': {
    nl: 'verplicht, behalve voor {exempt}',
    en: 'required, but for {exempt}',
  },
  'preview.way-sign-out': {
    nl: 'afmelden meldt ook daar af',
    en: 'signing out signs out there too',
  },
  'preview.way-secret': { nl: 'met een nieuw clientgeheim', en: 'with a new client secret' },
  'preview.provider': {
    nl: 'Veranderen wie via {name} binnenkomt, en met welke rol',
    en: 'Change who comes in by {name}, and with which role',
  },
  'preview.add-provider': {
    nl: '{name} toevoegen als manier om aan te melden',
    en: 'Add {name} as a way to sign in',
  },
  'preview.remove-provider': {
    nl: '{name} verwijderen: niemand meldt daar nog mee aan',
    en: 'Remove {name}: nobody signs in by it any more',
  },
  'preview.add-role': { nl: 'De rol {name} maken', en: 'Make the role {name}' },
  'preview.copy-role': {
    nl: 'De rol {name} maken, met de rechten van {role}',
    en: 'Make the role {name}, with the rights of {role}',
  },
  'preview.remove-role': { nl: 'De rol {role} verwijderen', en: 'Remove the role {role}' },
  'preview.budget': {
    nl: 'Hoeveel klanten de rol {role} krijgt ({kind}): {limits}',
    en: 'How many customers the role {role} gets ({kind}): {limits}',
  },
  'preview.sign-in-rules': {
    nl: 'De rol {role} meldt aan met {asks}; afgemeld na {idle} minuten stilte, hoogstens {longest} minuten; een verloren aanmelding herstelt {recoveredBy}',
    en: 'The role {role} signs in with {asks}; signed out after {idle} idle minutes, {longest} at most; a lost sign-in is restored by {recoveredBy}',
  },
  'preview.move-team': {
    nl: 'Het team {team} komt onder {above}',
    en: 'The team {team} comes under {above}',
  },
  'preview.top-team': {
    nl: 'Het team {team} komt onder geen ander team',
    en: 'The team {team} comes under no other team',
  },
  'preview.leaving': {
    nl: '{who} gaat weg; alles gaat naar {receivers}',
    en: '{who} leaves; everything goes to {receivers}',
  },
  'preview.lift-freeze': {
    nl: '{who} mag weer bij klanten',
    en: '{who} may see customers again',
  },
  'preview.retire-canary': {
    nl: 'Een lokdossier uit dienst nemen: daarna geeft het geen alarm meer',
    en: 'Retire a canary: it then raises no alarm any more',
  },
  'preview.name-prefixes': {
    nl: 'Namen in de databank vindbaar maken: wie een kopie van de databank heeft, leest dan een deel van de namen door te tellen',
    en: 'Make names findable in the database: whoever has a copy of the database then reads some of the names by counting',
  },
  'preview.revert-import': {
    nl: 'Een import terugdraaien: {count} personen en {companies} bedrijven gaan weg, {restored} krijgen hun oude gegevens terug',
    en: 'Take an import back: {count} people and {companies} companies go, {restored} get what they had',
  },
  'preview.reset-factor': {
    nl: '{who}: passkeys en codes vervallen ({why})',
    en: '{who}: passkeys and codes end ({why})',
  },
  'preview.erase-person': { nl: 'Een persoon wissen ({why})', en: 'Erase a person ({why})' },
  'preview.erase-company': { nl: 'Een bedrijf wissen ({why})', en: 'Erase a company ({why})' },
  'preview.erase-files-wrongly': {
    nl: '{count} documenten wissen voor hun bewaartermijn voorbij is, omdat geen wet ze laat bewaren ({why})',
    en: 'Erase {count} documents before their retention period is over, because no law has them kept ({why})',
  },
  'preview.erase-files': {
    nl: '{count} documenten wissen waarvan de bewaartermijn voorbij is ({why})',
    en: 'Erase {count} documents whose retention period is over ({why})',
  },
  'preview.erase-joint': {
    nl: 'Een gezamenlijk dossier wissen ({why})',
    en: 'Erase a joint dossier ({why})',
  },
  'preview.erase-own-one': {
    nl: 'met {count} eenmanszaak',
    en: 'with {count} company of a sole trader',
  },
  'preview.erase-own-many': {
    nl: 'met {count} eenmanszaken',
    en: 'with {count} companies of a sole trader',
  },
  'preview.erase-key': { nl: '{count} sleutel vernietigd', en: '{count} key destroyed' },
  'preview.erase-keys': { nl: '{count} sleutels vernietigd', en: '{count} keys destroyed' },
  'preview.safeguards': {
    nl: 'Vier ogen voor: {what}. Noodtoegang duurt {minutes} minuten.',
    en: 'Four eyes for: {what}. Break-glass lasts {minutes} minutes.',
  },
  'preview.nothing': { nl: 'niets', en: 'nothing' },
  safeguards: { nl: 'Vier ogen en noodtoegang', en: 'Four eyes and break-glass' },
  safeguardsText: {
    nl: 'Wat één persoon niet alleen mag doen. Wie het vraagt, doet het pas nadat een collega goedkeurt.',
    en: 'What one person does not do alone. Whoever asks it, does it only after a colleague approves.',
  },
  fourEyes: { nl: 'Hiervoor zijn twee mensen nodig', en: 'This takes two people' },
  fourEyesOne: {
    nl: '{count} collega kan goedkeuren wat jij vraagt.',
    en: '{count} colleague can approve what you ask.',
  },
  fourEyesMany: {
    nl: '{count} collega’s kunnen goedkeuren wat jij vraagt.',
    en: '{count} colleagues can approve what you ask.',
  },
  fourEyesNobody: {
    nl: 'Nog niemand kan goedkeuren wat jij vraagt. Geef eerst een collega een rol die mag goedkeuren; zeven dagen later telt die mee.',
    en: 'Nobody can approve yet what you ask. First give a colleague a role that may approve; seven days later they count.',
  },
  'four.export': { nl: 'Exporteren en alles meenemen', en: 'Exporting and taking everything out' },
  'four.bulk-delete': {
    nl: 'Meer dan 20 klanten tegelijk verwijderen',
    en: 'Removing more than 20 customers at once',
  },
  'four.change-rights': {
    nl: 'Collega’s uitnodigen en rechten veranderen',
    en: 'Inviting colleagues and changing rights',
  },
  'four.erase': {
    nl: 'Wissen: de sleutels van een dossier vernietigen',
    en: 'Erasing: destroying the keys of a record',
  },
  'four.reset-factor': {
    nl: 'Iemands passkeys en codes vernieuwen',
    en: 'Renewing somebody’s passkeys and codes',
  },
  breakGlass: { nl: 'Noodtoegang', en: 'Break-glass' },
  breakGlassText: {
    nl: 'Moet je nu iets zien wat niet van jou is? Met noodtoegang zie je {minutes} minuten lang alle klanten, en kun je niets wijzigen. De beheerders en de privacyfunctionaris horen het meteen, en kijken achteraf na wat je opende.',
    en: 'When you must see now what is not yours, break-glass shows you everything for {minutes} minutes. You then change nothing. The administrators and the privacy officer hear of it at once, and look afterwards at what you opened.',
  },
  breakGlassAsk: { nl: 'Noodtoegang nodig', en: 'I need emergency access' },
  breakGlassOpen: { nl: 'Noodtoegang openen', en: 'Break the glass' },
  breakGlassReasonHint: {
    nl: 'Waarom nu, en waarom jij? De nazichter leest dit.',
    en: 'Why now, and why you? Whoever reviews reads this.',
  },
  breakGlassLasts: { nl: 'Noodtoegang duurt', en: 'Break-glass lasts' },
  minutes: { nl: '{count} minuten', en: '{count} minutes' },
  breakGlassMine: {
    nl: 'Noodtoegang is open tot {until}. Je ziet alle klanten en kunt niets wijzigen. Alles wat je opent, wordt nagekeken.',
    en: 'Break-glass is open until {until}. You see all customers and can change nothing. Everything you open is reviewed.',
  },
  breakGlassOther: {
    nl: '{who} heeft noodtoegang tot {until}.',
    en: '{who} has emergency access until {until}.',
  },
  breakGlassEnd: { nl: 'Noodtoegang beëindigen', en: 'End it' },
  breakGlassLook: { nl: 'Bekijken', en: 'Look' },
  breakGlassFromTo: { nl: '{from} – {to}', en: '{from} – {to}' },
  'breakGlass.live': { nl: 'Open', en: 'Open' },
  'breakGlass.waiting': { nl: 'Nog na te kijken', en: 'To be reviewed' },
  'breakGlass.reviewed': { nl: 'Nagekeken', en: 'Reviewed' },
  breakGlassOpenedOne: { nl: '{count} dossier geopend.', en: '{count} dossier opened.' },
  breakGlassOpenedMany: { nl: '{count} dossiers geopend.', en: '{count} dossiers opened.' },
  breakGlassListedOne: {
    nl: '{count} andere klant stond in een lijst.',
    en: '{count} other customer stood in a list.',
  },
  breakGlassListedMany: {
    nl: '{count} andere klanten stonden in een lijst.',
    en: '{count} other customers stood in a list.',
  },
  breakGlassOwn: { nl: 'van henzelf', en: 'their own' },
  review: { nl: 'Nakijken', en: 'Review' },
  reviewFound: { nl: 'Wat heb je vastgesteld?', en: 'What did you find?' },
  reviewSign: { nl: 'Nazicht ondertekenen', en: 'Sign the review' },
  reviewedBy: { nl: 'Nagekeken door {who}', en: 'Reviewed by {who}' },
  'told.approval-asked': {
    nl: '{who} vraagt je goedkeuring',
    en: '{who} asks for your approval',
  },
  'told.approval-approved': {
    nl: '{who} keurde je vraag goed: voer ze uit binnen een dag',
    en: '{who} approved your request: do it within a day',
  },
  'told.approval-refused': { nl: '{who} wees je vraag af', en: '{who} refused your request' },
  'told.break-glass-opened': {
    nl: '{who} opende noodtoegang',
    en: '{who} broke the glass',
  },
  'told.handed-over': {
    nl: '{who} droeg aan je over wat een vertrokken collega had: {count} klanten en taken',
    en: '{who} handed to you what a colleague who left had: {count} customers and tasks',
  },
  'told.break-glass-ended': {
    nl: 'Een noodtoegang wacht op nazicht ({who} sloot ze)',
    en: 'A break-glass waits for review ({who} ended it)',
  },
  'not-allowed.own': {
    nl: 'Dit is van jezelf: iemand anders beslist.',
    en: 'This is your own: somebody else decides.',
  },
  'not-allowed.too-new': {
    nl: 'Wie dit vraagt, gaf je minder dan zeven dagen geleden je rechten. Iemand anders beslist.',
    en: 'Whoever asks this gave you your rights less than seven days ago. Somebody else decides.',
  },
  'not-allowed.same-device': {
    nl: 'Op dit toestel meldde ook de vrager zich aan. Beslis op je eigen toestel.',
    en: 'Whoever asks this signed in on this device too. Decide on a device of your own.',
  },
  'not-allowed.nobody-to-approve': {
    nl: 'Niemand anders kan goedkeuren. Geef eerst een collega een rol die mag goedkeuren; zeven dagen later telt die mee.',
    en: 'Nobody else can approve. First give a colleague a role that may approve; seven days later they count.',
  },
  'not-allowed.too-many-asked': {
    nl: 'Van jou wachten al 20 vragen op een beslissing. Trek er een in, of wacht tot een collega beslist.',
    en: 'Twenty of your requests wait for a decision already. Withdraw one, or wait until a colleague decides.',
  },
  askedAbout: { nl: 'Om wie het gaat', en: 'Whom it is about' },
  askedMore: { nl: 'en nog {count}', en: 'and {count} more' },
  askedHidden: {
    nl: 'Van deze eerste mag je er {count} niet zien.',
    en: 'Of these first ones you may not see {count}.',
  },
  'not-allowed.live': {
    nl: 'Deze noodtoegang is nog open. Beëindig ze eerst.',
    en: 'This break-glass is still open. End it first.',
  },
  'already-done.asked': {
    nl: 'Je vroeg dit al. Je krijgt een melding zodra iemand beslist.',
    en: 'You asked this already. You are notified as soon as somebody decides.',
  },
  'approval-needed': {
    nl: 'Niet gevraagd. Er is niets gebeurd.',
    en: 'Not asked. Nothing was done.',
  },
  'approval-asked': {
    nl: 'Gevraagd aan je collega’s. Je krijgt een melding zodra iemand beslist; daarna voer je het uit bij Goedkeuringen.',
    en: 'Asked of your colleagues. You are notified as soon as somebody decides; then you do it under Approvals.',
  },
  'step-up-cancelled': {
    nl: 'Niet bevestigd. Er is niets gebeurd.',
    en: 'Not confirmed. Nothing was done.',
  },
} satisfies Record<string, Said> & Record<OfGrants | `operation.${Operation}`, Said>
