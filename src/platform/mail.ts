import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Hidden } from './hidden.ts'

export type MailServer = {
  /** smtp:// or smtps://, with name and password where the server asks them; `?ca=FILE` for an authority of one's own. */
  url: Hidden<URL>
  from: string
}
type Message = { to: string; subject: string; text: string }
export type Mail = {
  /** Host and port, for people. */
  server: string
  from: string
  /** Resolves once the server took it. Throws MailFailed. */
  send(message: Message): Promise<void>
}

/** What the server said, for an administrator: one line, without the message. */
export class MailFailed extends Error {
  /** The server is well and will not have this recipient: 'refused' for good, or 'later'. */
  recipient: 'refused' | 'later' | undefined
}

type Answered = { code?: string; command?: string; responseCode?: number }

const WAIT_MS = 10_000
const SAID_MAX = 200

export function openMail({ url, from }: MailServer): Mail {
  const { protocol, hostname, port, username, password, searchParams } = url.reveal()
  const authority = searchParams.get('ca')
  const isSecure = protocol === 'smtps:'
  const portNumber = Number(port) || (isSecure ? 465 : 587)
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: portNumber,
    secure: isSecure,
    // Over a network never in the clear; a server on this machine may have no certificate.
    ...(isLoopback(hostname) ? {} : { requireTLS: true }),
    ...(username
      ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }
      : {}),
    connectionTimeout: WAIT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: WAIT_MS,
    ...(authority ? { tls: { ca: readFileSync(authority) } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    server: `${hostname}:${portNumber}`,
    from,
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          // RFC 3834: no out-of-office note answers it.
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (cause) {
        const said = (cause as Error).message.split('\n')[0]!.slice(0, SAID_MAX)
        const failed = new MailFailed(said, { cause })
        const { code, command, responseCode = 0 } = cause as Answered
        if (code === 'EENVELOPE' && command === 'RCPT TO')
          failed.recipient = responseCode >= 500 ? 'refused' : 'later'
        throw failed
      }
    },
  }
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  )
}
