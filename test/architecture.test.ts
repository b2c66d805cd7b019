import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '..', 'src')

/** Everything below the listeners and the command line. */
const BELOW = 'jobs people boot store apply import plan phones sources asterisk mail redirect secrets access db'.split(
  ' ',
)

/** Which rooms a room may import, itself and `model` aside. `.` holds the composition root. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  '.': ['cli', 'http', 'tftp', 'pnp', ...BELOW],
  cli: BELOW,
  http: BELOW,
  tftp: BELOW,
  pnp: BELOW,
  jobs: ['people', 'boot', 'store', 'apply', 'sources', 'asterisk', 'mail', 'redirect', 'access', 'db', 'secrets'],
  people: ['import', 'plan', 'phones', 'apply', 'redirect', 'access', 'db', 'secrets'],
  boot: ['store', 'phones', 'access', 'db', 'secrets'],
  store: ['phones', 'db'],
  apply: ['plan', 'asterisk', 'db', 'secrets'],
  sources: ['import'],
  asterisk: ['plan', 'db', 'secrets'],
  mail: ['db'],
  db: ['secrets'],
  redirect: [],
  import: [],
  plan: [],
  phones: [],
  access: [],
  secrets: [],
  model: [],
}

/** The same input always gives the same plan and the same file: these take time and chance as arguments. */
const PURE_ROOMS = ['import', 'plan', 'phones', 'model']
const IMPURE_MODULES =
  /^(node:)?(fs|net|dgram|http|https|http2|tls|dns|os|process|child_process|worker_threads|crypto|timers)(\/|$)/
const IMPURE_CALLS = [
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.randomUUID',
  'setTimeout',
  'setInterval',
  'fetch',
]

/** A DATA packet is called so by RFC 1350. */
const NAMES_OF_THE_FIELD = ['encodeData']
const BANNED = /^(manager|helper|util|service|handler|info|data|common|misc)s?$/i

type Source = { path: string; room: string; text: string; tree: ts.SourceFile; lines: number }

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(SRC, path), 'utf8')
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    const room = path.includes('/') ? path.split('/')[0]! : '.'
    return { path, room, text, tree, lines: text.split('\n').length - 1 }
  })

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  ts.forEachChild(node, (child) => visit(child, look))
}

/** Module names of every import, re-export and dynamic import. */
function listImports({ tree }: Source): string[] {
  const found: string[] = []
  visit(tree, (node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
      found.push((node.moduleSpecifier as ts.StringLiteral).text)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      found.push(ts.isStringLiteral(node.arguments[0]!) ? node.arguments[0].text : '(computed)')
  })
  return found
}

function findInTrees(isFault: (node: ts.Node, source: Source) => boolean): string[] {
  const found: string[] = []
  for (const source of sources)
    visit(source.tree, (node) => {
      if (!isFault(node, source)) return
      const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart())
      found.push(`${source.path}:${line + 1} ${node.getText().slice(0, 60)}`)
    })
  return found
}

test('every room is known, and imports point downward only', () => {
  const faults: string[] = []
  for (const source of sources) {
    const allowed = MAY_IMPORT[source.room]
    if (!allowed) {
      faults.push(`${source.path}: the room ${source.room} is not listed`)
      continue
    }
    for (const name of listImports(source).filter((each) => each.startsWith('.') || each === '(computed)')) {
      const target = normalize(join(dirname(source.path), name))
      const room = target.includes('/') ? target.split('/')[0]! : '.'
      const fine = name !== '(computed)' && !target.startsWith('..')
      if (!fine || (room !== source.room && room !== 'model' && !allowed.includes(room)))
        faults.push(`${source.path} imports ${name}`)
    }
  }
  expect(faults).toEqual([])
})

test('what asterisk imports of plan is types', () => {
  const values = sources
    .filter(({ room }) => room === 'asterisk')
    .filter(({ text }) => /^import (?!type )[^;]*?from '[./]*\/plan\//m.test(text))
  expect(values.map(({ path }) => path)).toEqual([])
})

test('only the composition root reads the configuration, and only config.ts reads the environment', () => {
  const readers = sources.filter(({ room, text }) => room !== '.' && /from '[./]*\/config\.ts'/.test(text))
  expect(readers.map(({ path }) => path)).toEqual([])
  const environment = findInTrees(
    (node, { path }) =>
      path !== 'config.ts' && /^(process|globalThis\.process)\.env$/.test(node.getText()) && ts.isExpression(node),
  )
  expect(environment).toEqual([])
})

test('import, plan, phones and model know no clock, chance, environment or input and output', () => {
  const impure = sources
    .filter(({ room }) => PURE_ROOMS.includes(room))
    .flatMap((source) => {
      const modules = listImports(source).filter((name) => IMPURE_MODULES.test(name))
      return modules.map((name) => `${source.path} imports ${name}`)
    })
  expect(impure).toEqual([])
  const calls = findInTrees(
    (node, { room }) =>
      PURE_ROOMS.includes(room) &&
      ((ts.isCallExpression(node) && IMPURE_CALLS.includes(node.expression.getText())) ||
        (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) ||
        (ts.isIdentifier(node) && node.text === 'process')),
  )
  expect(calls).toEqual([])
})

test('processes are started by the embedded PostgreSQL alone', () => {
  const starters = sources.filter((source) => listImports(source).some((name) => /^(node:)?child_process$/.test(name)))
  expect(starters.map(({ path }) => path)).toEqual(['db/embedded/cluster.ts'])
})

test('no text becomes code', () => {
  const found = findInTrees(
    (node) =>
      ((ts.isCallExpression(node) || ts.isNewExpression(node)) &&
        /^(globalThis\.)?(eval|Function)$/.test(node.expression.getText())) ||
      (ts.isStringLiteral(node) && /^(node:)?vm$/.test(node.text) && ts.isImportDeclaration(node.parent)),
  )
  expect(found).toEqual([])
})

test('names say what a thing is: none of the words that say nothing', () => {
  const files = sources
    .flatMap(({ path }) => path.replace(/\.ts$/, '').split(/[/-]/))
    .filter((word) => BANNED.test(word))
  expect(files).toEqual([])
  const lastWord = (name: string) => name.match(/[A-Z]?[a-z0-9]+$|[A-Z0-9]+$/)?.[0] ?? name
  const names = findInTrees((node) => {
    const isDeclared =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isInterfaceDeclaration(node)
    if (!isDeclared || !node.name || !ts.isIdentifier(node.name)) return false
    return BANNED.test(lastWord(node.name.text)) && !NAMES_OF_THE_FIELD.includes(node.name.text)
  })
  expect(names).toEqual([])
})

test('files are kebab-case, short as a rule, and never long', () => {
  const misnamed = sources.filter(({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(path)))
  expect(misnamed.map(({ path }) => path)).toEqual([])
  const sorted = sources.toSorted((a, b) => a.lines - b.lines)
  expect(sorted[Math.floor(sorted.length / 2)]!.lines).toBeLessThan(80)
  expect(sorted.filter(({ lines }) => lines > 250).map(({ path }) => path)).toEqual([])
})
