import pg from 'pg'

export type AdminConnection = pg.ClientConfig
export type Answer<T> = { kind: 'rows'; rows: T[] } | { kind: 'refused'; why: string }

/** Runs each text in a read-only transaction of its own; one that may not be asked does not stop the others. */
export async function runReadOnly<T>(
  admin: AdminConnection,
  texts: string[],
): Promise<Answer<T>[]> {
  const client = new pg.Client(admin)
  await client.connect()
  const answers: Answer<T>[] = []
  try {
    for (const text of texts) {
      await client.query('begin read only')
      try {
        answers.push({ kind: 'rows', rows: (await client.query(text)).rows as T[] })
      } catch (error) {
        answers.push({ kind: 'refused', why: (error as Error).message })
      }
      await client.query('rollback')
    }
  } finally {
    await client.end()
  }
  return answers
}
