import { afterAll, expect, it, vi } from 'vitest';

afterAll(() => vi.unstubAllGlobals());

it('the ring is loaded where a browser cannot tell characters apart, so that the page can say that it is too old', async () => {
  vi.stubGlobal('Intl', { ...Intl, Segmenter: undefined });
  const { shortenText } = await import('#app/ring/ring-names.ts');
  expect(shortenText('Ann', 10)).toBe('Ann');
});
