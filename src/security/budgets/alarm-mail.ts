/** An alarm by mail, at once: how many, and where to look. It names no customer and no colleague. */
import type { RoleDatabase } from '#platform/db.ts'
import { type Mail, MailFailed } from '#platform/mail.ts'
import { giveBackAlarmMail, takeAlarmMail } from './store.ts'

type Parts = {
  /** Undefined: no mail server is set; then the alarm stands under the bell alone. */
  mail: Mail | undefined
  db: RoleDatabase
  origin: URL
  addressOf(userId: string): Promise<string | undefined>
}

function written(language: 'nl' | 'en', alarms: number, origin: URL) {
  const at = `${origin.origin}/settings?tab=budgets`
  const isOne = alarms === 1
  return language === 'nl'
    ? {
        subject: isOne ? 'Alarm in Kluis' : `${alarms} alarmen in Kluis`,
        text: `Iemand bereikte een grens van wat op een dag geopend mag worden, opende een lokdossier, of werd bevroren of vrijgegeven.\nKijk meteen: ${at}\n\nIn deze mail staat niets over klanten of collega's; dat lees je alleen in Kluis.\n`,
      }
    : {
        subject: isOne ? 'Alarm in Kluis' : `${alarms} alarms in Kluis`,
        text: `Somebody reached a limit of what may be opened in a day, opened a canary dossier, or was frozen or let go.\nLook now: ${at}\n\nThis mail says nothing about customers or colleagues; you read that in Kluis alone.\n`,
      }
}

/** Sends what was not sent; throws what the server said, after giving back what did not leave. */
export async function sendAlarmMails({ mail, db, origin, addressOf }: Parts): Promise<number> {
  if (!mail) return 0
  const due = await db.writeAtOnce(takeAlarmMail)
  const left: string[] = []
  let failed: unknown
  for (const { user_id, language, alarms } of due) {
    try {
      const to = await addressOf(user_id)
      if (to) await mail.send({ to, ...written(language, alarms, origin) })
    } catch (error) {
      failed ??= error
      if (!(error instanceof MailFailed) || error.recipient !== 'refused') left.push(user_id)
    }
  }
  if (left.length > 0) await db.writeAtOnce((tx) => giveBackAlarmMail(tx, left))
  if (failed) throw failed
  return due.length
}
