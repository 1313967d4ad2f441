import { globSync } from 'node:fs';
import path from 'node:path';
import type { ComponentType } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { PageErrorProps } from '#app/ui/page-failed.tsx';

const root = path.resolve(import.meta.dirname, '../../..');
const places = globSync('app/**/error.tsx', { cwd: root });

describe('in place of a page that failed', () => {
  it('stands what became of the things of whoever waits there, in words of its own', async () => {
    const shown = new Map<string, string>();
    for (const place of places) {
      const { default: Failed } = (await import(path.join(root, place))) as { default: ComponentType<PageErrorProps> };
      const error = Object.assign(new Error('a secret of the server'), { digest: '4711' });
      const html = renderToStaticMarkup(<Failed error={error} retry={() => {}} />);
      expect(html).toContain('<code translate="no">4711</code>');
      expect(html).toContain('Try again');
      expect(html).not.toContain('a secret of the server');
      shown.set(place, html);
    }
    for (const waiting of ['s/[id]/sign', 's/[id]/withdraw', 'issuer', 'ceremony', '.'])
      expect([...shown.keys()]).toContain(path.join('app', waiting, 'error.tsx'));
    expect(new Set(shown.values()).size).toBe(places.length);
    expect(shown.get('app/s/[id]/sign/error.tsx')).toContain('it cannot count twice');
  });
});
