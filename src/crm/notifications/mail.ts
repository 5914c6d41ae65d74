/**
 * What somebody was told, by mail too: how many of what, and where to read it. Mail lies readable on servers that are not
 * ours, so it names no customer, no colleague and no task.
 */
import type { RoleDatabase } from '#platform/db.ts'
import { type Mail, MailFailed } from '#platform/mail.ts'
import { refuse } from '#platform/problem.ts'
import type { Permission } from '#security/access/permissions.ts'
import type { MailState } from './contract.ts'
import { type DueMail, giveBackMail, listHolders, takeDueMail } from './store.ts'

type Language = 'nl' | 'en'
type NotificationMailParts = {
  /** Undefined: no mail server is set. */
  mail: Mail | undefined
  /** The role that reads accounts and no customer. */
  db: RoleDatabase
  origin: URL
  addressOf(userId: string): Promise<string | undefined>
}

const kinds: Record<string, Record<Language, [one: string, many: string]>> = {
  mention: { nl: ['vermelding', 'vermeldingen'], en: ['mention', 'mentions'] },
  assigned: {
    nl: ['taak die je kreeg', 'taken die je kreeg'],
    en: ['task given to you', 'tasks given to you'],
  },
  reminder: { nl: ['herinnering', 'herinneringen'], en: ['reminder', 'reminders'] },
  'hand-over': {
    nl: ['dossier dat je kreeg', 'dossiers die je kreeg'],
    en: ['dossier handed to you', 'dossiers handed to you'],
  },
  'handed-over': {
    nl: ['overdracht van wie wegging', 'overdrachten van wie wegging'],
    en: ['hand-over of somebody who left', 'hand-overs of people who left'],
  },
  shared: {
    nl: ['dossier dat met je gedeeld is', 'dossiers die met je gedeeld zijn'],
    en: ['dossier shared with you', 'dossiers shared with you'],
  },
  change: {
    nl: ['gewijzigd dossier dat je volgt', 'gewijzigde dossiers die je volgt'],
    en: ['changed dossier you follow', 'changed dossiers you follow'],
  },
  'import-done': {
    nl: ['import die klaar is', 'imports die klaar zijn'],
    en: ['import that is done', 'imports that are done'],
  },
  'approval-asked': {
    nl: ['vraag om goedkeuring', 'vragen om goedkeuring'],
    en: ['request for your approval', 'requests for your approval'],
  },
  'approval-approved': {
    nl: ['goedgekeurde vraag', 'goedgekeurde vragen'],
    en: ['request that was approved', 'requests that were approved'],
  },
  'approval-refused': {
    nl: ['afgewezen vraag', 'afgewezen vragen'],
    en: ['request that was refused', 'requests that were refused'],
  },
  'break-glass-opened': {
    nl: ['keer dat noodtoegang openging', 'keren dat noodtoegang openging'],
    en: ['time that break-glass was opened', 'times that break-glass was opened'],
  },
  'break-glass-ended': {
    nl: ['noodtoegang om na te kijken', 'noodtoegangen om na te kijken'],
    en: ['break-glass to review', 'break-glasses to review'],
  },
  'import-failed': {
    nl: ['import die is afgebroken', 'imports die zijn afgebroken'],
    en: ['import that broke off', 'imports that broke off'],
  },
}
const others: Record<Language, [string, string]> = {
  nl: ['andere melding', 'andere meldingen'],
  en: ['other notification', 'other notifications'],
}

function writeMail(language: Language, counts: Record<string, number>, origin: URL) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const known = Object.keys(kinds).filter((kind) => counts[kind])
  const rest = Object.keys(counts)
    .filter((kind) => !kinds[kind])
    .reduce((sum, kind) => sum + counts[kind]!, 0)
  const line = (count: number, [one, many]: [string, string]) =>
    `- ${count} ${count === 1 ? one : many}`
  const lines = [
    ...known.map((kind) => line(counts[kind]!, kinds[kind]![language])),
    ...(rest > 0 ? [line(rest, others[language])] : []),
  ]
  const [read, settings] = [`${origin.origin}/notifications`, `${origin.origin}/settings`]
  const isOne = total === 1
  return language === 'nl'
    ? {
        subject: isOne ? '1 nieuwe melding in Kluis' : `${total} nieuwe meldingen in Kluis`,
        text: `${lines.join('\n')}\n\nLezen: ${read}\n\nIn deze mail staat niets over klanten; dat lees je alleen in Kluis.\nMinder of geen mail: ${settings}\n`,
      }
    : {
        subject: isOne ? '1 new notification in Kluis' : `${total} new notifications in Kluis`,
        text: `${lines.join('\n')}\n\nRead: ${read}\n\nThis mail says nothing about customers; you read that in Kluis alone.\nLess mail, or none: ${settings}\n`,
      }
}

