export const entrance = {
  signIn: { nl: 'Aanmelden', en: 'Sign in' },
  signInTitle: { nl: 'Aanmelden bij Kluis', en: 'Sign in to Kluis' },
  signInPasskey: { nl: 'Aanmelden met passkey', en: 'Sign in with a passkey' },
  or: { nl: 'of', en: 'or' },
  password: { nl: 'Wachtwoord', en: 'Password' },
  showPassword: { nl: 'Wachtwoord tonen of verbergen', en: 'Show or hide the password' },
  totpText: {
    nl: 'Geef de code uit je authenticator-app.',
    en: 'Enter the code from your authenticator app.',
  },
  recoveryText: {
    nl: 'Geef een van je tien herstelcodes. Elke code werkt één keer.',
    en: 'Enter one of your ten recovery codes. Each works once.',
  },
  code: { nl: 'Code van zes cijfers', en: 'Six-digit code' },
  recoveryCode: { nl: 'Herstelcode', en: 'Recovery code' },
  useRecoveryCode: { nl: 'Gebruik een herstelcode', en: 'Use a recovery code' },
  useAppCode: { nl: 'Gebruik de code uit de app', en: 'Use the code from the app' },
  yourName: { nl: 'Je naam', en: 'Your name' },
  yourEmail: { nl: 'E-mailadres', en: 'E-mail address' },
  welcome: { nl: 'Welkom bij Kluis', en: 'Welcome to Kluis' },
  welcomeText: {
    nl: 'In een paar minuten is alles klaar. Eerst je organisatie.',
    en: 'Everything is ready in a few minutes. First your organisation.',
  },
  organisationName: { nl: 'Naam van de organisatie', en: 'Name of the organisation' },
  visibility: { nl: 'Wie ziet een klant?', en: 'Who sees a customer?' },
  visibilityText: {
    nl: 'De databank zelf dwingt dit af. Je kunt het later wijzigen.',
    en: 'The database itself enforces this. You can change it later.',
  },
  'visibility.owner': { nl: 'Alleen de eigenaar', en: 'Only the owner' },
  'visibility.team': { nl: 'Het team', en: 'The team' },
  'visibility.everyone': { nl: 'Iedereen', en: 'Everyone' },
  'visibilityText.owner': {
    nl: 'Elke medewerker ziet de eigen klanten.',
    en: 'Everyone sees their own customers.',
  },
  'visibilityText.team': {
    nl: 'Collega’s van hetzelfde team zien elkaars klanten.',
    en: 'Colleagues of one team see each other’s customers.',
  },
  'visibilityText.everyone': {
    nl: 'Alle medewerkers zien alle klanten.',
    en: 'All colleagues see all customers.',
  },
  firstAdministrator: { nl: 'De eerste beheerder', en: 'The first administrator' },
  firstAdministratorText: {
    nl: 'Dat ben jij. Collega’s nodig je straks uit.',
    en: 'That is you. You invite colleagues later.',
  },
  secureAccount: { nl: 'Beveilig je account', en: 'Secure your account' },
  secureAccountText: {
    nl: 'Een gestolen wachtwoord is nooit genoeg om bij je klanten te komen.',
    en: 'A stolen password is never enough to reach your customers.',
  },
  passkeyChoice: { nl: 'Passkey (aangeraden)', en: 'Passkey (recommended)' },
  passkeyChoiceText: {
    nl: 'Vingerafdruk, gezicht of pincode van dit toestel. Niet na te maken met een valse website.',
    en: 'Fingerprint, face or PIN of this device. Can not be taken by a false website.',
  },
  totpChoice: { nl: 'Wachtwoord en app', en: 'Password and app' },
  totpChoiceText: {
    nl: 'Een wachtwoord, en telkens een code uit een authenticator-app.',
    en: 'A password, and each time a code from an authenticator app.',
  },
  choosePassword: { nl: 'Kies een wachtwoord', en: 'Choose a password' },
  choosePasswordText: {
    nl: 'Lengte telt meer dan vreemde tekens. Een zin van vier of vijf woorden is goed.',
    en: 'Length counts more than odd characters. A phrase of four or five words is good.',
  },
  scanCode: { nl: 'Scan met je app', en: 'Scan with your app' },
  scanCodeText: {
    nl: 'Open een authenticator-app, scan de code en typ de zes cijfers die verschijnen.',
    en: 'Open an authenticator app, scan the code and type the six digits that appear.',
  },
  qrLabel: {
    nl: 'QR-code om te scannen met een authenticator-app',
    en: 'QR code to scan with an authenticator app',
  },
  codesFile: { nl: 'kluis-herstelcodes.txt', en: 'kluis-recovery-codes.txt' },
  recoveryCodes: { nl: 'Je herstelcodes', en: 'Your recovery codes' },
  recoveryCodesText: {
    nl: 'Ben je je toestel kwijt, dan kom je hiermee binnen. Elke code werkt één keer. Ze worden maar nu getoond.',
    en: 'If you lose your device, these let you in. Each works once. They are shown only now.',
  },
  codesKept: {
    nl: 'Ik heb de codes op een veilige plaats bewaard',
    en: 'I have kept the codes in a safe place',
  },
  recoverySheet: { nl: 'Herstelblad van de hoofdsleutel', en: 'Recovery sheet of the root key' },
  recoverySheetText: {
    nl: 'Met dit blad en een back-up opent alles weer op een nieuwe machine. Zonder dit blad kan niemand dat, ook wij niet.',
    en: 'With this sheet and a backup everything opens again on a new machine. Without it nobody can do that, not even we.',
  },
  recoverySheetWhere: {
    nl: 'Druk het af en leg het in een brandkast of bij je notaris. Niet bewaren naast de back-up.',
    en: 'Print it and put it in a safe or with your notary. Do not keep it beside the backup.',
  },
  sheetKept: {
    nl: 'Ik heb het herstelblad afgedrukt of overgeschreven',
    en: 'I have printed or copied the recovery sheet',
  },
  toKluis: { nl: 'Naar Kluis', en: 'To Kluis' },
  stepOf: { nl: 'Stap {step} van {count}', en: 'Step {step} of {count}' },
  alreadySetUp: { nl: 'Kluis is al ingericht', en: 'Kluis is already set up' },
  alreadySetUpText: {
    nl: 'Meld je aan, of vraag je beheerder om een uitnodiging.',
    en: 'Sign in, or ask your administrator for an invitation.',
  },
  setUpLinkNeeded: { nl: 'Gebruik de link om in te richten', en: 'Use the set-up link' },
  setUpLinkNeededText: {
    nl: 'Bij het starten toonde Kluis eenmalig een link in het venster waar het werd gestart. Open die link.',
    en: 'When Kluis started, it printed a one-time link in the window where it was started. Open that link.',
  },
  joinTitle: { nl: 'Welkom bij {organisation}', en: 'Welcome to {organisation}' },
  joinText: {
    nl: 'Je account is {email}. Na twee stappen kun je beginnen.',
    en: 'Your account is {email}. Two steps and you can begin.',
  },
  inviteGone: { nl: 'Deze uitnodiging werkt niet meer', en: 'This invitation no longer works' },
} satisfies Record<string, { nl: string; en: string }>
