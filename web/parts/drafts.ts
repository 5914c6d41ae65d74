import { useState } from 'react'

// In memory only: half-typed notes are customer data, and browser storage is a file on a disk.
const kept = new Map<string, unknown>()

/** State that outlives its screen, so that a note half typed is there when one comes back. */
export function useDraft<T>(key: string, empty: T): [T, (next: T) => void, () => void] {
  const [value, setValue] = useState<T>(() => (kept.get(key) as T | undefined) ?? empty)
  const change = (next: T) => {
    kept.set(key, next)
    setValue(next)
  }
  const clear = () => {
    kept.delete(key)
    setValue(empty)
  }
  return [value, change, clear]
}
