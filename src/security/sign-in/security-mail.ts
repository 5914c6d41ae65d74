/**
 * What concerns somebody's own account, by mail at once and whatever they wish of other mail: it is of use only while it
 * is new, and to whoever is not looking at Kluis. Names nobody; there is no link in it that signs in.
 */
import type { RoleDatabase } from '#platform/db.ts'
import { type Mail, MailFailed } from '#platform/mail.ts'
import { giveBackSecurityMail, type NoticeKind, takeSecurityMail } from './notice-store.ts'

type Language = 'nl' | 'en'
type Words = Record<Language, [subject: string, text: string]>

const texts: Record<NoticeKind, Words> = {
  'new-device': {
    nl: [
      'Nieuw toestel in Kluis',
      'Er is bij Kluis aangemeld met jouw account, vanaf een toestel dat Kluis niet kende. Was jij dat, dan hoef je niets te doen.\n\nWas jij het niet? Open Kluis zoals je dat altijd doet, kies Instellingen, Beveiliging, Overal afmelden, en zeg het je beheerder.',
    ],
    en: [
      'New device in Kluis',
      'Somebody signed in to Kluis with your account, from a device that Kluis did not know. If that was you, there is nothing to do.\n\nNot you? Open Kluis as you always do, choose Settings, Security, Sign out everywhere, and tell your administrator.',
    ],
  },
  'recovery-asked': {
    nl: [
      'Iemand vroeg om je aanmelding te herstellen',
      'Een beheerder vroeg om jouw aanmelding bij Kluis te herstellen. Daarna werkt niets meer waarmee je nu aanmeldt.\n\nVroeg jij dat niet? Open Kluis zoals je dat altijd doet, kies Instellingen, Beveiliging, en houd het tegen.',
    ],
    en: [
      'Somebody asked to restore your sign-in',
      'An administrator asked to restore your sign-in to Kluis. Nothing that you sign in with now works after that.\n\nDid you not ask for it? Open Kluis as you always do, choose Settings, Security, and stop it.',
    ],
  },
  'recovery-to-agree': {
    nl: [
      'Een tweede beheerder is nodig in Kluis',
      'Een collega-beheerder vroeg om iemands aanmelding te herstellen en heeft jouw akkoord nodig. Spreek die persoon eerst zelf, liefst van aangezicht.\n\nOpen Kluis, Instellingen, Collega’s.',
    ],
    en: [
      'A second administrator is needed in Kluis',
      'A fellow administrator asked to restore somebody’s sign-in and needs you to agree. First speak to that person yourself, preferably face to face.\n\nOpen Kluis, Settings, Colleagues.',
    ],
  },
  'factors-reset': {
    nl: [
      'Je aanmelding bij Kluis is hersteld',
      'Waarmee je tot nu toe aanmeldde bij Kluis, werkt niet meer, en je bent overal afgemeld. Je begint opnieuw met een link en een code.\n\nVroeg jij dat niet? Bel een beheerder op een nummer dat je kent.',
    ],
    en: [
      'Your sign-in to Kluis was restored',
      'What you signed in to Kluis with no longer works, and you are signed out everywhere. You begin anew with a link and a code.\n\nDid you not ask for it? Call an administrator on a number that you know.',
    ],
  },
  'factors-changed': {
    nl: [
      'Waarmee je aanmeldt bij Kluis, is gewijzigd',
      'Een passkey, de app met codes, het wachtwoord of de herstelcodes van jouw account bij Kluis zijn gewijzigd. Deed je dat zelf, dan hoef je niets te doen.\n\nWas jij het niet? Open Kluis zoals je dat altijd doet, kies Instellingen, Beveiliging, Overal afmelden, en verwittig je beheerder.',
    ],
    en: [
      'What you sign in to Kluis with was changed',
      'A passkey, the app with codes, the password or the recovery codes of your account with Kluis were changed. If you did that yourself, there is nothing to do.\n\nNot you? Open Kluis as you always do, choose Settings, Security, Sign out everywhere, and tell your administrator.',
    ],
  },
  'sessions-ended': {
    nl: [
      'Een beheerder heeft je afgemeld bij Kluis',
      'Een beheerder heeft je op al je toestellen afgemeld bij Kluis. Je kunt gewoon weer aanmelden.',
    ],
    en: [
      'An administrator signed you out of Kluis',
      'An administrator signed you out of Kluis on all your devices. You can sign in again as usual.',
    ],
  },
  'key-orphaned': {
    nl: [
      'Een programma heeft een nieuwe verantwoordelijke nodig',
      'Wie verantwoordelijk was voor een programma met toegang tot Kluis, werkt er niet meer mee. De sleutel werkt nog.\n\nOpen Kluis, Instellingen, Programma’s.',
    ],
    en: [
      'A program needs somebody else to answer for it',
      'Whoever answered for a program with access to Kluis no longer works with it. Its key works still.\n\nOpen Kluis, Settings, Programs.',
    ],
  },
  'key-elsewhere': {
    nl: [
      'Een sleutel van een programma is elders gebruikt',
      'Een sleutel van een programma waarvoor je verantwoordelijk bent, is geprobeerd vanaf een netwerk dat er niet voor is toegelaten. Kluis weigerde. Misschien is de sleutel gestolen.\n\nOpen Kluis, Instellingen, Programma’s, en trek de sleutel in.',
    ],
    en: [
      'A program’s key was used elsewhere',
      'A key of a program that you answer for was tried from a network it is not allowed from. Kluis refused. The key may be stolen.\n\nOpen Kluis, Settings, Programs, and revoke the key.',
    ],
  },
}

