import fc from 'fast-check';

/** What a reader of the HTML sees: its text, without tags. */
export function seenOf(html: string): string {
  const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#x27;': "'" };
  return html.replace(/<[^>]*>/g, ' ').replace(/&(?:lt|gt|amp|quot|#x27);/g, (entity) => entities[entity] as string);
}

/** Markdown of every kind: its marks in all orders between words. */
export const anyMarkdown = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.stringMatching(/^[a-z0-9]{1,6}$/) },
      fc.constantFrom(' ', '\n', '\n\n', '  \n', '    ', '\t', '\\\n'),
      fc.constantFrom('*', '**', '_', '__', '***', '~~', '`', '``', '```', '~~~', '\n```'),
      fc.constantFrom('# ', '> ', '- ', '* ', '3. ', '07) ', '---', '===', '|', '|---|', '\n[a]: ', '[^1]', '\n[^1]: ', '- [x] '),
      fc.constantFrom(
        '[',
        ']',
        '(',
        ')',
        '](',
        '](https://a.example/',
        '<',
        '>',
        '<https://',
        '<b>',
        '</b>',
        '<!--',
        '-->',
        '<?',
        '?>',
        '![',
        '"',
        "'",
      ),
      fc.constantFrom('&amp;', '&#65;', '&copy;', '\\', '\\*', '\\[', '!', ':', ' "t" ', ' {#id}', '<![CDATA[', 'javascript:', 'mailto:a'),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
