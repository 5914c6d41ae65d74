#!/usr/bin/env node
import { run } from './run.mjs'

const verb = process.argv[2]
const isAskedForHelp = process.argv.some((one) => one === '--help' || one === '-h')
run('src/cli.ts', process.argv.slice(2), {
  needsScreens: (verb === 'start' || verb === 'demo') && !isAskedForHelp,
  // Who the demo invents comes from a package for development.
  needsDevelopment: verb === 'demo',
})
