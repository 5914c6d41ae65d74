import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('..', import.meta.url).pathname

function filesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (path) =>
        /\.tsx?$/.test(path) &&
        !path.includes('node_modules') &&
        !path.includes('/dist/') &&
        statSync(join(root, path)).isFile(),
    )
}

/** What a file imports, as paths from the root of the clone; packages keep their name. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const named = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"\n]*?(?:\n[^'"]*?)?from\s*['"]([^'"]+)['"]/g,
    ),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
    ...text.matchAll(/(?:^|\n)import\s*['"]([^'"]+)['"]/g),
  ]
  return named.map(([, target]) => {
    if (target!.startsWith('#'))
      return target!.replace(/^#(platform|security|crm|privacy)\//, 'src/$1/').replace(/^#/, '')
    if (target!.startsWith('.'))
      return relative(root, normalize(join(root, dirname(path), target!)))
    return target!
  })
}

const isTest = (path: string) => path.endsWith('.test.ts')
const source = filesUnder('src').filter((path) => !isTest(path))

function offenders(
  paths: string[],
  isForbidden: (target: string, path: string) => boolean,
): string[] {
  return paths.flatMap((path) =>
    importsOf(path)
      .filter((target) => isForbidden(target, path))
      .map((target) => `${path} → ${target}`),
  )
}

test('the platform knows neither customers nor keys', () => {
  const platform = source.filter((path) => path.startsWith('src/platform/'))
  expect(platform.length).toBeGreaterThan(4)
  expect(
    offenders(
      platform,
      (target) =>
        /^src\/(security|crm|privacy)\//.test(target) || /^src\/(app|main|cli)\.ts/.test(target),
    ),
  ).toEqual([])
})

test('security knows no customers', () => {
  expect(
    offenders(
      source.filter((path) => path.startsWith('src/security/')),
      (target) => /^src\/(crm|privacy)\//.test(target) || /^src\/(app|main|cli)\.ts/.test(target),
    ),
  ).toEqual([])
})

test('sibling modules of the CRM never import each other', () => {
  const moduleOf = (path: string) => /^src\/crm\/([^/]+)\//.exec(path)?.[1]
  expect(
    offenders(
      source.filter((path) => moduleOf(path)),
      (target, path) => {
        const other = moduleOf(target)
        return other !== undefined && other !== moduleOf(path) && !target.endsWith('contract.ts')
      },
    ),
  ).toEqual([])
})

test('a contract imports zod and other contracts only', () => {
  expect(
    offenders(
      source.filter((path) => path.endsWith('/contract.ts')),
      (target) => target !== 'zod' && !target.endsWith('contract.ts'),
    ),
  ).toEqual([])
})

test('pg is imported only where a connection is made', () => {
  const allowed = [
    'src/platform/db.ts',
    'src/platform/sync-batch.ts',
    'src/platform/embedded-postgres.ts',
    'src/platform/admin-connection.ts',
    'src/platform/external-postgres.ts',
  ]
  expect(
    offenders(
      source.filter((path) => !allowed.includes(path)),
      (target) => target === 'pg',
    ),
  ).toEqual([])
})

test('the web app imports contracts and the list of refusals, and nothing else of the server', () => {
  expect(
    offenders(
      filesUnder('web'),
      (target) =>
        /^(src|database)\//.test(target) &&
        !target.endsWith('contract.ts') &&
        target !== 'src/platform/problem.ts',
    ),
  ).toEqual([])
})

test('the stand-alone verifier imports Node only', () => {
  expect(
    offenders(
      filesUnder('verify').filter((path) => !isTest(path)),
      (target) => !target.startsWith('node:') && !target.startsWith('verify/'),
    ),
  ).toEqual([])
})

test('nothing on the server or in the page draws lots with what can be guessed', () => {
  const drawing = [...source, ...filesUnder('web')].filter((path) =>
    /\bMath\s*\.\s*random\b/.test(readFileSync(join(root, path), 'utf8')),
  )
  expect(drawing).toEqual([])
})

test('no folder is a question nobody answered', () => {
  const vague = /(^|\/)(utils?|helpers?|common|lib|misc|core|shared)(\/|\.tsx?$)/
  expect([...source, ...filesUnder('web')].filter((path) => vague.test(path))).toEqual([])
})

test('sql.raw is used nowhere, and SQL templates only in stores, the door and security', () => {
  expect(
    source.filter((path) => /\bsql\.raw\(/.test(readFileSync(join(root, path), 'utf8'))),
  ).toEqual([])
  const mayHoldSql = (path: string) =>
    /\/(store|db)\.ts$/.test(path) || path.startsWith('src/security/')
  expect(
    offenders(
      source.filter((path) => !mayHoldSql(path)),
      (target) => target === 'kysely',
    ),
  ).toEqual([])
})

// Each shows nobody what it opens: the index, work on records chosen by id or by a file's own keys, the list of canaries.
test('customers are opened uncounted in these files alone', () => {
  expect(
    source
      .filter(
        (path) =>
          path !== 'src/security/vault/vault.ts' &&
          path !== 'src/security/vault/store.ts' &&
          /\bisUnseen\b/.test(readFileSync(join(root, path), 'utf8')),
      )
      .sort(),
  ).toEqual([
    'src/crm/bulk.ts',
    'src/crm/canaries/canaries.ts',
    'src/crm/duplicates/pass.ts',
    'src/crm/exchange/batch.ts',
    'src/crm/exchange/hung/memory.ts',
    'src/crm/exchange/hung/ties.ts',
    'src/crm/exchange/known.ts',
    'src/crm/exchange/revert/compare.ts',
    'src/crm/index-loader.ts',
    'src/crm/record-values.ts',
    // What the web process asks so, the keeper counts: unseen.ts.
    'src/security/keeper/answers.ts',
    'src/security/keeper/protocol.ts',
  ])
})

test('of the customer file only what runs beside the keys is given a vault with keys', () => {
  const withKeys = source.filter((path) =>
    /\bKeeperVault\b/.test(readFileSync(join(root, path), 'utf8')),
  )
  expect(withKeys.filter((path) => path.startsWith('src/crm/')).sort()).toEqual([
    'src/crm/duplicates/pass.ts',
    'src/crm/duplicates/records.ts',
    'src/crm/duplicates/remains.ts',
    'src/crm/fields/fields.ts',
    'src/crm/index-loader.ts',
  ])
})

test('the web process is put together without a keystore, a ledger, an index or the making of sessions', () => {
  const parts = ['src/web-process.ts', 'src/web.ts', 'src/customer-file.ts', 'src/listening.ts']
  expect(
    offenders(parts, (target) =>
      /keystore|root-key|ledger|search-index|sign-in\/(sign-in|sessions|enrolment)\.ts|src\/(keeper|main|app)\.ts/.test(
        target,
      ),
    ),
  ).toEqual([])
})

test('migrations are numbered without gaps or doubles', () => {
  const numbers = readdirSync(join(root, 'database/migrations'))
    .map((name) => Number(name.slice(0, 4)))
    .sort((a, b) => a - b)
  expect(numbers).toEqual(numbers.map((_, i) => i + 1))
})

test('a word on the screen means one thing, whichever file of words is learnt last', async () => {
  const files = filesUnder('web/language').filter(
    (path) => !/late|words\.tsx|remembered/.test(path),
  )
  const seen = new Map<string, string>()
  const twice: string[] = []
  for (const path of files) {
    const parts: object[] = Object.values(await import(join(root, path)))
    for (const [name, texts] of parts.flatMap((part) => Object.entries(part))) {
      const said = JSON.stringify(texts)
      if ((seen.get(name) ?? said) !== said) twice.push(`${name}: ${seen.get(name)} and ${said}`)
      seen.set(name, said)
    }
  }
  expect(seen.size).toBeGreaterThan(1000)
  expect(twice).toEqual([])
})

test('no file outgrows a reading', () => {
  const long = [
    ...source,
    ...filesUnder('database').filter((path) => !path.endsWith('tables.ts')),
  ].filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 420)
  expect(long).toEqual([])
})
