#!/usr/bin/env node
import { run } from './run.mjs'

run('src/cli.ts', process.argv.slice(2), {
  needsScreens: ['start', 'demo'].includes(process.argv[2]),
})
