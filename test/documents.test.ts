import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REWRITTEN } from '#lib/server/board/erase-traces.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Rows of the threat model, from T1 on. */
const ATTACKS = 80;
/** What is said of a suite or a test, also where a table of cases stands before it. */
const TEST_NAME = /\b(?:(?:describe|it)(?:\.\w+\([^\n]*\))?|\]\))\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;

function sourcesIn(folders: readonly string[], endings: RegExp): string[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => endings.test(file))
      .map((file) => path.join(folder, file)),
  );
}

describe('the documents', () => {
  it('have every section of SPEC.md that the code speaks of', () => {
    const sections = new Set([...read('SPEC.md').matchAll(/^#{2,3} (\d+(?:\.\d+)?)/gm)].map(([, number]) => number));
    const files = sourcesIn(['app', 'circuits', 'db', 'lib', 'scripts', 'test'], /\.(ts|tsx|mjs|circom)$/);
    const mentions = files.flatMap((file) => [...read(file).matchAll(/SPEC §(\d+(?:\.\d+)?)/g)].map(([, number]) => ({ file, number })));
    expect(mentions.length).toBeGreaterThan(100);
    expect(mentions.filter(({ number }) => !sections.has(number as string))).toEqual([]);
  });

  it('tell the operator of a database to rewrite what the private one rewrites', () => {
    const rules = read('README.md').split('**A PostgreSQL of your own**')[1]?.split('### Backups')[0] ?? '';
    const [arrival = '', erasure = ''] = rules.split(/^- /m).filter((rule) => /board\.entries/.test(rule));
    const tablesIn = (rule: string) => [...new Set(rule.match(/\b(?:board|membership)\.[a-z_]+/g))].sort();
    expect([tablesIn(arrival), tablesIn(erasure)]).toEqual([[...REWRITTEN.arrival].sort(), [...REWRITTEN.erasure].sort()]);
  });

  it('name only files that exist', () => {
    const documents = ['README.md', 'SPEC.md', 'ARCHITECTURE.md', 'THREAT-MODEL.md', 'DECISIONS.md'];
    const links = documents.flatMap((document) =>
      [...read(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string),
    );
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) expect(() => read(link), link).not.toThrow();
  });

  it('have a test named after every attack in the threat model', () => {
    const attacks = [...read('THREAT-MODEL.md').matchAll(/^\| (T\d+) \|/gm)].map(([, name]) => name as string);
    expect(attacks).toEqual(Array.from({ length: ATTACKS }, (_, i) => `T${i + 1}`));
    const files = sourcesIn(['test'], /\.test\.tsx?$/).filter((file) => file !== path.join('test', 'documents.test.ts'));
    const names = files.flatMap((file) => [...read(file).matchAll(TEST_NAME)].map(([, , name]) => name)).join('\n');
    expect(attacks.filter((name) => !new RegExp(`\\b${name}\\b`).test(names))).toEqual([]);
  });

  it('have no word for what holds that names an attack which the threat model does not list', () => {
    const [before, after] = read('THREAT-MODEL.md').split('## Attacks and their answers') as [string, string];
    const cells = new Set(before.match(/\bT\d+\b/g));
    expect([...cells].filter((name) => !after.includes(`| ${name} |`))).toEqual([]);
    expect(cells.size).toBeGreaterThan(40);
  });

  it('number the decisions from 1 on, without a gap', () => {
    const numbers = [...read('DECISIONS.md').matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect(numbers.length).toBeGreaterThan(50);
  });

  it('speak of every command that package.json has for people', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const documents = [read('README.md'), read('scripts/setup-ceremony/README.md'), read('circuits/README.md')].join('\n');
    const spoken = (name: string) => documents.includes(`npm run ${name}`) || documents.includes(`npm ${name}`);
    expect(Object.keys(scripts).filter((name) => name !== 'postinstall' && !spoken(name))).toEqual([]);
  });
});
