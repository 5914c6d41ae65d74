import { isServerThere } from '../api/client.ts'

const LOOK_AGAIN_MS = 4_000

/**
 * A part of the screens that is not asked for while the server is away: the page one stands on stays, typed text
 * included. Waits instead of trying, because a browser remembers a module that failed as failed.
 */
export function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    while ((!isServerThere() || !navigator.onLine) && !(await isAnswering()))
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    return load()
  }
}

/** Whether Kluis answers at all, also when it answers that it lacks something. */
export async function isAnswering(): Promise<boolean> {
  const answer = await fetch('/api/health', { cache: 'no-store' }).catch(() => undefined)
  return answer !== undefined && answer.status < 502
}
