import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

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
    expect(new Set(attacks).size).toBe(attacks.length);
    expect(attacks).toEqual(expect.arrayContaining(Array.from({ length: 37 }, (_, i) => `T${i + 1}`)));
    const tests = sourcesIn(['test'], /\.test\.tsx?$/)
      .filter((file) => file !== path.join('test', 'documents.test.ts'))
      .map(read)
      .join('\n');
    expect(attacks.filter((name) => !new RegExp(`\\b${name}\\b`).test(tests))).toEqual([]);
  });

  it('speak of every command that package.json has for people', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const documents = [read('README.md'), read('scripts/setup-ceremony/README.md'), read('circuits/README.md')].join('\n');
    const spoken = (name: string) => documents.includes(`npm run ${name}`) || documents.includes(`npm ${name}`);
    expect(Object.keys(scripts).filter((name) => name !== 'postinstall' && !spoken(name))).toEqual([]);
  });
});
