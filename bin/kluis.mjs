#!/usr/bin/env node
import { run } from './run.mjs'

const verb = process.argv[2]
run('src/cli.ts', process.argv.slice(2), {
  needsScreens: verb === 'start' || verb === 'demo',
  // Who the demo invents comes from a package for development.
  needsDevelopment: verb === 'demo',
})
