/** What is said about signing in by the organisation's own provider; comes along with the screens that say it. */
export const federationWords = {
  ssoTitle: { nl: 'Aanmelden via je organisatie', en: 'Single sign-on' },
  ssoText: {
    nl: 'Collega’s melden zich aan waar ze dat al doen, bij Microsoft, Google, Okta, Keycloak of een andere aanbieder van OpenID Connect. Wie daar weg is, kan zich zo niet meer aanmelden.',
    en: 'Colleagues sign in where they do already, at Microsoft, Google, Okta, Keycloak or another provider of OpenID Connect. Whoever is gone there can no longer sign in this way.',
  },
  ssoNone: { nl: 'Nog geen aanbieder.', en: 'No provider yet.' },
  ssoAdd: { nl: 'Aanbieder toevoegen', en: 'Add a provider' },
  ssoEdit: { nl: '{name} wijzigen', en: 'Change {name}' },
  ssoOn: { nl: 'Aan', en: 'On' },
  ssoOff: { nl: 'Uit', en: 'Off' },
  ssoSwitchOn: { nl: 'Aanzetten', en: 'Switch on' },
  ssoSwitchOff: { nl: 'Uitzetten', en: 'Switch off' },
  ssoTry: { nl: 'Uitproberen', en: 'Try it' },
  ssoTryText: {
    nl: 'Kluis kijkt of het adres antwoordt, en brengt je dan naar de aanbieder. Na je aanmelding daar zie je hier wat hij over je zegt. Je sessie hier verandert niet.',
    en: 'Kluis checks whether the address answers, and then takes you to the provider. After you signed in there, you see here what it says about you. Your session here does not change.',
  },
  ssoTryFirst: {
    nl: 'Probeer het eerst uit; daarna kun je het aanzetten.',
    en: 'Try it first; then you can switch it on.',
  },
  ssoAddresses: { nl: 'Geef dit op bij de aanbieder', en: 'Enter this at the provider' },
  ssoCallback: { nl: 'Terugkeeradres (redirect URI)', en: 'Redirect URI' },
  ssoSignedOut: { nl: 'Adres na afmelden', en: 'Address after signing out' },
  ssoName: { nl: 'Naam op de knop', en: 'Name on the button' },
  ssoNameHint: { nl: 'Zoals “Microsoft” of “Okta”.', en: 'Such as “Microsoft” or “Okta”.' },
  ssoIssuer: { nl: 'Adres van de aanbieder (issuer)', en: 'Address of the provider (issuer)' },
  ssoIssuerHint: {
    nl: 'Zoals https://login.microsoftonline.com/…/v2.0. Kluis zoekt de rest zelf op.',
    en: 'Such as https://login.microsoftonline.com/…/v2.0. Kluis finds the rest by itself.',
  },
  ssoFixedWhileOn: { nl: 'Te wijzigen als het uit staat.', en: 'Can be changed while it is off.' },
  ssoClientId: { nl: 'Client-ID', en: 'Client ID' },
  ssoSecret: { nl: 'Clientgeheim', en: 'Client secret' },
  ssoSecretHint: {
    nl: 'Wordt verzegeld bewaard en nooit meer getoond.',
    en: 'Is kept sealed and never shown again.',
  },
  ssoSecretKept: {
    nl: 'Er is een geheim. Laat leeg om het te houden.',
    en: 'There is a secret. Leave empty to keep it.',
  },
  ssoDomains: { nl: 'E-maildomeinen', en: 'E-mail domains' },
  ssoDomainsHint: {
    nl: 'Alleen voor deze adressen mag de aanbieder spreken. Enter na elk domein.',
    en: 'The provider may speak for these addresses only. Enter after each domain.',
  },
  ssoWho: { nl: 'Wie, en met welke rol', en: 'Who, and in which role' },
  ssoGroupsClaim: { nl: 'Waar de groepen staan (claim)', en: 'Where the groups are (claim)' },
  ssoGroupsText: {
    nl: 'De eerste regel die past, geeft rol en team, telkens opnieuw bij het aanmelden. Zonder regels geef je de rollen hier zelf.',
    en: 'The first line that fits gives role and team, anew at each sign-in. Without lines you give the roles here yourself.',
  },
  ssoGroup: { nl: 'Groep', en: 'Group' },
  ssoGroupAdd: { nl: 'Regel toevoegen', en: 'Add a line' },
  ssoElse: { nl: 'Iedereen in geen van deze groepen', en: 'Everyone in none of these groups' },
  ssoElseNew: { nl: 'Rol en team van nieuwe collega’s', en: 'Role and team of new colleagues' },
  ssoElseNobody: { nl: 'weigeren', en: 'refuse' },
  ssoMakes: {
    nl: 'Wie hier nog geen account heeft, krijgt er een bij de eerste aanmelding',
    en: 'Whoever has no account here yet gets one at the first sign-in',
  },
  ssoFactor: { nl: 'Tweede factor', en: 'Second factor' },
  ssoFactorText: {
    nl: 'Bewijst de aanbieder een tweede factor met een van deze woorden, dan vraagt Kluis er geen. Anders vraagt Kluis een passkey of een code.',
    en: 'If the provider proves a second factor by one of these words, Kluis asks none. Otherwise Kluis asks for a passkey or a code.',
  },
  ssoAmr: { nl: 'Woorden in “amr”', en: 'Words in “amr”' },
  ssoAcr: { nl: 'Waarden van “acr”', en: 'Values of “acr”' },
  ssoSignsOut: {
    nl: 'Wie zich hier afmeldt, meldt zich ook bij de aanbieder af',
    en: 'Whoever signs out here signs out at the provider too',
  },
  ssoRequired: {
    nl: 'Iedereen van deze domeinen moet zich zo aanmelden',
    en: 'Everyone of these domains must sign in this way',
  },
  ssoExempt: { nl: 'Noodtoegang', en: 'Emergency access' },
  ssoExemptHint: {
    nl: 'Zij houden hun eigen passkey, voor als de aanbieder niet werkt. Minstens één beheerder met een passkey.',
    en: 'They keep their own passkey, for when the provider does not work. At least one administrator with a passkey.',
  },
  ssoWayBackMissing: {
    nl: 'Geen beheerder met noodtoegang heeft nog een passkey. Tot dat hersteld is, kan elke beheerder zich met eigen passkey of wachtwoord en code aanmelden.',
    en: 'No administrator with emergency access has a passkey any more. Until that is mended, every administrator can sign in with their own passkey, or password and code.',
  },
  ssoRemove: { nl: 'Verwijderen', en: 'Remove' },
  ssoRemoveText: {
    nl: 'Koppelingen en toegangssleutels van {name} verdwijnen. Wie hier geen passkey of wachtwoord heeft, moet je opnieuw uitnodigen.',
    en: 'Links and tokens of {name} go. Whoever has no passkey or password here has to be invited again.',
  },
  ssoRemoved: { nl: '{name} is verwijderd', en: '{name} was removed' },
  trialRight: { nl: 'Het werkt', en: 'It works' },
  trialWrong: { nl: 'Het werkt nog niet', en: 'It does not work yet' },
  trialEmail: { nl: 'E-mail', en: 'E-mail' },
  trialVerified: { nl: 'nagekeken door de aanbieder', en: 'verified by the provider' },
  trialUnverified: { nl: 'niet nagekeken', en: 'not verified' },
  trialGroups: { nl: 'Groepen', en: 'Groups' },
  trialNothing: { nl: 'niets meegegeven', en: 'nothing given' },
  trialFactor: { nl: 'Tweede factor', en: 'Second factor' },
  trialProven: { nl: 'bewezen', en: 'proven' },
  trialAsked: { nl: 'vraagt Kluis zelf', en: 'asked by Kluis' },
  trialRole: { nl: 'Rol', en: 'Role' },
  trialNoRole: { nl: 'geen: zou geweigerd worden', en: 'none: would be refused' },
  trialSaid: { nl: 'De aanbieder zei: {said}', en: 'The provider said: {said}' },
  directory: { nl: 'Collega’s laten bijhouden (SCIM 2.0)', en: 'Keeping colleagues (SCIM 2.0)' },
  directoryText: {
    nl: 'De aanbieder maakt collega’s aan en zet ze uit. Wie daar uitgezet wordt, is hier bij de volgende klik buiten. Groepen worden niet overgenomen: die bepalen de rol bij het aanmelden.',
    en: 'The provider makes colleagues and shuts them out. Whoever is shut out there is out here at the next click. Groups are not taken over: they decide the role at sign-in.',
  },
  directoryAddress: { nl: 'Adres (tenant-URL)', en: 'Address (tenant URL)' },
  directoryToken: { nl: 'Toegangssleutel maken', en: 'Make a token' },
  directoryTokenText: {
    nl: 'Neem deze sleutel nu over: hij wordt niet meer getoond.',
    en: 'Copy this token now: it is not shown again.',
  },
  directoryDays: { nl: 'Geldig', en: 'Valid for' },
  'directoryDays.90': { nl: '90 dagen', en: '90 days' },
  'directoryDays.180': { nl: '180 dagen', en: '180 days' },
  'directoryDays.365': { nl: '1 jaar', en: '1 year' },
  directoryUntil: { nl: 'geldig tot {when}', en: 'valid until {when}' },
  directoryOver: { nl: 'verlopen', en: 'expired' },
  directoryRevoked: { nl: 'ingetrokken', en: 'revoked' },
  directoryUsed: { nl: 'laatst gebruikt {when}', en: 'last used {when}' },
  directoryUnused: { nl: 'nog niet gebruikt', en: 'not used yet' },
  directoryRevoke: { nl: 'Intrekken', en: 'Revoke' },
  linked: { nl: 'Gekoppelde collega’s', en: 'Linked colleagues' },
  linkedNone: { nl: 'Nog niemand meldde zich zo aan.', en: 'Nobody signed in this way yet.' },
  linkedCount: { nl: '{count} collega’s gekoppeld', en: '{count} colleagues linked' },
  linkedOne: { nl: '1 collega gekoppeld', en: '1 colleague linked' },
  unlink: { nl: 'Ontkoppelen', en: 'Unlink' },
  unlinkText: {
    nl: 'Ontkoppelen doe je als iemand bij de aanbieder een nieuw account kreeg. Bij de volgende aanmelding wordt opnieuw gekoppeld.',
    en: 'Unlink when somebody got a new account at the provider. The next sign-in links anew.',
  },
  'factor.provider+theirs': { nl: 'via de aanbieder', en: 'by the provider' },
  'factor.provider+totp': { nl: 'via de aanbieder, met code', en: 'by the provider, with a code' },
  'factor.provider+recovery': {
    nl: 'via de aanbieder, met herstelcode',
    en: 'by the provider, with a recovery code',
  },
  'factor.provider+passkey': {
    nl: 'via de aanbieder, met passkey',
    en: 'by the provider, with a passkey',
  },
  'provider-not-right.not-https': {
    nl: 'Het adres moet met https:// beginnen, zonder vraagteken of wachtwoord erin.',
    en: 'The address must begin with https://, without a question mark or a password in it.',
  },
  'provider-not-right.address': {
    nl: 'Dit adres ligt binnen de machine of haar netwerk van de leverancier; daar gaat Kluis niet naartoe.',
    en: 'This address lies inside the machine or its hoster’s own network; Kluis does not go there.',
  },
  'provider-not-right.unreachable': {
    nl: 'De aanbieder antwoordt niet zoals het hoort. Kijk het adres na, en of deze server het internet op mag.',
    en: 'The provider does not answer as it should. Check the address, and whether this server may reach it.',
  },
  'provider-not-right.issuer-differs': {
    nl: 'De aanbieder noemt zichzelf anders. Neem zijn “issuer” letterlijk over, met het nummer van je eigen organisatie erin.',
    en: 'The provider calls itself something else. Copy its “issuer” literally, with the number of your own organisation in it.',
  },
  'provider-not-right.unfit': {
    nl: 'Op dit adres staat geen beschrijving van OpenID Connect die Kluis kan gebruiken.',
    en: 'At this address there is no description of OpenID Connect that Kluis can use.',
  },
  'provider-not-right.client-refused': {
    nl: 'De aanbieder aanvaardt Client-ID en geheim niet. Maak daar een nieuw geheim en vul het hier in.',
    en: 'The provider does not accept client ID and secret. Make a new secret there and enter it here.',
  },
  'provider-not-right.domain-taken': {
    nl: 'Een andere aanbieder spreekt al voor een van deze domeinen.',
    en: 'Another provider speaks for one of these domains already.',
  },
  'provider-not-right.public-domain': {
    nl: 'Bij een domein waar iedereen een adres krijgt, zou iedereen binnen mogen. Zet nieuwe accounts uit, of laat dat domein weg.',
    en: 'With a domain where anybody gets an address, anybody could come in. Switch new accounts off, or leave that domain out.',
  },
  'provider-not-right.no-role-for-new': {
    nl: 'Kies welke rol en welk team nieuwe collega’s krijgen.',
    en: 'Choose which role and team new colleagues get.',
  },
  'provider-not-right.switch-off-first': {
    nl: 'Zet de aanbieder eerst uit: een ander adres of Client-ID moet opnieuw uitgeprobeerd worden.',
    en: 'Switch the provider off first: another address or client ID has to be tried anew.',
  },
  'provider-not-right.try-first': {
    nl: 'Probeer het eerst uit: zo zoals het hier staat, werkte het nog niet.',
    en: 'Try it first: as it stands here, it has not been shown to work.',
  },
  'provider-not-right.no-way-back': {
    nl: 'Kies bij noodtoegang minstens één beheerder die hier een passkey heeft. Anders sluit een storing bij de aanbieder iedereen buiten.',
    en: 'Choose for emergency access at least one administrator who has a passkey here. Otherwise a failure at the provider shuts everybody out.',
  },
  signInWith: { nl: 'Aanmelden met {name}', en: 'Sign in with {name}' },
  signInWithNewTab: {
    nl: 'Er gaat een nieuw tabblad open. Deze pagina wacht op je.',
    en: 'A new tab opens. This page waits for you.',
  },
  signInWithRequired: {
    nl: 'Je organisatie vraagt om je zo aan te melden.',
    en: 'Your organisation asks you to sign in this way.',
  },
  signInOwnWay: { nl: 'Noodtoegang', en: 'Emergency access' },
  tabDone: {
    nl: 'Je bent aangemeld. Dit tabblad mag dicht; het andere gaat verder.',
    en: 'You are signed in. You can close this tab; the other one goes on.',
  },
  halfFactor: {
    nl: '{name} zei wie je bent. Toon nu nog je eigen passkey of code.',
    en: '{name} said who you are. Now show your own passkey or code.',
  },
  halfLink: {
    nl: 'Voor {email} is er al een account. Meld je één keer aan zoals je gewend bent; daarna is {name} genoeg.',
    en: 'There is an account for {email} already. Sign in once the way you are used to; after that {name} is enough.',
  },
  'arrived.expired': {
    nl: 'Het aanmelden bij de aanbieder duurde te lang, begon in een andere browser, of Kluis is intussen herstart. Begin hier opnieuw.',
    en: 'Signing in at the provider took too long, began in another browser, or Kluis was restarted meanwhile. Begin again here.',
  },
  'arrived.unreachable': {
    nl: 'De aanbieder antwoordt nu niet. Probeer het straks opnieuw, of meld je aan met je passkey.',
    en: 'The provider does not answer now. Try again later, or sign in with your passkey.',
  },
  'arrived.refused-there': {
    nl: 'De aanbieder liet je niet door. Probeer opnieuw, of vraag het je beheerder.',
    en: 'The provider did not let you through. Try again, or ask your administrator.',
  },
  'arrived.answer-not-right': {
    nl: 'Het antwoord van de aanbieder klopt niet, en is niet aanvaard. Probeer opnieuw; blijft het, zeg het je beheerder.',
    en: 'The answer of the provider is not right, and was not accepted. Try again; if it stays so, tell your administrator.',
  },
  'arrived.client-refused': {
    nl: 'De aanbieder aanvaardt Kluis niet meer. Zeg je beheerder dat het clientgeheim vernieuwd moet worden.',
    en: 'The provider no longer accepts Kluis. Tell your administrator that the client secret has to be renewed.',
  },
  'arrived.email-missing': {
    nl: 'De aanbieder gaf geen e-mailadres door. De beheerder kan dat daar toelaten (scope “email”).',
    en: 'The provider passed on no e-mail address. The administrator can allow that there (scope “email”).',
  },
  'arrived.email-unverified': {
    nl: 'De aanbieder zegt niet dat je e-mailadres nagekeken is. Zonder dat kan iedereen jouw adres opgeven.',
    en: 'The provider does not say that your e-mail address was verified. Without that anybody could give yours.',
  },
  'arrived.domain-not-bound': {
    nl: 'Voor het domein van je e-mailadres spreekt de aanbieder hier niet. Vraag je beheerder om het toe te voegen.',
    en: 'The provider does not speak here for the domain of your e-mail address. Ask your administrator to add it.',
  },
  'arrived.no-role': {
    nl: 'Geen van je groepen bij de aanbieder geeft toegang tot Kluis. Vraag je beheerder om de juiste groep.',
    en: 'None of your groups at the provider gives access to Kluis. Ask your administrator for the right group.',
  },
  'arrived.not-known': {
    nl: 'Je hebt hier nog geen account. Vraag je beheerder om een uitnodiging.',
    en: 'You have no account here yet. Ask your administrator for an invitation.',
  },
  'arrived.account-shut': {
    nl: 'Je account hier is uitgezet. Vraag je beheerder waarom.',
    en: 'Your account here was shut. Ask your administrator why.',
  },
  'arrived.somebody-else': {
    nl: 'Bij de aanbieder meldde zich iemand anders aan. Er is niets bevestigd. Dit tabblad mag dicht.',
    en: 'Somebody else signed in at the provider. Nothing was confirmed. This tab may be closed.',
  },
  'arrived.not-anew': {
    nl: 'De aanbieder vroeg niet opnieuw wie je bent. Er is niets bevestigd. Zeg het je beheerder: met een passkey in Kluis kan het wel.',
    en: 'The provider did not ask again who you are. Nothing was confirmed. Tell your administrator: with a passkey in Kluis it works.',
  },
  'arrived.linked-elsewhere': {
    nl: 'Dit account hoort hier al bij een ander account van de aanbieder. Je beheerder kan het ontkoppelen.',
    en: 'This account belongs to another account of the provider already. Your administrator can unlink it.',
  },
} satisfies Record<string, { nl: string; en: string }>
