import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Ring, type RingProps } from '#app/ring/ring.tsx';

const trustees = [
  { name: 'Court Watch', mark: 'done' as const },
  { name: 'مراقبة', mark: 'waiting' as const },
];

function render(props: Partial<RingProps>): string {
  return renderToStaticMarkup(<Ring state="open" needed={8} statement={'ab'.repeat(32)} live={5} title="A letter" {...props} />);
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
        { seat: '1', name: long },
        { seat: '2', name: 'ab\u202ecd' },
      ],
    });
    expect(html).toContain(`<bdi translate="no">${long}</bdi>`);
    expect(html).toContain('<bdi translate="no">ab‹U+202E›cd</bdi>');
    expect(html).not.toContain('\u202e');
  });

  it('draws those that no wave has opened as still sealed, and says how many', () => {
    const html = render({ state: 'revealed', names: [{ seat: '1', name: 'Ruth' }] });
    expect(html).toContain('4 more still sealed');
  });

  it('says while the names are mixed what is being done, with every seal still closed', () => {
    const html = render({ state: 'mixing', live: 8, trustees });
    expect(html).toContain('so that nobody can tell who signed when');
    expect(html.match(/<use /g)).toHaveLength(8);
  });

  it('draws no seal once the key is destroyed, and names the trustees', () => {
    const html = render({ state: 'destroyed', trustees, when: '1 March 2027' });
    expect(html.match(/<use /g)).toBeNull();
    expect(html).toContain('1 March 2027');
    expect(html).toContain('<bdi translate="no">مراقبة</bdi>');
  });

  it('writes no style into the page, which the content policy would refuse', () => {
    for (const state of ['keying', 'open', 'mixing', 'revealed', 'destroyed', 'unopened', 'unvouched', 'aborted'] as const) {
      expect(render({ state, trustees, names: [{ seat: '1', name: 'Ruth' }] })).not.toMatch(/ style=|<style/);
    }
  });

  it('escapes a name that looks like markup', () => {
    expect(render({ state: 'revealed', names: [{ seat: '1', name: '<b>x</b>' }] })).not.toContain('<b>');
  });
});
