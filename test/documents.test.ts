import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REWRITTEN } from '#lib/server/board/erase-traces.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Every document for people. */
const DOCUMENTS = [
  ...['README.md', 'ARCHITECTURE.md', 'SPEC.md', 'THREAT-MODEL.md', 'DECISIONS.md', 'BENCHMARKS.md'],
  ...['SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...sourcesIn(['docs'], /\.md$/)],
  ...['circuits/README.md', 'lib/protocol/README.md', 'scripts/setup-ceremony/README.md'],
];
/** Rows of the threat model, from T1 on. */
const ATTACKS = 93;
/** What is said of a suite or a test, also where a table of cases stands before it. */
const TEST_NAME = /\b(?:(?:describe|it)(?:\.\w+\([^\n]*\))?|\]\))\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;

function sourcesIn(folders: readonly string[], endings: RegExp): string[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => endings.test(file))
      .map((file) => path.join(folder, file)),
  );
}

/** What a document leads to in this tree, as paths from its root. */
function linksOf(document: string): string[] {
  const targets = [...read(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string);
  return targets.map((target) => path.join(path.dirname(document), target));
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

  it('name only files that exist, seen from where each lies', () => {
    const links = DOCUMENTS.flatMap(linksOf);
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter((link) => !existsSync(path.join(root, link)))).toEqual([]);
  });

  it('are all reached from README', () => {
    const seen = new Set(['README.md']);
    for (const document of seen) for (const link of linksOf(document)) if (link.endsWith('.md')) seen.add(link);
    expect(DOCUMENTS.filter((document) => !seen.has(document))).toEqual([]);
  });

  it('have no line of more than 120 characters but in tables and examples', () => {
    const laidOut = DOCUMENTS.filter((document) => !/\/README\.md$|^BENCHMARKS/.test(document));
    const prose = (document: string) =>
      read(document)
        .replace(/^```[\s\S]*?^```/gm, '')
        .split('\n');
    const isLong = (line: string) => line.length > 120 && !line.startsWith('|');
    expect(laidOut.flatMap((document) => prose(document).filter(isLong))).toEqual([]);
  });

  it('tell of the version that package.json names, and .nvmrc of the Node that it brings along', () => {
    const { version, optionalDependencies } = JSON.parse(read('package.json')) as {
      version: string;
      optionalDependencies: Record<string, string>;
    };
    expect(read('CHANGELOG.md').match(/^## (\S+)/m)?.[1]).toBe(version);
    expect(Object.keys(optionalDependencies).filter((name) => name.startsWith('node-'))).not.toEqual([]);
    for (const [name, node] of Object.entries(optionalDependencies)) if (name.startsWith('node-')) expect(node).toBe(read('.nvmrc').trim());
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
    const documents = DOCUMENTS.map(read).join('\n');
    const spoken = (name: string) => documents.includes(`npm run ${name}`) || documents.includes(`npm ${name}`);
    expect(Object.keys(scripts).filter((name) => name !== 'postinstall' && !spoken(name))).toEqual([]);
  });
});
