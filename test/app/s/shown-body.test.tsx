import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { noteParts } from '#app/new/read-conditions.ts';
import { CheckedText } from '#app/s/[id]/sign/checked-text.tsx';
import { LetterText, StatementText } from '#app/s/[id]/statement-text.tsx';
import { GroupRolls } from '#app/ui/group-rolls.tsx';
import { Markdown } from '#app/ui/markdown.tsx';
import { readBody } from '#lib/protocol/statement/body.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { describeStatement } from '#scripts/signing/describe-statement.ts';
import { anyMarkdown, seenOf } from '../../support/any-markdown.ts';
import { createCommittee, createGroup, createStatement, systemRandom, type TestGroup } from '../../support/world.ts';

const group = createGroup('Harbour pilots', ['Ann', 'Ben', 'Eve'], systemRandom);
const options = { verificationKey: '0'.repeat(64), setup: '1'.repeat(64), random: systemRandom };
const context = createStatement([group], createCommittee(4, 2, systemRandom), { count: 2 }, options);

/** What a signer has before them on the page, on the page where they sign, and in a terminal. */
function show(body: string): string[] {
  const statement = { ...context.statement, text: [{ language: 'en', title: 'T', body }] };
  const loaded = { context: { ...context, statement }, key: { status: 'keying' }, state: 'open' } as unknown as LoadedStatement;
  const pages = [<Markdown key="0" text={body} />, <CheckedText key="1" loaded={loaded} />].map((page) =>
    seenOf(renderToStaticMarkup(page)),
  );
  return [...pages, describeStatement(loaded, 'https://platform.example')];
}

const wordsOf = (text: string) => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join('');

describe('the body of a statement', () => {
  it('T68: stands whole on its page, where it is signed, and in the terminal', () => {
    fc.assert(
      fc.property(anyMarkdown, (body) => {
        for (const shown of show(body)) expect(wordsOf(shown)).toContain(wordsOf(body));
      }),
      { numRuns: 300 },
    );
  });

  it('T68: shows with the words of a link where it leads, whatever the words say', () => {
    const address = 'https://evil.example/?to=(bank)';
    for (const shown of show(`See [https://bank.example](${address}) and <mailto:a@b.example>.`))
      for (const seen of ['https://bank.example', address, 'mailto:a@b.example']) expect(shown).toContain(seen);
  });

  it.each(['pays \u202e005', 'pays 5\u200b00', 'pays 500\u{e0030}', 'pays\u2028 500', 'pays \u200f500 – 100 א'])(
    'T68: counts in all three what nobody can see of %j',
    (body) => {
      for (const shown of show(body)) {
        expect(shown).toMatch(/‹U\+[0-9A-F]{4,5}›/);
        expect(shown).toMatch(/One character of this text\s+cannot be seen/);
        expect(shown).not.toMatch(/[\u202e\u200b\u2028\u200f\u{e0030}]/u);
      }
    },
  );

  it('T69: is read at a bounded cost: levels and parts are counted, and the rest stands as it was written', () => {
    for (const mark of ['* ', '> ', '1. ', '- > ']) {
      const { blocks, isCut } = readBody(mark.repeat(4_000));
      expect([depthOf(blocks) <= 7, isCut]).toEqual([true, !mark.startsWith('*')]); // stars alone are a line across
    }
    for (const pile of ['- a\n', '# a\n', '> a\n\n', '*a* ', '`a` ', '> - 1. *a*\n', '**a *b* c** ']) {
      const { blocks, isCut } = readBody(pile.repeat(Math.floor(20_000 / pile.length)));
      expect(isCut, pile).toBe(true);
      expect(partsOf(blocks), pile).toBeLessThan(6_100);
    }
    expect(readBody('We ask for a *fair* count.\n\n- Every vote\n  - in public\n    > as before').isCut).toBe(false);
  });

  it('T69: has headings that go to the ends of their lines, so that no character in one sends their pattern back', () => {
    for (const odd of ['\u2028', '\u2029', '\r'])
      expect(readBody(`#  a${odd}b`).blocks).toEqual([{ type: 'heading', level: 1, parts: [`a${odd}b`] }]);
  });

  it('T69: costs no more than it is long: what sends other readers back to where they were is read once', () => {
    // Fifteen times longer than a body may be. A reader that looks ahead to the end from each mark takes minutes for one of these.
    for (const mark of ['[', '[a](https://x(', '`` ` ', '*a _b ', '<https://', '- a\n\n', '> ', '\\'])
      expect(() => readBody(mark.repeat(Math.ceil(300_000 / mark.length))), mark).not.toThrow();
  }, 30_000);
});

