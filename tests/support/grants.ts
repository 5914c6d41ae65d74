import { passkeyProof } from '#security/sign-in/passkeys.ts'
import { type Caller, keepToken, type Method, type TestKluis } from './kluis.ts'
import { SoftwareAuthenticator } from './software-authenticator.ts'

type Holder = Pick<Caller, 'userId' | 'token'>
export type Guarded = { operation: string; request: string }

const devices = new Map<string, SoftwareAuthenticator>()

/** From now on this person confirms with a passkey they have. */
export function confirmsWith({ userId }: Holder, device: SoftwareAuthenticator): void {
  devices.set(userId, device)
}

/** A device with a passkey of this person, as if they had added it: through the addresses that would take a step-up. */
export async function deviceOf(kluis: TestKluis, { userId }: Holder) {
  const known = devices.get(userId)
  const { rowCount } = await kluis.admin.query(
    'select from kluis_auth.passkey where credential_id = $1 and user_id = $2',
    [known?.credentialId, userId],
  )
  if (known && rowCount === 1) return known
  const device = await newDeviceOf(kluis, userId)
  devices.set(userId, device)
  return device
}

/** One more, which counts for itself. */
export async function newDeviceOf(kluis: TestKluis, userId: string) {
  const device = new SoftwareAuthenticator()
  const passkey = {
    user_id: userId,
    credential_id: device.credentialId,
    public_key: device.publicKey(),
  }
  await kluis.admin.query(
    `insert into kluis_auth.passkey (user_id, credential_id, public_key, name, proof) values ($1, $2, $3, 'test', $4)`,
    [...Object.values(passkey), passkeyProof(kluis.app.vault, passkey)],
  )
  return device
}

// A device counts its signatures: two of one person at once could arrive in the other order, as from a copied device.
const turns = new Map<string, Promise<unknown>>()

/** The whole ceremony: what `step-up-needed` named, proven with the person's passkey; one after another for a person. */
export function grantFor(kluis: TestKluis, holder: Holder, guarded: Guarded): Promise<string> {
  const earlier = turns.get(holder.userId) ?? Promise.resolve()
  const own = earlier.catch(() => {}).then(() => ceremonyOf(kluis, holder, guarded))
  turns.set(holder.userId, own)
  return own
}

async function ceremonyOf(
  kluis: TestKluis,
  holder: Holder,
  { operation, request }: Guarded,
): Promise<string> {
  const device = await deviceOf(kluis, holder)
  const asked = { operation, request }
  const send = async (path: string, body: object) =>
    keepToken(holder, await kluis.send('POST', path, body, { kluis: holder.token }))
  const ways = (await send('/api/step-up/options', asked)).json()
  if (!ways.passkey) throw new Error(JSON.stringify(ways))
  const { ceremony, options } = ways.passkey
  const credential = device.signIn(options, { origin: kluis.origin.origin })
  const proof = { kind: 'passkey', ceremony, credential }
  const granted = await send('/api/step-up', { ...asked, proof })
  if (granted.statusCode !== 200) throw new Error(granted.body)
  return granted.json().grant
}

/** What the request is refused without, to be sent with it. */
export async function grantAhead(
  kluis: TestKluis,
  holder: Holder,
  method: Method,
  url: string,
  body?: object,
): Promise<{ 'kluis-grant': string }> {
  const refused = await kluis.send(method, url, body, { kluis: holder.token })
  if (refused.json().code !== 'step-up-needed') throw new Error(refused.body)
  return { 'kluis-grant': await grantFor(kluis, holder, refused.json().detail) }
}
