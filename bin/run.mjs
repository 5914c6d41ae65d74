#!/usr/bin/env node
// Runs a TypeScript file with the Node that Kluis pins, installing what is missing first. Works on Node >= 20.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { isInstalled } from './installed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

function fail(sentence) {
  console.error(`kluis: ${sentence}`)
  process.exit(1)
}

function installMissing(needsDevelopment) {
  if (isInstalled(root, needsDevelopment)) return
  console.error('kluis: installing packages (npm ci --ignore-scripts) …')
  // Its warnings are about the Node that started us, and the pinned one does the work.
  const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error']
  const done = spawnSync('npm', ['ci', '--ignore-scripts', ...quiet], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (done.error) fail(`npm did not start (${done.error.message}); install npm and try again.`)
  if (done.status !== 0)
    fail('npm ci did not succeed; its message is above. Nothing else was changed.')
}

function findNode() {
  const pinned = `${root}node_modules/node-${process.platform}-${process.arch}/bin/node`
  if (existsSync(pinned)) return pinned
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 7)) return process.execPath
  return fail(
    `no pinned Node for ${process.platform}-${process.arch}, and this Node ${process.versions.node} is older than 24.7. Install Node 24.7 or newer.`,
  )
}

const builtScreens = `${root}web/dist/index.html`

/** The screens are built once, and again when a file of theirs, or a text that their help shows, is newer. */
function buildScreens(node) {
  const newest = () =>
    Math.max(
      ...['web', 'docs/gebruik', 'docs/guide'].flatMap((folder) =>
        readdirSync(`${root}${folder}`, { recursive: true })
          .filter((name) => !String(name).startsWith('dist'))
          .map((name) => statSync(`${root}${folder}/${name}`).mtimeMs),
      ),
    )
  if (existsSync(builtScreens) && statSync(builtScreens).mtimeMs >= newest()) return
  if (!existsSync(`${root}node_modules/vite`)) return
  console.error('kluis: building the screens …')
  const done = spawnSync(
    node,
    [`${root}node_modules/vite/bin/vite.js`, 'build', '--logLevel', 'warn'],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (done.status !== 0) fail('the screens could not be built; the message is above.')
}

/** Descriptors from 3 on, one of which the arguments or the environment name for a secret. */
function handedOn(args) {
  const named = [
    process.env.KLUIS_ROOT_KEY_FD,
    ...args.flatMap((arg, i) => {
      const [flag, value] = arg.split('=')
      return /^--(?:root-key|new-secret)-fd$/.test(flag) ? [value ?? args[i + 1]] : []
    }),
  ].filter((number) => /^(?:[3-9]|[1-9]\d)$/.test(number ?? ''))
  const stdio = []
  for (const number of named) stdio[number - 3] = 'inherit'
  return Array.from(stdio, (one) => one ?? 'ignore')
}

export function run(script, args, { needsScreens = false, needsDevelopment = false } = {}) {
  // A server may do without the packages for development once its screens are built.
  installMissing(needsDevelopment || (needsScreens && !existsSync(builtScreens)))
  if (needsScreens) buildScreens(findNode())
  const child = spawn(
    findNode(),
    ['--disable-warning=ExperimentalWarning', `${root}${script}`, ...args],
    { stdio: ['inherit', 'inherit', 'inherit', ...handedOn(args)] },
  )
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // A terminal sends Ctrl-C to both of us; without one it came to us alone and is handed on.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  child.on('error', (error) => fail(`Node did not start: ${error.message}`))
  child.on('exit', (code, signal) =>
    process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2)
  if (!script) fail('say which file to run: node bin/run.mjs FILE [arguments]')
  run(script, args, { needsDevelopment: true })
}