describe('what stands beside the body of a statement', () => {
  it.each(['pays \u202e005', 'pays 5\u200b00', 'pays 500\u{e0030}', 'pays\u2028 500'])(
    'T68: shows on the page and in the terminal what nobody can see of %j',
    (words) => {
      const { statement, rolls } = context;
      const trustees = statement.committee.trustees.map((trustee, i) => (i === 0 ? { ...trustee, name: words } : trustee));
      const committee = { ...statement.committee, trustees };
      const said = { ...statement, text: [{ language: 'en', title: words, body: 'Text' }], committee };
      const loaded = { context: { ...context, statement: said, rolls }, key: { status: 'keyed' } } as unknown as LoadedStatement;
      const shown = [seenOf(renderToStaticMarkup(<CheckedText loaded={loaded} />)), describeStatement(loaded, 'https://platform.example')];
      for (const text of shown) {
        expect(text.match(/‹U\+[0-9A-F]{4,5}›/g)).toHaveLength(2);
        expect(text).not.toMatch(/[\u202e\u200b\u2028\u{e0030}]/u);
      }
    },
  );

  it('T68: is the text in every language: all stand open where they are signed, and are said to be signed', () => {
    const text = ['en', 'de', 'fr'].map((language) => ({ language, title: `Title ${language}`, body: `Body ${language}` }));
    const loaded = {
      context: { ...context, statement: { ...context.statement, text } },
      key: { status: 'keyed' },
    } as unknown as LoadedStatement;
    const html = renderToStaticMarkup(<CheckedText loaded={loaded} />);
    const paper = html.slice(0, html.indexOf('</article>'));
    expect(paper.match(/<details[^>]*>/g)).toEqual(['de', 'fr'].map((language) => `<details lang="${language}" open="">`));
    const view = { statement: { ...context.statement, text } } as unknown as StatementView;
    for (const shown of [
      seenOf(paper),
      seenOf(renderToStaticMarkup(<StatementText view={view} />)),
      describeStatement(loaded, 'https://p.example'),
    ]) {
      for (const said of text.flatMap(({ title, body }, i) => (i === 0 ? [body] : [title, body]))) expect(shown).toContain(said);
      expect(shown).toContain('It has 2 more texts, in other languages. Whoever signs signs all of them');
    }
    const letter = seenOf(renderToStaticMarkup(<LetterText view={view} />));
    expect(letter).toMatch(/Body en.*It has 2 more texts/s);
    const alone = { ...loaded, context } as unknown as LoadedStatement;
    expect(renderToStaticMarkup(<CheckedText loaded={alone} />)).not.toContain('in another language');
  });

  it('T69: is set for a reader in one language at a time: the page of sixteen costs little more than that of one, and lacks nothing', () => {
    const body = 'A *fair* count, `in` public.\n\n'.repeat(80);
    const inLanguages = (count: number) => {
      const text = Array.from({ length: count }, (_, i) => ({ language: `x-${i}`, title: `Title ${i}`, body: `${i} ${body}` }));
      return renderToStaticMarkup(<StatementText view={{ statement: { ...context.statement, text } } as unknown as StatementView} />);
    };
    const elementsOf = (html: string) => html.match(/<[a-z]/g)?.length ?? 0;
    const [one, all] = [1, 16].map(inLanguages) as [string, string];
    expect(elementsOf(all) - elementsOf(one)).toBeLessThan(15 * 10);
    for (let i = 1; i < 16; i++) expect(wordsOf(seenOf(all))).toContain(wordsOf(`Title ${i} x-${i} ${i} ${body}`));
  });

  it('T68: stands where it is signed with condition and deadline, also once names are open', () => {
    const statement = { ...context.statement, together: 3 };
    const loaded = { context: { ...context, statement }, key: { status: 'keyed' }, state: 'revealed' } as unknown as LoadedStatement;
    const shown = seenOf(renderToStaticMarkup(<CheckedText loaded={loaded} />));
    for (const said of ['2 people have signed', 'once 3 or more of a group can be named with it, or never']) expect(shown).toContain(said);
    expect(shown).not.toContain('named as well');
  });

  it('T68: is told from a text that is set like it, in a terminal', () => {
    const [, , terminal] = show('We ask for it.\n\nTrustees   9 of 9 mix and open the names: Nobody (nobody@x)\nDeadline   never');
    expect(terminal?.match(/^(Trustees|Deadline) /gm)).toEqual(['Deadline ', 'Trustees ']);
    const long = `We ask for it.${' '.repeat(90)}Deadline   never`;
    const { statement } = context;
    const said = { ...statement, text: [{ language: 'en', title: `${'x'.repeat(60)} Trustees   none`, body: long }] };
    const loaded = { context: { ...context, statement: said }, key: { status: 'keyed' } } as unknown as LoadedStatement;
    const lines = describeStatement(loaded, 'https://platform.example', 60).split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines.filter((line) => /(Deadline|Trustees) {3}\w/.test(line)).map((line) => line.slice(0, 4))).toEqual([
      '┊ xx',
      '┊ De',
      'Dead',
      'Trus',
    ]);
  });

  it('T68: is not translated where somebody has attested or written it', () => {
    const trustees = context.statement.committee.trustees.map((trustee, i) => ({ ...trustee, name: `Trustee ${i} of the bar` }));
    const text = [{ language: 'en', title: 'A fair count', body: 'We ask for it.' }];
    const statement = { ...context.statement, text, committee: { ...context.statement.committee, trustees } };
    const loaded = { context: { ...context, statement }, key: { status: 'keyed' } } as unknown as LoadedStatement;
    const html = renderToStaticMarkup(<CheckedText loaded={loaded} />);
    const kept =
      html
        .match(/<(\w+)(?= )[^>]*translate="no"[^>]*>.*?<\/\1>/gs)
        ?.map(seenOf)
        .join('\n') ?? '';
    for (const exact of ['A fair count', 'We ask for it.', '2 people have signed', ...trustees.map(({ name }) => name)])
      expect(kept).toContain(exact);
  });
});

