import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from '#app/ui/markdown.tsx';
import { anyMarkdown, seenOf } from '../../support/any-markdown.ts';

const render = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

describe('a text that a stranger wrote', () => {
  it('keeps HTML visible as text instead of running or hiding it', () => {
    const html = render('before\n\n<script>alert(1)</script>\n\n<!-- small print -->');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('small print');
  });

  it('loads no picture: it stands there as it was written', () => {
    const html = render('![a map](https://example.org/map.png)');
    expect(html).not.toContain('<img');
    expect(seenOf(html).replace(/\s/g, '')).toBe('![amap](https://example.org/map.png)');
    expect(seenOf(render('![a map](https://example.org/map.png "and 5,000 a year")'))).toContain('and 5,000 a year');
  });

  it('follows only web and mail links, without telling where from, and shows where they lead', () => {
    expect(render('[good news](https://example.org/x)')).toContain('href="https://example.org/x" rel="noreferrer noopener nofollow"');
    expect(seenOf(render('[https://bank.example](https://evil.example/?a=b)'))).toContain('(https://evil.example/?a=b)');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'JAVASCRIPT:x']) {
      const html = render(`[x](${url})`);
      expect(html).not.toContain('href');
      expect(seenOf(html)).toContain(`[x](${url})`);
    }
  });

  it('leaves the page its own headings', () => {
    expect(render('# Big\n\n## Less')).not.toMatch(/<h[12]>/);
  });

  it('is set as a letter where its marks have a form', () => {
    const html = render('# Why\n\nWe *ask* for **two** things:\n\n7. Books\n9. Time\n\n- open\n- soon\n\n> so they said');
    for (const part of ['<h3>Why</h3>', '<em>ask</em>', '<strong>two</strong>', '<blockquote><p>so they said</p></blockquote>'])
      expect(html).toContain(part);
    expect(seenOf(html)).toMatch(/7\..*Books.*9\..*Time/s);
  });

  it('is not translated, and writes out and counts what nobody could see (T68)', () => {
    const html = render('pays \u202e005 euros\u{e0041}');
    expect(html).toContain('translate="no"');
    expect(seenOf(html)).toContain('pays ‹U+202E›005 euros‹U+E0041›');
    expect(seenOf(html)).toContain('2 characters of this text cannot be seen');
    expect(seenOf(render('pays 500 euros'))).not.toContain('cannot be seen');
  });

  it.each([
    ['the definition of a link', '[1]: https://example.org "We pay 500 a year"'],
    ['an unused footnote', '[^1]: We pay 500 a year'],
    ['the title of a link', '[here](https://example.org "We pay 500 a year")'],
    ['the words after a fence', '```We pay 500 a year\nx\n```'],
    ['a comment', '<!-- We pay 500 a year -->'],
    ['a tag', '<p title="We pay 500 a year">'],
    ['an instruction', '<?We pay 500 a year?>'],
    ['the alignment of a table', '| a |\n|:-:|\n| We pay 500 a year | and more | than columns'],
    ['a reference', '[here][We pay 500 a year]\n\n[We pay 500 a year]: <https://example.org>'],
    ['an entity', '&#87;e pay 500 a year &zwnj;'],
  ])('hides nothing in %s', (_, text) => {
    const words = text.match(/[A-Za-z0-9]+/g) as string[];
    const shown: string[] = seenOf(render(text)).match(/[A-Za-z0-9]+/g) ?? [];
    expect(shown).toEqual(words);
  });

  it('stays bounded however its marks are piled up', () => {
    const piles = [
      '* ',
      '> ',
      '- ',
      '1. ',
      '[',
      '![',
      '*a_ ',
      '**a __',
      '`',
      '`a``',
      '|a',
      '<a ',
      '<!--',
      '[a](',
      '[a](https://x ',
      '<https://',
      '\\',
      '-\n',
    ];
    for (const pile of piles) {
      const text = pile.repeat(Math.floor(20_000 / pile.length));
      const html = render(text);
      expect(html.match(/<[a-z]/g)?.length ?? 0, pile).toBeLessThan(10_000);
    }
  });
});

describe('any Markdown at all', () => {
  const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

  it('shows each word of the text, in its order, and none besides', () => {
    fc.assert(
      fc.property(anyMarkdown, (text) => {
        expect(words(seenOf(render(text))).join('')).toBe(words(text).join(''));
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows each character that is neither space nor mark', () => {
    const rest = (text: string) => text.replace(/[\s*_`#>\-+\\[\]()<]/g, '').replace(/ /g, '');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 30 }), (a, b) => {
        const text = `${a}\n${b}`.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
        const html = render(text).replace(/<p class="[^"]*remark[^"]*".*?<\/p>/gs, '');
        const shown = seenOf(html).replace(/‹U\+([0-9A-F]{4,6})›/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
        expect(rest(shown)).toBe(rest(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
