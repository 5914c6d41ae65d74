/**
 * Builds the binding of pkcs11js from the source in its package, for whoever keeps the root key in a hardware module. No script of
 * a package runs and nothing is fetched: the headers are those of the pinned Node.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const source = join(import.meta.dirname, '../node_modules/pkcs11js')
const headers = join(dirname(process.execPath), '../include/node')
const built = join(source, 'build/Release/pkcs11.node')

function fail(sentence: string): never {
  console.error(`kluis: ${sentence}`)
  process.exit(1)
}

if (!existsSync(source)) fail('pkcs11js is not installed; npm ci --ignore-scripts brings it')
if (!existsSync(join(headers, 'node_api.h'))) fail(`there are no headers of Node in ${headers}`)
mkdirSync(dirname(built), { recursive: true })
const isMac = process.platform === 'darwin'
const { status, error } = spawnSync(
  process.env.CXX ?? 'c++',
  [
    ...(isMac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-fPIC']),
    ...['-O2', '-std=c++17', '-fstack-protector-strong', '-DNODE_GYP_MODULE_NAME=pkcs11'],
    ...['-DNAPI_DISABLE_CPP_EXCEPTIONS', '-Iincludes', `-I${headers}`],
    ...['dl', 'common', 'main'].map((name) => `src/${name}.cpp`),
    ...['-o', built],
  ],
  { cwd: source, stdio: 'inherit' },
)
if (error) fail(`there is no C++ compiler (${error.message}); on Debian: apt install g++`)
if (status !== 0) fail('the binding did not build; the message of the compiler is above')
console.error(`built ${built}`)
