import { isServerThere } from '../api/client.ts'

const LOOK_AGAIN_MS = 4_000

/**
 * A part of the screens that waits for a server that is away instead of failing: the page one stands on stays,
 * typed text included. When the server answers and the part is still not there, it is of another release: then the
 * router loads the page anew.
 */
export function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (;;) {
      try {
        return await load()
      } catch (error) {
        if (await isAnswering()) throw error
        isServerThere(false)
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
      }
    }
  }
}

/** Whether Kluis answers at all, also when it answers that it lacks something. */
export async function isAnswering(): Promise<boolean> {
  const answer = await fetch('/api/health', { cache: 'no-store' }).catch(() => undefined)
  return answer !== undefined && answer.status < 502
}
