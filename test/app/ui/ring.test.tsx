import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Ring, type RingProps } from '#app/ui/ring.tsx';

const seals = Array.from({ length: 5 }, (_, i) => ({ nullifier: String(i + 1) }));
const trustees = [
  { name: 'Court Watch', mark: 'done' as const },
  { name: 'مراقبة', mark: 'waiting' as const },
];

function render(props: Partial<RingProps>): string {
  return renderToStaticMarkup(<Ring state="open" needed={8} seals={seals} title="A letter" {...props} />);
}

describe('the ring on a page', () => {
  it('is one picture with a name and a description for screen readers', () => {
    const html = render({});
    const [, name, description] = html.match(/role="img" aria-labelledby="(\S+) (\S+)"/) ?? [];
    expect(html).toContain(`<title id="${name}">A letter</title>`);
    expect(html).toContain(`<desc id="${description}">5 of the 8 signatures needed are there, each one sealed.`);
  });

  it('shows every name in full in the list, each isolated in its direction', () => {
    const long = `Jane Doe, ${'Professor of Comparative Law '.repeat(4)}`;
    const html = render({
      state: 'revealed',
      names: [
        { nullifier: '1', name: long },
        { nullifier: '2', name: 'ab\u202ecd' },
      ],
    });
    expect(html).toContain(`<bdi translate="no">${long}</bdi>`);
    expect(html).toContain('<bdi translate="no">ab‹U+202E›cd</bdi>');
    expect(html).not.toContain('\u202e');
  });

  it('draws those that no wave has opened as still sealed, and says how many', () => {
    const html = render({ state: 'revealed', names: [{ nullifier: '1', name: 'Ruth' }] });
    expect(html).toContain('4 more still sealed');
  });

  it('draws no seal and no number while the count is hidden', () => {
    const html = render({ countHidden: true });
    expect(html).toContain('the count is hidden');
    expect(html).not.toMatch(/5 of/);
    expect(html.match(/<use /g)).toBeNull();
  });

  it('draws no seal once the key is destroyed, and names the trustees', () => {
    const html = render({ state: 'destroyed', trustees, when: '1 March 2027' });
    expect(html.match(/<use /g)).toBeNull();
    expect(html).toContain('1 March 2027');
    expect(html).toContain('<bdi translate="no">مراقبة</bdi>');
  });

  it('writes no style into the page, which the content policy would refuse', () => {
    for (const state of ['keying', 'open', 'revealed', 'destroyed', 'unopened', 'aborted'] as const) {
      expect(render({ state, trustees, names: [{ nullifier: '1', name: 'Ruth' }] })).not.toMatch(/ style=|<style/);
    }
  });

  it('escapes a name that looks like markup', () => {
    expect(render({ state: 'revealed', names: [{ nullifier: '1', name: '<b>x</b>' }] })).not.toContain('<b>');
  });
});
