import type { TestProject } from 'vitest/node'
import { openCluster } from './cluster.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: { host: string; port: number }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await openCluster(process.env.KLUIS_TEST_POSTGRES_BINARIES)
  project.provide('postgres', {
    host: cluster.postgres.socketDirectory,
    port: cluster.postgres.port,
  })
  return () => cluster.close()
}
