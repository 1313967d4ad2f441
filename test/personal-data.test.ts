// docs/personal-data.md against the code: nothing that is kept is left out of it
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { getTableConfig, is, PgTable } from '#db/drizzle.cjs';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const sourcesIn = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => read(path.join(folder, file)));

/** The rows of the table under a heading, by their cells. */
function rowsOf(heading: string): string[][] {
  const section = read('docs/personal-data.md').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** What stands between backticks in the first cells under a heading. */
const namedIn = (heading: string) => rowsOf(heading).flatMap(([where = '']) => [...where.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

/** Tables of the database by the name of their schema and their own, and the name by which the code knows each. */
const tables = new Map<string, string>();
beforeAll(async () => {
  for (const file of readdirSync(path.join(root, 'db/schema')))
    for (const [exported, value] of Object.entries((await import(path.join(root, 'db/schema', file))) as object))
      if (is(value, PgTable)) tables.set(`${getTableConfig(value).schema}.${getTableConfig(value).name}`, exported);
});

/** Whether a source deletes rows of a table, under its own name or the one that it is imported by. */
function deletesFrom(source: string, exported: string): boolean {
  const local = new RegExp(`\\b${exported} as (\\w+)`).exec(source)?.[1] ?? exported;
  return new RegExp(`\\bimport [^;]*\\b${exported}\\b`).test(source) && new RegExp(`\\.delete\\(${local}\\)`).test(source);
}

describe('what is said of personal data', () => {
  it('has a row for every table of the database', () => {
    expect(tables.size).toBeGreaterThan(20);
    expect(namedIn('The platform’s database').sort()).toEqual([...tables.keys()].sort());
  });

  it('says “for good” of exactly the tables whose rows no verb of the server deletes', () => {
    const sources = sourcesIn('lib/server');
    const kept = [...tables].filter(([, exported]) => !sources.some((source) => deletesFrom(source, exported))).map(([name]) => name);
    const said = rowsOf('The platform’s database').filter(([, , until]) => until?.startsWith('for good'));
    expect(said.map(([where = '']) => where.replaceAll('`', '')).sort()).toEqual(kept.sort());
    expect(kept).toContain('board.revealed_names');
    expect(kept).not.toContain('board.entries');
  });

  it('has a row for every file of a trustee’s keystore', () => {
    const literals = sourcesIn('lib/trustee').flatMap((source) => [
      ...source.matchAll(/['`]([a-z][\w-]*(?:\$\{[^`]*)?\.(?:json|log|ndjson))['`]/g),
    ]);
    const files = new Set(literals.map(([, name = '']) => name.replace(/\$\{.*\}/, '*')));
    expect(files.size).toBeGreaterThan(10);
    expect(
      namedIn('A trustee’s keystore')
        .filter((name) => name !== 'capsules/')
        .sort(),
    ).toEqual([...files].sort());
  });

  it('has a row for every file of an issuer’s own program, and for its memory', () => {
    const files = sourcesIn('lib/agent').flatMap((source) => [...source.matchAll(/_?FILE = '([\w-]+\.json)'/g)].map(([, name]) => name));
    expect(files.length).toBeGreaterThan(2);
    expect(namedIn('An issuer’s own program').sort()).toEqual(files.sort());
  });

  it('has a row for every store of a browser’s database', () => {
    const stores = /const STORES = \[([^\]]*)\]/.exec(read('lib/browser/database.ts'))?.[1] ?? '';
    const names = [...stores.matchAll(/'(\w+)'/g)].map(([, name]) => name);
    expect(names).toContain('documents');
    expect([...new Set(namedIn('A browser'))].sort()).toEqual(names.sort());
  });

  it('leaves no cell empty', () => {
    const headings = [...read('docs/personal-data.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading as string);
    const rows = headings.flatMap(rowsOf);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((cells) => cells.length < 3 || cells.includes(''))).toEqual([]);
  });

  it('names in the impact assessment only attacks of the threat model', () => {
    const named = new Set(read('docs/impact-assessment.md').match(/\bT\d+\b/g));
    expect(named.size).toBeGreaterThan(15);
    expect([...named].filter((name) => !read('THREAT-MODEL.md').includes(`| ${name} |`))).toEqual([]);
  });
});
