/** Of signing in, sessions, lost factors and programs. */
export const access = {
  passkeyWhat: { nl: 'Wat is een passkey?', en: 'What is a passkey?' },
  passkeyWhat1: {
    nl: 'Een sleutel die op je telefoon of computer blijft. Je opent hem zoals je je toestel opent: met je vinger, je gezicht of je pincode.',
    en: 'A key that stays on your phone or computer. You open it as you open your device: with your finger, your face or your PIN.',
  },
  passkeyWhat2: {
    nl: 'Je hoeft niets te onthouden, en niemand kan hem je aftroggelen: er is niets om door te geven.',
    en: 'There is nothing to remember, and nobody can talk you out of it: there is nothing to pass on.',
  },
  passkeyWhat3: {
    nl: 'Op een computer zonder vingerafdruk? Kies in het venster ‘telefoon’ en scan het blokje met je camera.',
    en: 'On a computer without a fingerprint reader? Choose ‘phone’ in the window and scan the square with your camera.',
  },
  boundChoiceText: {
    nl: 'Je rol vraagt een passkey die op één toestel blijft: een USB-sleutel, of dit toestel zelf. Een passkey die zich naar andere toestellen kopieert, telt niet.',
    en: 'Your role asks for a passkey that stays on one device: a USB key, or this device itself. A passkey that copies itself to other devices does not count.',
  },
  'factor-not-allowed.passkey': {
    nl: 'Je rol vraagt een passkey. Meld je daarmee aan; heb je er geen, vraag een beheerder om je aanmelding te herstellen.',
    en: 'Your role asks for a passkey. Sign in with it; if you have none, ask an administrator to restore your sign-in.',
  },
  'factor-not-allowed.device-bound': {
    nl: 'Je rol vraagt een passkey die op één toestel blijft, zoals een USB-sleutel. Gebruik die; heb je er geen, vraag een beheerder om je aanmelding te herstellen.',
    en: 'Your role asks for a passkey that stays on one device, such as a USB key. Use that one; if you have none, ask an administrator to restore your sign-in.',
  },
  'factor-not-allowed.own': {
    nl: 'Jij hebt zelf nog geen passkey die hieraan voldoet. Voeg die eerst toe bij Beveiliging, anders raak je niet meer binnen.',
    en: 'You have no passkey of that kind yourself yet. Add it under Security first, or you would not get in again.',
  },
  helpSignIn: { nl: 'Ik raak niet binnen', en: 'I can not get in' },
  helpSignIn1: {
    nl: 'Toestel kwijt? Gebruik een passkey op een ander toestel, of je wachtwoord met een herstelcode.',
    en: 'Lost your device? Use a passkey on another device, or your password with a recovery code.',
  },
  helpSignIn2: {
    nl: 'Niets meer? Ga naar een beheerder van je organisatie, liefst in levenden lijve. Die geeft je een link; de code erbij krijg je langs een andere weg.',
    en: 'Nothing left? Go to an administrator of your organisation, preferably in person. They give you a link; the code for it reaches you another way.',
  },
  helpSignIn3: {
    nl: 'Kluis belt of mailt nooit om een code of wachtwoord.',
    en: 'Kluis never calls or mails to ask for a code or password.',
  },
  joinCodeTitle: { nl: 'Je code', en: 'Your code' },
  joinCodeText: {
    nl: 'De link alleen volstaat niet. Typ de code die je per mail of van een andere beheerder kreeg.',
    en: 'The link alone is not enough. Type the code that came by mail or from another administrator.',
  },
  joinCode: { nl: 'Code van tien letters en cijfers', en: 'Code of ten letters and digits' },
  renamePasskey: { nl: 'Naam van {name} wijzigen', en: 'Rename {name}' },
  passkeyName: { nl: 'Hoe heet dit toestel?', en: 'What is this device called?' },
  isBound: { nl: 'blijft op dit ene toestel', en: 'stays on this one device' },
  isKey: { nl: 'losse sleutel', en: 'separate key' },
  maySyncNot: { nl: 'kan gekopieerd worden', en: 'can be copied' },
  oneMorePasskey: {
    nl: 'Je hebt er maar één. Voeg er nog een toe op een ander toestel: raak je dit kwijt, dan kom je zonder hulp binnen.',
    en: 'You have only one. Add another on a second device: if you lose this one, you get in without help.',
  },
  sessionFrom: { nl: 'netwerk {place}', en: 'network {place}' },
  sessionUntil: { nl: 'tot {when}', en: 'until {when}' },
  sessionsOf: { nl: 'Aangemelde toestellen', en: 'Signed-in devices' },
  sessionsOfTitle: { nl: 'Waar {name} aangemeld is', en: 'Where {name} is signed in' },
  noSessions: { nl: 'Nergens aangemeld.', en: 'Signed in nowhere.' },
  signOutOther: { nl: 'Overal afmelden', en: 'Sign out everywhere' },
  signedOutOther: {
    nl: '{name} is overal afgemeld en krijgt daar bericht van',
    en: '{name} is signed out everywhere and hears of it',
  },
  recoveries: { nl: 'Aanmelding herstellen', en: 'Restoring a sign-in' },
  recoveryAsked: {
    nl: '{by} vroeg om de aanmelding van {name} te herstellen.',
    en: '{by} asked to restore the sign-in of {name}.',
  },
  recoveryWaiting: {
    nl: 'Wacht op een tweede beheerder, tot {when}.',
    en: 'Waits for a second administrator, until {when}.',
  },
  recoveryMustSee: {
    nl: 'Ga alleen akkoord als je {name} zelf gesproken hebt: in levenden lijve, of op een nummer dat je al kende. Nooit omdat iemand belt en aandringt.',
    en: 'Agree only if you spoke to {name} yourself: in person, or on a number you already knew. Never because somebody calls and insists.',
  },
  recoverySpoke: { nl: 'Ik heb {name} zelf gesproken', en: 'I spoke to {name} myself' },
  agree: { nl: 'Akkoord', en: 'Agree' },
  stopIt: { nl: 'Tegenhouden', en: 'Stop it' },
  recoveryStopped: { nl: 'Tegengehouden', en: 'Stopped' },
  recoveryAgreedLink: {
    nl: 'Geef deze link aan {name}. {by} heeft de code en geeft die zelf. De link werkt 24 uur.',
    en: 'Give this link to {name}. {by} has the code and gives it. The link works for 24 hours.',
  },
  recoveryAgreed: {
    nl: '{by} ging akkoord en geeft {name} een link. Die vraagt een code.',
    en: '{by} agreed and gives {name} a link. It asks for a code.',
  },
  recoveryCodeForYou: {
    nl: 'Geef deze code zelf aan {name}, niet samen met de link:',
    en: 'Give this code to {name} yourself, not together with the link:',
  },
  resetAsked: {
    nl: 'Voor deze collega zijn twee beheerders nodig. De anderen krijgen bericht; na akkoord krijg jij hier de code.',
    en: 'For this colleague two administrators are needed. The others are told; once one agrees you get the code here.',
  },
  resetLinkText: {
    nl: 'Geef deze link aan je collega. Hij werkt één keer, 24 uur lang, en vraagt een code.',
    en: 'Give this link to your colleague. It works once, for 24 hours, and asks for a code.',
  },
  resetCodeMailed: {
    nl: 'De code ging per mail naar je collega.',
    en: 'The code went to your colleague by mail.',
  },
  resetCodeText: {
    nl: 'Geef deze code zelf, van aangezicht, en niet samen met de link:',
    en: 'Give this code yourself, face to face, and not together with the link:',
  },
  ownRecovery: {
    nl: '{by} vroeg om jouw aanmelding te herstellen. Daarna werkt niets meer waarmee je nu aanmeldt. Heb jij dat niet gevraagd? Houd het tegen.',
    en: '{by} asked to restore your sign-in. Nothing that you sign in with now works after that. Did you not ask for it? Stop it.',
  },
  signInRulesText: {
    nl: 'Per rol: hoe lang een sessie duurt en waarmee men aanmeldt. Geldt meteen, ook voor wie nu aangemeld is.',
    en: 'For each role: how long a session lasts and what one signs in with. Holds at once, also for who is signed in now.',
  },
  idleLimit: { nl: 'Afmelden na stilte', en: 'Sign out when idle' },
  absoluteLimit: { nl: 'Langste sessie', en: 'Longest session' },
  minutes: { nl: '{count} minuten', en: '{count} minutes' },
  hours: { nl: '{count} uur', en: '{count} hours' },
  oneHour: { nl: '1 uur', en: '1 hour' },
  asksLabel: { nl: 'Aanmelden met', en: 'Sign in with' },
  'asks.two-factors': {
    nl: 'passkey, of wachtwoord met code',
    en: 'a passkey, or a password with a code',
  },
  'asks.passkey': { nl: 'alleen een passkey', en: 'a passkey only' },
  'asks.device-bound': {
    nl: 'alleen een passkey die op één toestel blijft',
    en: 'only a passkey that stays on one device',
  },
  recoveredBy: { nl: 'Verloren aanmelding herstellen', en: 'Restoring a lost sign-in' },
  'recoveredBy.1': { nl: 'één beheerder', en: 'one administrator' },
  'recoveredBy.2': { nl: 'twee beheerders', en: 'two administrators' },
  recoveredByAlways: {
    nl: 'Wie collega’s, rollen, de organisatie of programma’s beheert, heeft er altijd twee nodig.',
    en: 'Whoever manages colleagues, roles, the organisation or programs always needs two.',
  },
  lackingOne: {
    nl: 'Eén collega heeft er nog geen en raakt dan niet meer binnen.',
    en: 'One colleague has none yet and would not get in any more.',
  },
  lackingMany: {
    nl: '{count} collega’s hebben er nog geen en raken dan niet meer binnen.',
    en: '{count} colleagues have none yet and would not get in any more.',
  },
  programsText: {
    nl: 'Programma’s die met Kluis werken, elk met een eigen rol en team. Ze zien wat een collega met die rol ziet, en laten dezelfde sporen na.',
    en: 'Programs that work with Kluis, each with a role and team of its own. They see what a colleague with that role sees, and leave the same traces.',
  },
  noPrograms: { nl: 'Nog geen programma’s.', en: 'No programs yet.' },
  newProgram: { nl: 'Programma toevoegen', en: 'Add a program' },
  newKey: { nl: 'Nieuwe sleutel', en: 'New key' },
  newKeyOf: { nl: 'Nieuwe sleutel voor {name}', en: 'New key for {name}' },
  makeKey: { nl: 'Sleutel maken', en: 'Make the key' },
  keyShown: {
    nl: 'Kopieer de sleutel nu. Hij wordt maar één keer getoond.',
    en: 'Copy the key now. It is shown only once.',
  },
  keyFrom: { nl: 'Van deze netwerken', en: 'From these networks' },
  keyFromHint: {
    nl: 'Zoals 203.0.113.0/24, één per regel. Van elders werkt de sleutel niet, en wie verantwoordelijk is krijgt bericht.',
    en: 'Such as 203.0.113.0/24, one a line. From elsewhere the key does not work, and whoever answers for it is told.',
  },
  keyDays: { nl: 'Geldig', en: 'Valid for' },
  days: { nl: '{count} dagen', en: '{count} days' },
  oneYear: { nl: '1 jaar', en: '1 year' },
  keyUntil: { nl: 'tot {when}', en: 'until {when}' },
  keyEnded: { nl: 'verlopen', en: 'ended' },
  keyUsed: { nl: 'laatst gebruikt {when}', en: 'last used {when}' },
  keyNeverUsed: { nl: 'nooit gebruikt', en: 'never used' },
  revokeKey: { nl: 'Intrekken', en: 'Revoke' },
  keyRevoked: { nl: 'De sleutel opent niets meer', en: 'The key opens nothing any more' },
  revokeSure: {
    nl: 'Wat deze sleutel gebruikt, werkt dan meteen niet meer. Dat is niet terug te draaien.',
    en: 'Whatever uses this key stops working at once. That can not be undone.',
  },
  noKeys: { nl: 'Geen sleutel.', en: 'No key.' },
  responsible: { nl: 'Verantwoordelijke collega', en: 'Colleague who answers for it' },
  answersFor: { nl: '{name} is verantwoordelijk', en: '{name} answers for it' },
  orphaned: {
    nl: '{name} werkt hier niet meer. Kies wie nu verantwoordelijk is.',
    en: '{name} no longer works here. Choose who answers for it now.',
  },
  leaverPrograms: {
    nl: '{name} was verantwoordelijk voor {programs}. Die werken nog: kies bij Programma’s iemand anders.',
    en: '{name} answered for {programs}. They work still: choose somebody else under Programs.',
  },
  'told.new-device': {
    nl: 'Met jouw account is aangemeld vanaf een nieuw toestel',
    en: 'Somebody signed in with your account from a new device',
  },
  'told.recovery-asked': {
    nl: '{who} vroeg om jouw aanmelding te herstellen',
    en: '{who} asked to restore your sign-in',
  },
  'told.recovery-to-agree': {
    nl: '{who} vraagt je akkoord om iemands aanmelding te herstellen',
    en: '{who} asks you to agree to restoring somebody’s sign-in',
  },
  'told.factors-reset': {
    nl: 'Je aanmelding is hersteld door {who}',
    en: 'Your sign-in was restored by {who}',
  },
  'told.factors-changed': {
    nl: 'Waarmee je aanmeldt, is gewijzigd: een passkey, app, wachtwoord of herstelcodes',
    en: 'What you sign in with was changed: a passkey, app, password or recovery codes',
  },
  'told.sessions-ended': {
    nl: '{who} heeft je op al je toestellen afgemeld',
    en: '{who} signed you out on all your devices',
  },
  'told.key-orphaned': {
    nl: 'Een programma heeft een nieuwe verantwoordelijke nodig',
    en: 'A program needs somebody else to answer for it',
  },
  'told.key-elsewhere': {
    nl: 'Een sleutel van een programma is elders geprobeerd en geweigerd',
    en: 'A program’s key was tried elsewhere and refused',
  },
  codesApp: { nl: 'App met codes', en: 'App with codes' },
  codesAppText: {
    nl: 'Een nieuwe telefoon? Koppel de app daarop; de oude werkt tot de nieuwe een code gaf. Een passkey is veiliger.',
    en: 'A new phone? Link the app on it; the old one works until the new one gave a code. A passkey is safer.',
  },
  newApp: { nl: 'App opnieuw koppelen', en: 'Link the app again' },
  newAppDone: { nl: 'De nieuwe app is gekoppeld', en: 'The new app is linked' },
  'weak-password.missing': {
    nl: 'Kies eerst een wachtwoord: een code uit een app werkt alleen samen daarmee.',
    en: 'Choose a password first: a code from an app works only together with one.',
  },
  noPasskey: { nl: 'geen passkey', en: 'no passkey' },
  noFactor: { nl: 'geen eigen factor', en: 'no factor of their own' },
  passkeys: { nl: 'Passkeys', en: 'Passkeys' },
  passkeysText: {
    nl: 'Eén per toestel is handig: raak je er een kwijt, dan heb je de andere nog.',
    en: 'One for each device is handy: lose one and you still have the other.',
  },
  addPasskey: { nl: 'Passkey toevoegen', en: 'Add a passkey' },
  passkeyAdded: { nl: 'Passkey toegevoegd', en: 'Passkey added' },
  lastUsed: { nl: 'laatst gebruikt {when}', en: 'last used {when}' },
  addedAt: { nl: 'toegevoegd {when}', en: 'added {when}' },
  synced: { nl: 'gedeeld tussen toestellen', en: 'synced between devices' },
  newCodes: { nl: 'Nieuwe herstelcodes maken', en: 'Make new recovery codes' },
  newCodesText: {
    nl: 'Tien codes voor als je je toestel kwijt bent. De oude werken dan niet meer.',
    en: 'Ten codes for when you lose your device. The old ones stop working.',
  },
  passwordText: {
    nl: 'Alleen nodig als je niet met een passkey aanmeldt.',
    en: 'Only needed if you do not sign in with a passkey.',
  },
  currentPassword: { nl: 'Huidig wachtwoord', en: 'Current password' },
  newPassword: { nl: 'Nieuw wachtwoord', en: 'New password' },
  passwordChanged: { nl: 'Wachtwoord gewijzigd', en: 'Password changed' },
  sessionsText: {
    nl: 'Herken je er een niet, meld hem dan af en wijzig je wachtwoord.',
    en: 'If you do not recognise one, sign it out and change your password.',
  },
  signOutEverywhere: { nl: 'Overal afmelden', en: 'Sign out everywhere' },
  colleaguesText: {
    nl: 'Wie met Kluis werkt, in welke rol en welk team.',
    en: 'Who works with Kluis, in which role and team.',
  },
  makeInvite: { nl: 'Uitnodiging maken', en: 'Make the invitation' },
  inviteLinkText: {
    nl: 'Geef deze link aan je collega. Hij werkt één keer, zeven dagen lang.',
    en: 'Give this link to your colleague. It works once, for seven days.',
  },
  'status.invited': { nl: 'uitgenodigd', en: 'invited' },
  'status.active': { nl: 'actief', en: 'active' },
  roleAndTeams: { nl: 'Rol en teams', en: 'Role and teams' },
  resetFactor: { nl: 'Tweede factor herstellen', en: 'Reset second factor' },
  resetFactorOf: {
    nl: 'Tweede factor van {name} herstellen',
    en: 'Reset the second factor of {name}',
  },
  resetFactorText: {
    nl: 'Alle sessies van deze collega eindigen en je krijgt een link waarmee die opnieuw begint. Ga eerst na dat het echt je collega is die het vraagt.',
    en: 'All sessions of this colleague end and you get a link to begin anew. First make sure that it really is your colleague who asks.',
  },
  resetReason: { nl: 'Reden', en: 'Reason' },
  resetReasonHint: {
    nl: 'Minstens tien tekens. De reden blijft bewaard.',
    en: 'At least ten characters. The reason is kept.',
  },
  colleagueDisabled: { nl: '{name} kan niet meer aanmelden', en: '{name} can no longer sign in' },
} satisfies Record<string, { nl: string; en: string }>
