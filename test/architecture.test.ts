import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

type Verdict = { read: number; broken: string[] };

/** Runs the arrows of .dependency-cruiser.cjs over folders of a tree and gives the number of files read and the rules broken. */
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
  // A file whose imports were not read has none: only files that were seen to import something count as read.
  const read = result.modules.filter((m) => !m.source.includes('node_modules') && m.dependencies.length > 0).length;
  return { read, broken: [...new Set(result.summary.violations.map((v) => v.rule.name))].sort() };
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
  for (const [file, imports] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    const lines = imports.map((from, i) => `import * as m${i} from '${from}';`);
    writeFileSync(path.join(tree, file), `${lines.join('\n')}\nexport const all: unknown[] = [${imports.map((_, i) => `m${i}`)}];\n`);
  }
  return tree;
}

const forbidden: [rule: string, files: Record<string, string[]>][] = [
  ['protocol-is-pure', { 'lib/protocol/field.ts': ['node:crypto'] }],
  ['protocol-is-pure', { 'lib/protocol/field.ts': ['postgres'] }],
  ['proof-rests-on-protocol-only', { 'lib/proof/check.ts': ['../server/clock.ts'], 'lib/server/clock.ts': [] }],
  ['one-importer-of-the-prover', { 'lib/browser/prove.ts': ['snarkjs'] }],
  ['one-importer-of-the-prover', { 'lib/proof/prover.ts': ['snarkjs'] }],
  ['ceremony-rests-on-proof', { 'lib/ceremony/chain.ts': ['../server/clock.ts'], 'lib/server/clock.ts': [] }],
  ['trustee-stands-alone', { 'lib/trustee/serve.ts': ['../server/clock.ts'], 'lib/server/clock.ts': [] }],
  ['signing-rests-on-api-and-proof', { 'lib/signing/post.ts': ['../browser/wallet.ts'], 'lib/browser/wallet.ts': [] }],
  ['issuing-rests-on-api', { 'lib/issuing/roster.ts': ['../server/clock.ts'], 'lib/server/clock.ts': [] }],
  ['checking-rests-on-proof', { 'lib/checking/check.ts': ['../api/client.ts'], 'lib/api/client.ts': [] }],
  ['server-meets-no-browser', { 'lib/server/a.ts': ['../browser/wallet.ts'], 'lib/browser/wallet.ts': [] }],
  ['browser-meets-no-server', { 'lib/browser/wallet.ts': ['../server/a.ts'], 'lib/server/a.ts': [] }],
  ['browser-reaches-no-server', { 'lib/browser/a.ts': ['../x.ts'], 'lib/x.ts': ['../db/client.ts'], 'db/client.ts': [] }],
  ['db-below-server', { 'db/client.ts': ['../lib/server/a.ts'], 'lib/server/a.ts': [] }],
  ['app-not-to-db', { 'app/page.tsx': ['../db/client.ts'], 'db/client.ts': [] }],
  [
    'anonymous-knows-nobody',
    {
      'app/api/anonymous/sign/route.ts': ['../../../../lib/server/accept.ts'],
      'lib/server/accept.ts': ['./who.ts'],
      'lib/server/who.ts': ['./session.ts'],
      'lib/server/session.ts': [],
    },
  ],
  ['anonymous-knows-nobody', { 'app/api/anonymous/sign/route.ts': ['iron-session'] }],
  ['anonymous-knows-nobody', { 'app/api/ceremony/places/route.ts': ['iron-session'] }],
  ['product-needs-no-test', { 'lib/protocol/field.ts': ['../../test/seed.ts'], 'test/seed.ts': [] }],
  ['resolvable', { 'lib/server/a.ts': ['./gone.ts'] }],
];

describe('the import arrows', () => {
  it.each(forbidden)('refuse a breach of %s (%#)', (rule, files) => {
    const tree = plantTree(files);
    const { read, broken } = cruise(tree, [...new Set(Object.keys(files).map((file) => path.dirname(file).split('/')[0] ?? file))]);
    expect(read).toBeGreaterThan(0);
    expect(broken).toContain(rule);
  });

  it('let the allowed arrows pass', () => {
    const tree = plantTree({
      'app/api/anonymous/sign/route.ts': ['../../../../lib/server/accept.ts'],
      'lib/server/accept.ts': ['../proof/snarkjs.ts', '../../db/client.ts', '../protocol/field.ts', 'node:crypto'],
      'lib/server/session.ts': ['iron-session'],
      'lib/proof/snarkjs.ts': ['snarkjs', '../protocol/field.ts'],
      'lib/protocol/field.ts': ['@noble/curves/misc.js', '@scure/base', '@semaphore-protocol/group', 'canonicalize', 'zod'],
      'db/client.ts': ['postgres', '../lib/protocol/field.ts'],
    });
    expect(cruise(tree, ['app', 'lib', 'db'])).toEqual({ read: 6, broken: [] });
  });

  const folders = ['app', 'app/api/anonymous', 'db', 'lib/protocol', 'lib/proof', 'lib/server', 'lib/browser', 'lib/trustee', 'scripts'];
  it.each(folders)('hold in %s, whose files are read', (folder) => {
    const { read, broken } = cruise(root, [folder]);
    expect(broken).toEqual([]);
    expect(read).toBeGreaterThan(0);
  });
});