const RECOVERY_CODE: Record<Language, (code: string) => [string, string]> = {
  nl: (code) => [
    'Je code om weer bij Kluis te komen',
    `Een beheerder herstelt je aanmelding bij Kluis. Je krijgt van die beheerder een link. De link vraagt deze code:\n\n${code}\n\nGeef deze code aan niemand, ook niet aan een beheerder of aan wie belt.`,
  ],
  en: (code) => [
    'Your code to get back into Kluis',
    `An administrator restores your sign-in to Kluis. You get a link from that administrator. The link asks for this code:\n\n${code}\n\nGive this code to nobody, not to an administrator and not to whoever calls.`,
  ],
}

export type SecurityMailParts = {
  mail: Mail | undefined
  db: RoleDatabase
  addressOf(userId: string): Promise<string | undefined>
}

export class SecurityMails {
  readonly #parts: SecurityMailParts
  #last: Promise<unknown> = Promise.resolve()
  constructor(parts: SecurityMailParts) {
    this.#parts = parts
  }

  /** Waits for nothing: a slow mail server keeps nobody from signing in. What fails is due again in a minute. */
  sendSoon(): void {
    void this.sendDue().catch(() => {})
  }

  /** Gives how many were due. When the server fails, those left are due again. One round after the other. */
  sendDue(): Promise<number> {
    const round = this.#last.then(() => this.#round())
    this.#last = round.catch(() => 0)
    return round
  }

  async #round(): Promise<number> {
    const { mail, db, addressOf } = this.#parts
    if (!mail) return 0
    const due = await db.writeAtOnce(takeSecurityMail)
    for (const [at, { user_id, language, kind }] of due.entries()) {
      try {
        const to = await addressOf(user_id)
        const [subject, text] = texts[kind][language]
        if (to) await mail.send({ to, subject, text: `${text}\n` })
      } catch (error) {
        if (error instanceof MailFailed && error.recipient === 'refused') continue
        const left = due.slice(at).map((one) => one.id)
        await db.writeAtOnce((tx) => giveBackSecurityMail(tx, left))
        throw error
      }
    }
    return due.length
  }

  /** False when it did not leave; then somebody else must tell the code. */
  async sendCode(userId: string, language: Language, code: string): Promise<boolean> {
    const { mail, addressOf } = this.#parts
    const to = mail && (await addressOf(userId))
    if (!to) return false
    const [subject, text] = RECOVERY_CODE[language](code)
    try {
      await mail.send({ to, subject, text: `${text}\n` })
      return true
    } catch (error) {
      if (error instanceof MailFailed) return false
      throw error
    }
  }
}
