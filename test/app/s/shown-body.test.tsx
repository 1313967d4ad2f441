import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CheckedText } from '#app/s/[id]/sign/checked-text.tsx';
import { Markdown } from '#app/ui/markdown.tsx';
import { readBody } from '#lib/protocol/statement/body.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { describeStatement } from '#scripts/signing/describe-statement.ts';
import { anyMarkdown, seenOf } from '../../support/any-markdown.ts';
import { createCommittee, createGroup, createStatement, systemRandom } from '../../support/world.ts';

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

  it.each(['pays \u202e005', 'pays 5\u200b00', 'pays 500\u{e0030}', 'pays\u2028 500'])(
    'counts in all three what nobody can see of %j',
    (body) => {
      for (const shown of show(body)) {
        expect(shown).toMatch(/‹U\+[0-9A-F]{4,5}›/);
        expect(shown).toMatch(/One character of this text\s+cannot be seen/);
        expect(shown).not.toMatch(/[\u202e\u200b\u2028\u{e0030}]/u);
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