function alarmMail(language: Language, origin: URL) {
  const read = `${origin.origin}/approvals`
  return language === 'nl'
    ? {
        subject: 'Noodtoegang geopend in Kluis',
        text: `Een collega ziet nu alle klanten. Wie, waarom en tot wanneer: ${read}\n\nKlopt het niet, beëindig de noodtoegang daar.\n`,
      }
    : {
        subject: 'Break-glass opened in Kluis',
        text: `A colleague now sees all customers. Who, why and until when: ${read}\n\nIf this is not right, end the access there.\n`,
      }
}

export class NotificationMails {
  readonly #parts: NotificationMailParts
  #lastSentAt: Date | null = null
  #lastProblem: string | null = null
  constructor(parts: NotificationMailParts) {
    this.#parts = parts
  }

  get isSet(): boolean {
    return this.#parts.mail !== undefined
  }

  state(): MailState {
    const { mail } = this.#parts
    return {
      server: mail?.server ?? null,
      from: mail?.from ?? null,
      lastSentAt: this.#lastSentAt?.toISOString() ?? null,
      lastProblem: this.#lastProblem,
    }
  }

  /**
   * Gives how many were due. When the server fails, those left are due again and the round ends. A colleague whose
   * address it will not have, or does not open, keeps nobody else waiting: for them it stays under the bell.
   */
  async sendDue(): Promise<number> {
    if (!this.isSet) return 0
    const { db, origin, addressOf } = this.#parts
    const due = await db.writeAtOnce(takeDueMail)
    let ofOne: unknown
    for (const [at, one] of due.entries()) {
      try {
        const to = await addressOf(one.user_id)
        if (to) await this.#send({ to, ...writeMail(one.language, one.counts, origin) })
      } catch (error) {
        const isOfServer = error instanceof MailFailed && !error.recipient
        if (isOfServer) await this.#giveBack(due.slice(at))
        if (isOfServer) throw error
        if (error instanceof MailFailed && error.recipient === 'later') await this.#giveBack([one])
        ofOne ??= error
      }
    }
    if (ofOne) throw ofOne
    return due.length
  }

  /** At once, whatever somebody wished: what those with this permission must know now. Who and why stands in Kluis alone. */
  async alarm(permission: Permission): Promise<void> {
    if (!this.isSet) return
    const { db, origin, addressOf } = this.#parts
    for (const { id, language } of await listHolders(db.reader(), permission)) {
      const to = await addressOf(id)
      if (to) await this.#send({ to, ...alarmMail(language as Language, origin) })
    }
  }

  async sendTest(userId: string, language: Language): Promise<MailState> {
    const to = await this.#parts.addressOf(userId)
    if (!this.isSet || !to) refuse('not-found')
    const [subject, text] =
      language === 'nl'
        ? ['Proefmail van Kluis', 'Als je dit leest, komt de mail van Kluis aan.\n']
        : ['Test mail from Kluis', 'If you read this, mail from Kluis arrives.\n']
    // What goes wrong stands in the answer: it is what the administrator asked.
    await this.#send({ to, subject, text }).catch(() => {})
    return this.state()
  }

  async #send(message: Parameters<Mail['send']>[0]): Promise<void> {
    try {
      await this.#parts.mail!.send(message)
      this.#lastSentAt = new Date()
      this.#lastProblem = null
    } catch (error) {
      if (error instanceof MailFailed) this.#lastProblem = error.message
      throw error
    }
  }

  async #giveBack(left: DueMail[]): Promise<void> {
    await this.#parts.db.writeAtOnce((tx) => Promise.all(left.map((one) => giveBackMail(tx, one))))
  }
}
