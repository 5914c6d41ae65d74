import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'database/**/*.test.ts',
      'verify/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'tests/drills/**'],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Files share what a worker has read already: with a world of its own for each a third of the time went into reading.
    isolate: false,
    // Node runs the files as they are, here as in the product; read by Vite first, each worker began six seconds later.
    experimental: { viteModuleRunner: false },
    // A journey waits for a browser most of the time: three of them keep two cores busy.
    maxWorkers: 3,
  },
})
