import { useEffect, useRef } from 'react'
import { ask } from '../api/client.ts'
import { signWithPasskey } from './passkeys.ts'

// A question lasts five minutes; before it is too old another takes its place.
const ASK_AGAIN_MS = 4 * 60_000

/** The browser offers passkeys where one would type the e-mail address; nothing happens until one is chosen. */
export function usePasskeyAutofill(
  isOffered: boolean,
  chosen: (credential: Record<string, unknown>) => Promise<void>,
): void {
  const latest = useRef(chosen)
  latest.current = chosen
  useEffect(() => {
    if (!isOffered) return
    let offer = new AbortController()
    const again = async () => {
      if (!(await canOffer()) || offer.signal.aborted) return
      const { signal } = offer
      const options = await ask<Record<string, unknown>>('POST', '/api/sign-in/passkey/options')
      if (signal.aborted) return
      const credential = await signWithPasskey(options, signal)
      if (!signal.aborted) await latest.current(credential)
    }
    // Refused, given up or not there: one signs in with the button, or with a password.
    const begin = () => void again().catch(() => {})
    begin()
    const timer = setInterval(() => {
      offer.abort()
      offer = new AbortController()
      begin()
    }, ASK_AGAIN_MS)
    return () => {
      clearInterval(timer)
      offer.abort()
    }
  }, [isOffered])
}

async function canOffer(): Promise<boolean> {
  if (typeof PublicKeyCredential === 'undefined') return false
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false
}
