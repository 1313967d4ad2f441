import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8');
/** A segment of an address that stands for any. */
const ANY = 'a1'.repeat(32);

/** The address of a file that makes answers, with an id for each name in it. */
function addressOf(file: string): string {
  const folder = file.replace(/\/route\.ts$|\.tsx$/, '').replace(/^app/, '');
  return folder.replace(/\[(?:\.\.\.)?\w+\]/g, ANY);
}

describe('the examples of deploy/', () => {
  it('let nginx keep the answers of exactly those addresses that may have public ones', () => {
    const locations = [...read('deploy/nginx/nginx.conf').matchAll(/location ~ (\S+) \{([^}]*)\}/g)];
    const cached = locations.filter(([, , rules]) => rules?.includes('proxy_cache public')).map(([, pattern = '']) => new RegExp(pattern));
    expect(cached.length).toBeGreaterThan(0);
    const makers = globSync(['app/**/route.ts', 'app/**/opengraph-image.tsx']);
    expect(makers.length).toBeGreaterThan(40);
    const isPublic = (file: string) => /'(immutable|minutes|brief)'|'public, max-age/.test(read(file));
    for (const file of makers) expect([file, cached.some((pattern) => pattern.test(addressOf(file)))]).toEqual([file, isPublic(file)]);
    for (const page of globSync('app/**/page.tsx'))
      expect([page, cached.some((pattern) => pattern.test(addressOf(path.dirname(page))))]).toEqual([page, false]);
  });
});
