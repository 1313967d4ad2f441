import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

type Verdict = {
  /** Files that were seen to import something: one whose imports were not read has none. */
  read: string[];
  broken: { from: string; rule: string }[];
};

/** Runs the arrows of .dependency-cruiser.cjs over folders of a tree. */
function cruise(tree: string, entries: string[]): Verdict {
  const run = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/.bin/depcruise'),
      ...['--config', path.join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'],
      ...entries,
    ],
    { cwd: tree, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  const result = JSON.parse(run.stdout || raise(run.stderr)) as {
    modules: { source: string; dependencies: unknown[] }[];
    summary: { violations: { from: string; to: string; rule: { name: string } }[] };
  };
  const read = result.modules.filter((m) => !m.source.includes('node_modules') && m.dependencies.length > 0).map((m) => m.source);
  return { read, broken: result.summary.violations.map(({ from, rule }) => ({ from, rule: rule.name })) };
}

function raise(message: string): never {
  throw new Error(message);
}

const made: string[] = [];
afterAll(() => made.forEach((dir) => void rmSync(dir, { recursive: true, force: true })));

/** Writes a small tree of files that import each other; `files` maps a path to the modules that it imports. */
function plantTree(files: Record<string, string[]>): string {
  const tree = mkdtempSync(path.join(tmpdir(), 'arrows-'));
  made.push(tree);
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
  copyFileSync(path.join(root, 'package.json'), path.join(tree, 'package.json')); // its `imports` say what #lib/… means
  for (const [file, imports] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    const lines = imports.map((from, i) => `import * as m${i} from '${from}';`);
    writeFileSync(path.join(tree, file), `${lines.join('\n')}\nexport const all: unknown[] = [${imports.map((_, i) => `m${i}`)}];\n`);
  }
  return tree;
}

/** A file in a room that imports one in another. */
const arrow = (from: string, to: string): Record<string, string[]> => ({
  [`${from}/to-${to.replace('/', '-')}.ts`]: [`#${to}/any.ts`],
  [`${to}/any.ts`]: [],
});

/** The first file of each breaks the rule. They are planted in one tree, so no two may write the same file in two ways. */
const forbidden: [rule: string, files: Record<string, string[]>][] = [
  ['packages-of-lib-protocol', { 'lib/protocol/numbers/field.ts': ['node:crypto'] }],
  ['packages-of-lib-protocol', { 'lib/protocol/numbers/point.ts': ['postgres'] }],
  ['packages-of-lib-api', { 'lib/api/client.ts': ['node:http'] }],
  ['packages-of-lib-room', { 'lib/room/room.ts': ['node:worker_threads'] }],
  ['only-from-lib-room', arrow('lib/room', 'lib/host')],
  ['only-from-lib-host', arrow('lib/host', 'lib/api')],
  ['only-from-lib-protocol', arrow('lib/protocol', 'lib/proof')],
  ['only-from-lib-proof', arrow('lib/proof', 'lib/server')],
  ['only-from-lib-api', arrow('lib/api', 'lib/proof')],
  ['only-from-lib-signing', arrow('lib/signing', 'lib/browser')],
  ['only-from-lib-issuing', arrow('lib/issuing', 'lib/server')],
  ['only-from-lib-checking', arrow('lib/checking', 'lib/api')],
  ['only-from-lib-ceremony', arrow('lib/ceremony', 'lib/server')],
  ['only-from-lib-agent', arrow('lib/agent', 'lib/server')],
  ['only-from-lib-trustee', arrow('lib/trustee', 'lib/server')],
  ['only-from-lib-browser', arrow('lib/browser', 'lib/server')],
  ['only-from-lib-server', arrow('lib/server', 'lib/browser')],
  ['only-from-db', arrow('db', 'lib/server')],
  ['only-from-kernel', arrow('kernel', 'lib/protocol')],
  ['only-from-lib-proof', arrow('lib/proof', 'kernel')],
  ['only-from-app', arrow('app', 'db')],
  ['only-from-app', arrow('app', 'lib/trustee')],
  ['one-importer-of-the-prover', { 'lib/browser/prove.ts': ['snarkjs'] }],
  ['one-importer-of-the-prover', { 'lib/proof/prover.ts': ['snarkjs'] }],
  ['one-importer-of-drizzle', { 'db/rows.ts': ['drizzle-orm'] }],
  ['one-importer-of-drizzle', { 'lib/server/rows.ts': ['drizzle-orm/pg-core'] }],
  ['browser-reaches-no-server', { 'lib/browser/a.ts': ['../x.ts'], 'lib/x.ts': ['../db/client.ts'], 'db/client.ts': [] }],
  [
    'anonymous-knows-nobody',
    {
      'app/api/anonymous/sign/route.ts': ['#lib/server/accept.ts'],
      'lib/server/accept.ts': ['./who.ts'],
      'lib/server/who.ts': ['./session.ts'],
      'lib/server/session.ts': [],
    },
  ],
  ['anonymous-knows-nobody', { 'app/api/anonymous/look/route.ts': ['iron-session'] }],
  ['anonymous-knows-nobody', { 'app/api/ceremony/places/route.ts': ['iron-session'] }],
  ['product-needs-no-test', { 'lib/protocol/numbers/random.ts': ['#test/seed.ts'], 'test/seed.ts': [] }],
  ['resolvable', { 'lib/server/a.ts': ['./gone.ts'] }],
];

/** The arrows as the checker holds them: of each room, the rooms that it may import. */
function arrowsInRules(): Record<string, string[]> {
  const { forbidden: rules } = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs')) as {
    forbidden: { name: string; from: { path: string }; to: { pathNot: string } }[];
  };
  return Object.fromEntries(
    rules
      .filter(({ name }) => name.startsWith('only-from-'))
      .map(({ from, to }) => {
        const room = from.path.slice(1, -1);
        return [
          room,
          to.pathNot
            .slice(2, -2)
            .split('|')
            .filter((other) => other !== room),
        ];
      }),
  );
}

