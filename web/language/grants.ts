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
  'operation.change-rights': {
    nl: 'Je verandert wat een collega mag zien of doen.',
    en: 'You change what a colleague may see or do.',
  },
  'operation.reset-factor': {
    nl: 'Je neemt een collega de passkeys en codes af.',
    en: 'You take a colleague’s passkeys and codes away.',
  },
  'operation.change-factors': {
    nl: 'Je verandert waarmee je zelf aanmeldt.',
    en: 'You change what you sign in with yourself.',
  },
  'step-up-needed': {
    nl: 'Bevestig eerst dat jij het bent.',
    en: 'First confirm that it is you.',
  },
  'step-up-cancelled': {
    nl: 'Niet bevestigd. Er is niets gebeurd.',
    en: 'Not confirmed. Nothing was done.',
  },
} satisfies Record<string, Said> & Record<OfGrants | `operation.${Operation}`, Said>
