import { renderToStaticMarkup } from 'react-dom/server';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { Letter } from '#app/ui/letter.tsx';

const CHECK = `https://roundrobin.example.org/s/${'ab'.repeat(32)}/check`;
const people = (count: number) => Array.from({ length: count }, (_, i) => ({ seat: String(i), name: `Signer ${i + 1}.` }));

function render(count: number, names = people(count)): string {
  return renderToStaticMarkup(
    <Letter
      title="Open the books"
      text={<p>We ask for a fair count.</p>}
      ring={{ state: 'revealed', needed: count, statement: 'ab'.repeat(32), live: count, names, title: 'Open the books' }}
      standing={<p>All of them signed together.</p>}
      hashes={[{ of: 'Hash of the statement', hex: 'ab'.repeat(32) }]}
      checkUrl={CHECK}
      recordUrl="https://roundrobin.example.org/record"
    />,
  );
}

describe('the printed letter', () => {
  it('holds title, text, how it stands, the hashes and the address of the check in full', () => {
    const words = render(3).replaceAll('<wbr/>', '');
    for (const part of ['Open the books', 'We ask for a fair count.', 'All of them signed together.', 'ab'.repeat(32), CHECK])
      expect(words).toContain(part);
  });

  it('leads a camera to the same address', () => {
    const [, size, path] = /viewBox="0 0 (\d+) \1".*?fill="#000" d="([^"]+)"/.exec(render(3)) ?? [];
    const dark = new Set<string>();
    for (const [, x, y, width] of (path ?? '').matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g))
      for (let i = 0; i < Number(width); i++) dark.add(`${Number(x) + i} ${y}`);
    const code = encode(CHECK, { ecc: 'M', border: 4 });
    expect(Number(size)).toBe(code.size);
    const wanted = code.data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])));
    expect([...dark].sort()).toEqual(wanted.sort());
  });

  it('has every name on the ring as long as they can be read there, and else in a list as well', () => {
    expect(render(70)).not.toContain('<li>');
    const html = render(150);
    for (const { name } of people(150)) expect(html).toContain(`<bdi translate="no">${name}</bdi>`);
    expect(html).toContain('Every name also stands in the record');
  });

  it('lists the names as well when the ring had to shorten one of them', () => {
    const long = 'Philippa Featherstonehaugh-Cholmondeley, Member for the Western Archipelago';
    const html = render(3, [{ seat: '9', name: long }, ...people(2)]);
    expect(html).toContain(`<bdi translate="no">${long}</bdi>`);
    expect(html).toContain('<bdi translate="no">Signer 1.</bdi>');
  });

  it('says how many there are and where, where the browser could not put all of them on paper', () => {
    expect(render(201)).toContain('1 to 200 of 201 names');
  });
});