/** The same as ARCHITECTURE.md tells it: the last column of its table, of rooms that the rules bind. */
function arrowsInDocument(): Record<string, string[]> {
  const rows = [...readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([a-z/]+)\/` \|[^|]*\| ([^|]*) \|$/gm)];
  const full = (name: string) => (['app', 'circuits', 'db', 'kernel'].includes(name) ? name : `lib/${name}`);
  return Object.fromEntries(
    rows
      .map(([, room, others]) => [room as string, others as string] as const)
      .filter(([room]) => !['circuits', 'deploy', 'scripts'].includes(room))
      .map(([room, others]) => [room, others === '–' ? [] : others.split(', ').map(full)]),
  );
}

describe('the import arrows', () => {
  let planted: Verdict;
  beforeAll(() => {
    const files: Record<string, string[]> = {};
    for (const [file, imports] of forbidden.flatMap(([, some]) => Object.entries(some))) {
      expect([file, files[file] ?? imports]).toEqual([file, imports]);
      files[file] = imports;
    }
    planted = cruise(plantTree(files), ['app', 'db', 'kernel', 'lib', 'test']);
  });

  it.each(forbidden)('refuse a breach of %s (%#)', (rule, files) => {
    const [from] = Object.keys(files) as [string];
    expect(planted.read).toContain(from);
    expect(planted.broken).toContainEqual({ from, rule });
  });

  it('have a planted breach for each rule', () => {
    const { forbidden: rules } = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string }[];
    };
    expect([...new Set(forbidden.map(([rule]) => rule))].sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  it('are those of ARCHITECTURE.md', () => {
    const sorted = (arrows: Record<string, string[]>) =>
      Object.fromEntries(Object.entries(arrows).map(([room, others]) => [room, others.toSorted()]));
    expect(Object.keys(arrowsInDocument())).toHaveLength(16);
    expect(sorted(arrowsInRules())).toEqual(sorted(arrowsInDocument()));
  });

  it('let the allowed arrows pass', () => {
    const tree = plantTree({
      'app/api/anonymous/sign/route.ts': ['../../../../lib/server/accept.ts'],
      'lib/server/accept.ts': ['#lib/proof/snarkjs.ts', '#db/client.ts', '#lib/protocol/numbers/field.ts', 'node:crypto'],
      'lib/server/session.ts': ['iron-session'],
      'lib/proof/snarkjs.ts': ['snarkjs', '../protocol/numbers/field.ts'],
      'lib/protocol/numbers/field.ts': ['@noble/curves/misc.js', '@scure/base', '@semaphore-protocol/group', 'canonicalize', 'zod'],
      'db/client.ts': ['postgres', '../lib/protocol/numbers/field.ts'],
    });
    const { read, broken } = cruise(tree, ['app', 'lib', 'db']);
    expect(broken).toEqual([]);
    expect(read).toHaveLength(6);
  });

  it('hold in this repository, of which every file is read that imports anything', () => {
    const folders = ['app', 'db', 'kernel/generator', 'lib', 'scripts'];
    const { read, broken } = cruise(root, folders);
    expect(broken).toEqual([]);
    const importing = folders
      .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
      .filter((file) => /\.tsx?$/.test(file) && /^import [^;]+ from /m.test(readFileSync(path.join(root, file), 'utf8')));
    expect(importing.length).toBeGreaterThan(300);
    expect(importing.filter((file) => !read.includes(file))).toEqual([]);
  });
});

/** Files whose exports have the names that the framework asks for. */
const FRAMEWORK = /^app\/.*\/?(page|route|layout|error|not-found|global-error|opengraph-image|loading)\.tsx?$/;
const EXPORT = /^export (?:default )?(?:async )?(?:function\*?|const|let|class|type|interface|enum) (\w+)/gm;

/** Names that are exported from more than one file, with those files. */
function findHomonyms(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const homes = new Map<string, Set<string>>();
  for (const [file, text] of files) {
    if (FRAMEWORK.test(file)) continue;
    for (const [, name] of text.matchAll(EXPORT)) homes.set(name as string, (homes.get(name as string) ?? new Set()).add(file));
  }
  return new Map([...homes].filter(([, of]) => of.size > 1).map(([name, of]) => [name, [...of].sort()]));
}

/** The text of every source file of the product. */
function readSources(): Map<string, string> {
  const files = ['app', 'db', 'lib', 'scripts'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  );
  return new Map(files.filter((file) => /\.tsx?$/.test(file)).map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

describe('an exported name', () => {
  it('has one home, so that one word means one thing', () => {
    const sources = readSources();
    expect(sources.size).toBeGreaterThan(500);
    expect(Object.fromEntries(findHomonyms(sources))).toEqual({});
  });

  it('is found where it has two, whatever is exported', () => {
    const planted = new Map([
      ['lib/a.ts', 'export type Seal = 1;\nexport async function open() {}\nexport const one = 1;'],
      ['app/b.tsx', 'export const Seal = 2;\nexport function open() {}\nexport function open(of: 1) {}'],
      ['app/x/route.ts', 'export const one = 1;'],
    ]);
    expect([...findHomonyms(planted).keys()]).toEqual(['Seal', 'open']);
  });
});

describe('a quotation in a sentence of ours', () => {
  /** What begins a quotation of something that is not written there. */
  const UNQUOTED = /“(\$?\{|<|\s*$)/m;

  it('is made in one place, which keeps a name inside its marks', () => {
    const makers = [...readSources()].filter(([, text]) => UNQUOTED.test(text)).map(([file]) => file);
    expect(makers).toEqual(['lib/protocol/messages/quote.ts']);
  });
});