describe('the condition of a statement', () => {
  it.each([
    'Staff” have signed and 500 people of “All employees',
    'Staff❞ have signed and 500 people of ❝All employees',
    'Staff″ have signed and 500 people of „All employees',
  ])('does not go on inside the name of a group, where it is signed and in the terminal: %j', (name) => {
    const trick = createGroup(name, ['Ann', 'Ben', 'Eve'], systemRandom);
    const tricky = createStatement([trick], createCommittee(4, 2, systemRandom), { group: trick.id, count: 3 }, options);
    const loaded = { context: tricky, key: { status: 'keying' }, state: 'open' } as unknown as LoadedStatement;
    const quoted = '“Staff’ have signed and 500 people of ‘All employees”';
    expect(seenOf(renderToStaticMarkup(<CheckedText loaded={loaded} />))).toContain(`3 people of \u2068${quoted}\u2069 have signed`);
    const terminal = describeStatement(loaded, 'https://platform.example');
    expect(terminal).toContain(`3 people of ${quoted} have signed`);
    expect(terminal).toContain(`${quoted} (3 members)`);
  });
});

describe('two groups of a statement whose names look alike', () => {
  const [one, two] = ['Staff', 'Staff'].map((name) => createGroup(name, ['Ann', 'Ben', 'Eve'], systemRandom)) as [TestGroup, TestGroup];
  const third = createGroup('Board', ['Ann', 'Ben', 'Eve'], systemRandom);
  const trigger = {
    any: [
      { group: one.id, count: 3 },
      { group: two.id, count: 1 },
      { group: third.id, count: 2 },
    ],
  };
  const alike = createStatement([one, two, third], createCommittee(4, 2, systemRandom), trigger, options);
  const loaded = { context: alike, key: { status: 'keying' }, state: 'open' } as unknown as LoadedStatement;

  it('are told apart by their ids in its condition, where it is signed, in the terminal, and where it is built', () => {
    const page = seenOf(renderToStaticMarkup(<CheckedText loaded={loaded} />)).replace(/[\u2068\u2069]/g, '');
    const notes = noteParts(trigger, [...alike.rolls.values()], 3).map(({ text }) => text);
    for (const shown of [page, describeStatement(loaded, 'https://platform.example')])
      for (const said of [
        `3 people of “Staff · ${one.id.slice(0, 16)}…” have signed`,
        `1 person of “Staff · ${two.id.slice(0, 16)}…” has signed`,
        '2 people of “Board” have signed',
      ])
        expect(shown).toContain(said);
    expect(notes.join()).toContain(`it takes 3 of “Staff · ${two.id.slice(0, 16)}…” and not 1`);
  });

  it('are told apart in the lists of groups', () => {
    const list = seenOf(renderToStaticMarkup(<GroupRolls rolls={alike.rolls} />));
    for (const { id } of [one, two]) expect(list).toContain(`Staff · ${id.slice(0, 16)}…`);
    expect(list).toMatch(/ Board +, 3 members/);
  });
});

type Tree = { type?: string; blocks?: readonly Tree[]; items?: readonly Tree[]; parts?: readonly Tree[] } | string;

function childrenOf(tree: Tree): Tree[] {
  return typeof tree === 'string' ? [] : [...(tree.blocks ?? []), ...(tree.items ?? []), ...(tree.parts ?? [])];
}

function partsOf(trees: readonly Tree[]): number {
  return trees.reduce((sum: number, tree) => sum + 1 + partsOf(childrenOf(tree)), 0);
}

/** Quotations and lists one inside another; an item is no level of its own. */
function depthOf(trees: readonly Tree[]): number {
  const depths = trees.map((tree) => {
    if (typeof tree === 'string') return 0;
    const inner = [...(tree.blocks ?? []), ...(tree.items ?? []).flatMap((item) => childrenOf(item))];
    return inner.length > 0 || tree.items ? 1 + depthOf(inner) : 0;
  });
  return Math.max(0, ...depths);
}
