import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { openMailbox } from '../../tests/support/mailbox.ts'
import { Hidden } from './hidden.ts'
import { MailFailed, openMail } from './mail.ts'

const message = { to: 'an@bureau.example', subject: 'Één melding', text: 'Lezen: é\n' }
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function mailbox(options?: SMTPServerOptions) {
  const box = await openMailbox(options)
  closing.push(box.close)
  const send = (url: string) =>
    openMail({
      url: new Hidden(new URL(url.replace('PORT', String(box.port)))),
      from: 'kluis@bureau.example',
    }).send(message)
  return { box, send }
}

test('a message arrives as it was written, and no out-of-office note answers it', async () => {
  const { box, send } = await mailbox()
  await send('smtp://127.0.0.1:PORT')
  expect(box.mails).toMatchObject([{ from: 'kluis@bureau.example', to: ['an@bureau.example'] }])
  const { text } = box.mails[0]!
  expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  expect(text).toMatch(/^Subject: =\?UTF-8\?/m)
})

test('name and password are given to a server that asks them, and a wrong one is said', async () => {
  const { box, send } = await mailbox({
    disabledCommands: [],
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'kluis@bureau' && password === 'p/w d'
        ? done(null, { user: username })
        : done(new Error('nobody of that name')),
  })
  await send('smtp://kluis%40bureau:p%2Fw%20d@127.0.0.1:PORT')
  expect(box.mails).toHaveLength(1)
  await expect(send('smtp://kluis:fout@127.0.0.1:PORT')).rejects.toThrow(/nobody of that name/)
})

test('a server elsewhere that offers no encryption is given nothing', async () => {
  const { box, send } = await mailbox()
  await expect(send('smtp://0.0.0.0:PORT')).rejects.toThrow(MailFailed)
  expect(box.mails).toEqual([])
})

test('a server whose certificate nobody signed is given nothing', async () => {
  const { box, send } = await mailbox({ hideSTARTTLS: false })
  await expect(send('smtp://127.0.0.1:PORT')).rejects.toThrow(/certificate|altname/i)
  const secure = await mailbox({ secure: true })
  await expect(secure.send('smtps://127.0.0.1:PORT')).rejects.toThrow(/certificate|altname/i)
  expect([...box.mails, ...secure.box.mails]).toEqual([])
})

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
})()

test.runIf(hasOpenssl)(
  'an authority of the office itself is trusted when it is named',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kluis-test-mail-'))
    closing.push(() => rmSync(directory, { recursive: true }))
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=mail -addext subjectAltName=IP:127.0.0.1`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    )
    const { box, send } = await mailbox({
      secure: true,
      key: readFileSync(key),
      cert: readFileSync(cert),
    })
    await send(`smtps://127.0.0.1:PORT?ca=${cert}`)
    expect(box.mails).toHaveLength(1)
  },
)

test('a server that is not there is said within the time that a screen can wait', async () => {
  const { box, send } = await mailbox()
  await box.close()
  await expect(send('smtp://127.0.0.1:PORT')).rejects.toThrow(/ECONNREFUSED/)
})
