import { isAbsolute } from 'node:path'

/** Where the root key is kept, as one text that holds no secret: `--root-key`, and the file of a wrapped root key. */
export type ProviderSettings =
  | { kind: 'file' }
  | { kind: 'passphrase' }
  | { kind: 'pkcs11'; module: string; token: string; object: string }
  | {
      kind: 'transit'
      address: URL
      mount: string
      key: string
      namespace: string | undefined
      authority: string | undefined
    }
  | { kind: 'aws-kms'; keyArn: string; region: string }

/** A wrong text, told in one sentence that begins with what is wrong. */
export class WrongProvider extends Error {}

const KINDS =
  'file, passphrase, pkcs11:token=…;object=…?module-path=…, transit:https://…/MOUNT/KEY or aws-kms:ARN'

export function readProvider(text: string): ProviderSettings {
  if (text === 'file' || text === 'passphrase') return { kind: text }
  if (text.startsWith('pkcs11:')) return readPkcs11(text.slice('pkcs11:'.length))
  if (text.startsWith('transit:')) return readTransit(text.slice('transit:'.length))
  if (text.startsWith('aws-kms:')) return readAwsKms(text.slice('aws-kms:'.length))
  throw new WrongProvider(`must be ${KINDS}; not "${text}"`)
}

/** The text from which the same settings are read. */
export function providerText(settings: ProviderSettings): string {
  switch (settings.kind) {
    case 'pkcs11': {
      const { token, object, module } = settings
      return `pkcs11:token=${encodeURIComponent(token)};object=${encodeURIComponent(object)}?module-path=${encodeURI(module)}`
    }
    case 'transit': {
      const { address, mount, key, namespace, authority } = settings
      const rest = new URLSearchParams()
      if (namespace !== undefined) rest.set('namespace', namespace)
      if (authority !== undefined) rest.set('ca', authority)
      return `transit:${address.origin}/${mount}/${key}${rest.size > 0 ? `?${rest}` : ''}`
    }
    case 'aws-kms':
      return `aws-kms:${settings.keyArn}`
    default:
      return settings.kind
  }
}

/** RFC 7512, of which the token, the key and the module are read. */
function readPkcs11(text: string): ProviderSettings {
  const [path = '', query = ''] = text.split('?')
  const read = (part: string, separator: string) =>
    new Map(
      part
        .split(separator)
        .filter(Boolean)
        .map((pair) => {
          const [name = '', ...value] = pair.split('=')
          return [name, decoded(value.join('='))]
        }),
    )
  const named = read(path, ';')
  const asked = read(query, '&')
  if (asked.has('pin-value') || asked.has('pin-source'))
    throw new WrongProvider(
      'must not hold a PIN: it is asked at start, or given with --root-key-fd, --root-key-secret or a systemd credential',
    )
  const token = named.get('token')
  const object = named.get('object')
  const module = asked.get('module-path')
  if (!token || !object || !module || !isAbsolute(module))
    throw new WrongProvider(
      `must look like pkcs11:token=Kluis;object=root-key?module-path=/usr/lib/softhsm/libsofthsm2.so; not "pkcs11:${text}"`,
    )
  return { kind: 'pkcs11', module, token, object }
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new WrongProvider(`has a percent sign that stands for nothing: "${value}"`)
  }
}

function readTransit(text: string): ProviderSettings {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new WrongProvider(
      `must look like transit:https://bao.example.be:8200/transit/kluis; not "transit:${text}"`,
    )
  }
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    throw new WrongProvider('must begin with transit:https:// (http is for this machine only)')
  if (url.username || url.password || url.hash)
    throw new WrongProvider('must not hold a name or a token: the token is given as a secret')
  const parts = url.pathname.split('/').filter(Boolean)
  const key = parts.pop()
  if (!key || parts.length === 0 || ![key, ...parts].every((part) => /^[\w.-]+$/.test(part)))
    throw new WrongProvider(
      `must end with the mount and the name of the key, such as /transit/kluis; not "${url.pathname}"`,
    )
  return {
    kind: 'transit',
    address: new URL(url.origin),
    mount: parts.join('/'),
    key,
    namespace: url.searchParams.get('namespace') ?? undefined,
    authority: url.searchParams.get('ca') ?? undefined,
  }
}

/** A whole ARN: an id alone would mean another key in another region or account. */
function readAwsKms(keyArn: string): ProviderSettings {
  const region = /^arn:aws[\w-]*:kms:([a-z0-9-]+):\d{12}:(?:key|alias)\/[\w/-]+$/.exec(keyArn)?.[1]
  if (!region)
    throw new WrongProvider(
      `must name a key by its whole ARN, such as aws-kms:arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab; not "aws-kms:${keyArn}"`,
    )
  return { kind: 'aws-kms', keyArn, region }
}
