/**
 * The address as the browser will follow it. Undefined for all that does not open a page, a mail or a call, and for one
 * with a name or password before its host: `https://bank.be@evil.example` is not of the bank.
 */
export function safeAddress(given: string): string | undefined {
  if (!/^(https?:\/\/|mailto:|tel:)\S+$/i.test(given)) return undefined
  try {
    const url = new URL(given)
    return url.username === '' && url.password === '' ? url.href : undefined
  } catch {
    return undefined
  }
}
