import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REFUSALS } from '#lib/server/errors.ts';
import { loadRoutes } from '../support/routes.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const spec = readFileSync(path.join(ROOT, 'SPEC.md'), 'utf8');
const chapter = spec.slice(spec.indexOf('\n## 13 '), spec.indexOf('\n## 14 '));

describe('the HTTP API of SPEC §13', () => {
  it('has the codes, statuses and sentences of this platform, each once', () => {
    const rows = [...chapter.matchAll(/^\| ([A-Z_]+) \| (\d{3}) \| (.+) \|$/gm)].map(([, code, status, text]) => [
      code,
      Number(status),
      text,
    ]);
    expect(rows.map(([code]) => code)).toEqual([...new Set(rows.map(([code]) => code))]);
    const byCode = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(rows.sort(byCode)).toEqual(
      Object.entries(REFUSALS)
        .map(([code, [status, text]]) => [code, status, text])
        .sort(byCode),
    );
  });

  it('has no code that nothing refuses with', () => {
    const sources = ['lib', 'app'].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(path.join('server', 'errors.ts')))
        .map((file) => readFileSync(path.join(ROOT, folder, file), 'utf8')),
    );
    const all = [...sources, readFileSync(path.join(ROOT, 'proxy.ts'), 'utf8')].join('\n');
    expect(Object.keys(REFUSALS).filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });

  it('has the anonymous routes of this platform, and no others', async () => {
    const described = [...chapter.matchAll(/^\| (`(?:GET|POST) .+?) \| .+ \|$/gm)].flatMap(([, cell]) => {
      const [, method] = cell!.match(/`(GET|POST) /) as RegExpMatchArray;
      const addresses = [...cell!.matchAll(/`(?:GET |POST )?([^`{]+)`/g)].map(([, address]) => address!.replace(/\?.*/, ''));
      return addresses.map((address) => `${method} ${address.startsWith('/') ? address : `/api/anonymous/${address}`}`);
    });
    const spelt = (pattern: string) => pattern.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => name.toUpperCase());
    const served = (await loadRoutes())
      .filter(({ pattern }) => !/^\/api\/(issuer|ceremony)/.test(pattern))
      .flatMap(({ pattern, methods }) => methods.map((method) => `${method} ${spelt(pattern)}`));
    expect(described.sort()).toEqual(served.sort());
  });
});
