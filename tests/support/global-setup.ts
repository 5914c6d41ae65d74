import type { TestProject } from 'vitest/node'
import { openCluster, openGivenServer } from './cluster.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: { host: string; port: number }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.KLUIS_TEST_DATABASE_URL
  if (given) {
    const { host, port, close } = await openGivenServer(new URL(given))
    project.provide('postgres', { host, port })
    return close
  }
  const cluster = await openCluster(process.env.KLUIS_TEST_POSTGRES_BINARIES)
  project.provide('postgres', {
    host: cluster.postgres.socketDirectory,
    port: cluster.postgres.port,
  })
  return () => cluster.close()
}
