/**
 * What every answer tells the browser. A page may run what carries the nonce of its own answer and what that brings in
 * ('strict-dynamic'), and may make no script, and no HTML at all, out of a text (Trusted Types, web/public/first.js).
 * All other answers are data: shown as a page they run, load and frame nothing.
 *
 * Trusts: the browser. If lost: a text that a customer brings in could run as the colleague who reads it.
 */
import { randomBytes } from 'node:crypto'

const NONCE_BYTES = 16

export const newNonce = () => randomBytes(NONCE_BYTES).toString('base64')

/**
 * Of a page of the web app. Styles are files of ours, or carry the nonce; style attributes are set by script only, as
 * properties, which no policy forbids and no text can do.
 */
export const pagePolicy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')

/** Of what is no page: an answer for a program, a file. */
export const dataPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

// What a stolen page could use of the machine; a key to sign in with and the clipboard are what the screens use.
const permissions = [
  ...['accelerometer', 'autoplay', 'camera', 'display-capture', 'encrypted-media', 'fullscreen'],
  ...['geolocation', 'gyroscope', 'hid', 'idle-detection', 'local-fonts', 'magnetometer'],
  ...['microphone', 'midi', 'payment', 'picture-in-picture', 'screen-wake-lock', 'serial'],
  ...['storage-access', 'usb', 'xr-spatial-tracking', 'clipboard-read', 'browsing-topics'],
].map((name) => `${name}=()`)

const TWO_YEARS_SECONDS = 63_072_000

export function headersOf(origin: URL): Record<string, string> {
  return {
    'content-security-policy': dataPolicy,
    'x-content-type-options': 'nosniff',
    // For browsers that do not know frame-ancestors.
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': [
      ...permissions,
      'clipboard-write=(self)',
      'publickey-credentials-get=(self)',
      'publickey-credentials-create=(self)',
    ].join(', '),
    // Customers are in no cache, of a browser or on the way; pages neither, since each has its own nonce.
    'cache-control': 'no-store',
    ...(origin.protocol === 'https:'
      ? { 'strict-transport-security': `max-age=${TWO_YEARS_SECONDS}` }
      : {}),
  }
}
