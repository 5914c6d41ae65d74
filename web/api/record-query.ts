import { queryOptions } from '@tanstack/react-query'
import { ask } from './client.ts'
import type { Company, Person } from './shapes.ts'

type Records = { people: Person; companies: Company }

/** One customer, for the page that shows it and for whoever asks ahead of it. */
export const recordQuery = <K extends keyof Records>(kind: K, id: string) =>
  queryOptions({
    queryKey: [kind, 'one', id],
    queryFn: ({ signal }) => ask<Records[K]>('GET', `/api/${kind}/${id}`, { signal }),
  })
