import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from '#app/ui/markdown.tsx';

const render = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

describe('a text that a stranger wrote', () => {
  it('keeps HTML visible as text instead of running or hiding it', () => {
    const html = render('before\n\n<script>alert(1)</script>\n\n<!-- small print -->');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('small print');
  });

  it('loads no picture but says that one was meant', () => {
    const html = render('![a map](https://example.org/map.png)');
    expect(html).not.toContain('<img');
    expect(html).toContain('picture not shown: a map, https://example.org/map.png');
  });

  it('follows only web and mail links, without telling where from, and shows where they lead', () => {
    expect(render('[good news](https://example.org/x)')).toContain('href="https://example.org/x" rel="noreferrer noopener nofollow"');
    expect(render('[https://bank.example](https://evil.example/)')).toContain('(evil.example)');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'JAVASCRIPT:x']) {
      expect(render(`[x](${url})`)).not.toContain('href');
    }
  });

  it('leaves the page its own headings', () => {
    expect(render('# Big\n\n## Less')).not.toMatch(/<h[12]>/);
  });
});
