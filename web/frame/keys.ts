import { useEffect, useRef } from 'react'
import { remembered } from '../language/remembered.ts'

export const KEYS_OFF = 'kluis.keys-off'
const SEQUENCE_MS = 900

let before: { key: string; at: number } | undefined

/**
 * Shortcuts of one letter, and pairs such as `g p`. Silent while somebody types or a dialog is open, and
 * when switched off in the settings (WCAG 2.1.4: single-letter keys can be turned off).
 */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target) || isInside(event.target)) return
      if (event.key.length === 1 && remembered(KEYS_OFF) === 'yes') return
      const pair =
        before && event.timeStamp - before.at < SEQUENCE_MS
          ? `${before.key} ${event.key}`
          : undefined
      const act = (pair && latest.current[pair]) || latest.current[event.key]
      if (!act) return
      act(event)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** Remembers the letter before this one, for pairs; one listener for the whole frame. */
export function useKeyPairs(): void {
  useEffect(() => {
    let last: typeof before
    const remember = (event: KeyboardEvent) => {
      before = last
      last = isTyping(event.target) ? undefined : { key: event.key, at: event.timeStamp }
    }
    window.addEventListener('keydown', remember, { capture: true })
    return () => window.removeEventListener('keydown', remember, { capture: true })
  }, [])
}

/** A dialog that is open, or a menu one stands in, has keys of its own: Escape closes that and no more. */
function isInside(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"][aria-modal="true"]')) return true
  return (
    target instanceof HTMLElement &&
    target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  )
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  if (target instanceof HTMLInputElement)
    return target.type !== 'checkbox' && target.type !== 'radio'
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
