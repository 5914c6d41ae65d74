import type { ProblemCode } from '../api/shapes.ts'

/** What a refusal means, in the words of the person who reads it, and what to try. */
export const refusals = {
  'bad-request': {
    nl: 'De server begreep dit verzoek niet. Laad de pagina opnieuw.',
    en: 'The server did not understand this request. Reload the page.',
  },
  'not-signed-in': {
    nl: 'Je bent niet (meer) aangemeld.',
    en: 'You are not signed in (any more).',
  },
  'wrong-credentials': {
    nl: 'Deze gegevens kloppen niet. Kijk het e-mailadres en het wachtwoord na.',
    en: 'These details are not right. Check the e-mail address and the password.',
  },
  'second-factor-wrong': {
    nl: 'Deze code klopt niet of is al gebruikt. Wacht op de volgende code.',
    en: 'This code is not right or was used before. Wait for the next one.',
  },
  'sign-in-expired': {
    nl: 'Het aanmelden duurde te lang, of Kluis is intussen herstart. Begin opnieuw.',
    en: 'Signing in took too long, or Kluis was restarted meanwhile. Begin again.',
  },
  'not-allowed': { nl: 'Jouw rol laat dit niet toe.', en: 'Your role does not include this.' },
  'wrong-host': {
    nl: 'Dit is niet het adres waarvoor Kluis is ingesteld.',
    en: 'This is not the address that Kluis was set up for.',
  },
  'step-up-needed': {
    nl: 'Bewijs opnieuw wie je bent om verder te gaan.',
    en: 'Prove again who you are to go on.',
  },
  frozen: {
    nl: 'Je toegang is bevroren tot een collega kijkt.',
    en: 'Your access is frozen until a colleague looks.',
  },
  'over-budget': {
    nl: 'Dit zijn meer klanten dan jouw rol op een dag mag meenemen. Vraag het aan wie dat mag, of neem er minder mee.',
    en: 'These are more customers than your role may take out in a day. Ask somebody who may, or take fewer.',
  },
  'wrong-origin': {
    nl: 'Open Kluis op zijn eigen adres en probeer opnieuw.',
    en: 'Open Kluis at its own address and try again.',
  },
  'sign-in-elsewhere': {
    nl: 'Je organisatie laat je aanmelden via {provider}.',
    en: 'Your organisation has you sign in with {provider}.',
  },
  'provider-not-right': {
    nl: 'Zo kan deze aanbieder niet gebruikt worden.',
    en: 'The provider can not be used like this.',
  },
  'not-found': {
    nl: 'Dit bestaat niet, of is niet voor jou zichtbaar.',
    en: 'This does not exist, or is not visible to you.',
  },
  'changed-meanwhile': {
    nl: 'Iemand anders heeft dit intussen gewijzigd.',
    en: 'Someone else changed this meanwhile.',
  },
  'rotation-running': {
    nl: 'Er worden al sleutels vervangen. Begin hieraan als dat klaar is.',
    en: 'Keys are being replaced already. Begin this when that is done.',
  },
  'kept-by-law': {
    nl: 'Een wet laat dit bestand nog bewaren.',
    en: 'A law has this file kept for now.',
  },
  'reason-needed': {
    nl: 'Zeg eerst waarvoor het bestand nodig is.',
    en: 'Say first what the file is needed for.',
  },
  'already-done': { nl: 'Dit is al gebeurd.', en: 'This was already done.' },
  'group-ring': {
    nl: 'Zo zou een bedrijf boven zichzelf komen te staan. Haal eerst de andere groepsrelatie weg.',
    en: 'A company would come to stand above itself this way. First take the other group relation away.',
  },
  'last-party': {
    nl: 'De laatste partij van een gezamenlijk dossier blijft. Beëindig het dossier, of voeg eerst iemand anders toe.',
    en: 'The last party of a joint dossier stays. End the dossier, or add somebody else first.',
  },
  'joint-dossier-ended': {
    nl: 'Dit gezamenlijke dossier is beëindigd: er komt niets meer bij. Heropen het als dat toch moet.',
    en: 'This joint dossier has ended: nothing is added to it any more. Reopen it if something must be.',
  },
  'link-used': {
    nl: 'Deze link is al gebruikt of verlopen. Vraag een nieuwe.',
    en: 'This link was used or has expired. Ask for a new one.',
  },
  'too-large': { nl: 'Dit is te groot.', en: 'This is too large.' },
  'too-large.file': {
    nl: 'Dit bestand is te groot: hoogstens 25 MB. Verklein het, of bewaar het in delen.',
    en: 'This file is too large: at most 25 MB. Make it smaller, or keep it in parts.',
  },
  'upload-incomplete': {
    nl: 'Het bestand is niet helemaal aangekomen. Probeer opnieuw: wat er al is, wordt niet nog eens gestuurd.',
    en: 'Not all of the file arrived. Try again: what is there already is not sent again.',
  },
  'invalid-fields': {
    nl: 'Enkele velden vragen nog aandacht.',
    en: 'Some fields need another look.',
  },
  'national-number-found': {
    nl: 'In deze tekst lijkt een rijksregisternummer of BSN te staan.',
    en: 'This text seems to hold a national number.',
  },
  'weak-password': {
    nl: 'Kies een langer of minder gangbaar wachtwoord. Een zin van vier woorden werkt goed.',
    en: 'Choose a longer or less common password. A phrase of four words works well.',
  },
  'weak-password.short': {
    nl: 'Dit wachtwoord is te kort: neem minstens 12 tekens. Een zin van vier woorden werkt goed.',
    en: 'This password is too short: take at least 12 characters. A phrase of four words works well.',
  },
  'weak-password.common': {
    nl: 'Dit wachtwoord staat op lijsten die aanvallers proberen. Kies een ander.',
    en: 'This password is on the lists that attackers try. Choose another.',
  },
  'weak-password.holds-name': {
    nl: 'Je naam, e-mailadres of organisatie staat in dit wachtwoord. Kies iets wat niemand raadt.',
    en: 'Your name, e-mail address or organisation stands in this password. Choose what nobody guesses.',
  },
  'factor-not-allowed': {
    nl: 'Je rol vraagt een andere manier van aanmelden.',
    en: 'Your role asks for another way to sign in.',
  },
  'second-needed': {
    nl: 'Hiervoor is een tweede beheerder nodig, en die is er niet. Wie de server beheert, doet het met: npx kluis users reset-factor.',
    en: 'This needs a second administrator, and there is none. Whoever runs the server does it with: npx kluis users reset-factor.',
  },
  'not-for-programs': {
    nl: 'Deze rol beheert iets wat alleen mensen beslissen. Kies voor een programma een andere rol.',
    en: 'This role manages what only people decide. Choose another role for a program.',
  },
  'last-factor': {
    nl: 'Dit is het laatste waarmee je kunt aanmelden. Voeg eerst iets anders toe.',
    en: 'This is the last thing you can sign in with. Add another first.',
  },
  'last-administrator': {
    nl: 'De organisatie heeft minstens één beheerder nodig.',
    en: 'The organisation needs at least one administrator.',
  },
  'too-many-attempts': {
    nl: 'Te veel pogingen. Wacht even en probeer opnieuw.',
    en: 'Too many attempts. Wait a moment and try again.',
  },
  'file-unreadable': {
    nl: 'Dit bestand is niet te lezen. Bewaar het als CSV en probeer opnieuw.',
    en: 'This file can not be read. Save it as CSV and try again.',
  },
  'record-erased': {
    nl: 'Deze klant is gewist: de sleutel is vernietigd.',
    en: 'This record was erased: its key was destroyed.',
  },
  'record-damaged': {
    nl: 'Dit dossier gaat niet open: het is beschadigd of verplaatst. Verwittig de beheerder.',
    en: 'This record does not open: it was damaged or moved. Tell your administrator.',
  },
  'key-damaged': {
    nl: 'De sleutel van dit dossier is beschadigd of verloren. Verwittig de beheerder: npx kluis vault repair zet hem terug als er een tweede kopie is.',
    en: 'The key of this record is damaged or lost. Tell your administrator: npx kluis vault repair puts it back where there is a second copy.',
  },
  'own-rights': {
    nl: 'Niemand geeft zichzelf meer rechten, of een ander meer beheer dan die zelf heeft. Vraag het een collega.',
    en: 'Nobody gives themselves more rights, or anybody more administration than they have. Ask a colleague.',
  },
  'role-in-use': {
    nl: 'Deze rol is nog in gebruik, door collega’s of bij een veld.',
    en: 'This role is still in use, by colleagues or at a field.',
  },
  'team-ring': {
    nl: 'Een team kan niet boven zichzelf staan.',
    en: 'A team can not stand above itself.',
  },
  internal: {
    nl: 'Er ging iets mis aan onze kant. Er is niets bewaard.',
    en: 'Something went wrong on our side. Nothing was saved.',
  },
  'keystore-unavailable': {
    nl: 'De sleutelkluis is er niet; daarom gaat niets open.',
    en: 'The keystore is not there, so nothing opens.',
  },
  'keeper-unavailable': {
    nl: 'Kluis start opnieuw op. Er is niets verloren; probeer over enkele seconden opnieuw.',
    en: 'Kluis is starting again. Nothing is lost; try again in a few seconds.',
  },
  'database-unavailable': {
    nl: 'De databank antwoordt niet. Probeer over enkele seconden opnieuw.',
    en: 'The database does not answer. Try again in a few seconds.',
  },
  'index-off': {
    nl: 'Zonder zoekindex kan dat niet: hier vind je namen alleen op hun begin, als dat aan staat.',
    en: 'Not without a search index: here names are found only by their beginning, where that is on.',
  },
  'index-loading': {
    nl: 'De zoekindex wordt nog geladen.',
    en: 'The search index is still loading.',
  },
  'problem.content-off': {
    nl: 'Zoeken in notities, taken en bestandsnamen staat uit. Wie de organisatie beheert, kan het aanzetten.',
    en: 'Searching notes, tasks and file names is switched off. Whoever manages the organisation can switch it on.',
  },
  'problem.content-loading': {
    nl: 'De notities en taken worden nog ingelezen.',
    en: 'Notes and tasks are still being read.',
  },
  'no-connection': {
    nl: 'Geen verbinding met Kluis. Wat je typte, staat er nog.',
    en: 'No connection with Kluis. What you typed is still here.',
  },
  'passkey-refused': {
    nl: 'Het toestel gaf geen passkey. Probeer opnieuw, of kies een code.',
    en: 'The device gave no passkey. Try again, or choose a code.',
  },
} satisfies Record<
  Exclude<ProblemCode, OfGrants> | `weak-password.${string}` | 'too-large.file' | OfTheScreens,
  Said
>

/** Said by the dialogs that such a refusal opens: web/language/grants.ts. */
export type OfGrants = 'approval-needed' | 'approval-asked'
type OfTheScreens =
  | 'no-connection'
  | 'passkey-refused'
  | 'problem.content-off'
  | 'problem.content-loading'
type Said = { nl: string; en: string }
