import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ChangedTerms } from '#app/s/[id]/changed-terms.tsx';
import { RevisionSection } from '#app/s/[id]/revision-section.tsx';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { createCommittee, createGroup, createStatement, nextRoll, systemRandom } from '#test/support/world.ts';

import { createView, DEADLINE, KEYS, parents, teachers } from './statement-views.ts';

describe('a statement that claims to revise another', () => {
  const page = (view: StatementView, revised: StatementView['context'] | null) =>
    renderToStaticMarkup(createElement(RevisionSection, { view, revised }));

  it('shows which, how the texts differ, and that nothing shows one author; without a claim nothing is shown', () => {
    const old = createView();
    expect(page(old, null)).toBe('');
    const [text] = old.statement.text;
    const statement = {
      ...old.statement,
      revises: old.id,
      text: [{ ...text!, title: `${text!.title} now`, body: `${text!.body} \u202eNow.` }],
    };
    const html = page({ ...old, statement }, old.context);
    expect(html).toContain(`href="/s/${old.id}"`);
    expect(html).toContain('<ins> now</ins>');
    expect(html).toContain('‹U+202E›Now.');
    expect(html).toContain('Nothing shows that the two have one author');
    expect(html).toContain('Terms: the same.');
    expect(page({ ...old, statement }, null)).toContain('This site does not have that one, or does not show it.');
  });

  it('compares each text with that of its language, and shows whole what only one of the two has', () => {
    const view = createView();
    const [first] = view.statement.text;
    const german = { language: 'de', title: 'Offene Bücher', body: 'Wir verlangen eine Zählung.' };
    const french = { language: 'fr', title: 'Livres ouverts', body: 'Nous demandons un compte.' };
    const older = { ...view.context, statement: { ...view.statement, text: [first!, german, french] } };
    const changed = { ...german, language: 'DE', body: 'Wir verlangen keine Zählung.' };
    const statement = { ...view.statement, revises: view.id, text: [changed, first!] };
    const html = page({ ...view, statement }, older);
    for (const part of ['Title (de): the same.', '<del>eine</del><ins>keine</ins>', 'Text (en): the same.', 'Text (fr)'])
      expect(html).toContain(part);
    expect(html).toContain(`<del>${french.body}</del>`);
  });
});

describe('the terms of a revised statement', () => {
  const compare = (older: StatementView['context'], change: Partial<Statement>) => {
    const newer = { ...older, statement: { ...older.statement, ...change } };
    return renderToStaticMarkup(createElement(ChangedTerms, { older, newer })).replace(/<[^>]*>/g, ' ');
  };

  it('are the same only where every member but text, nonce and claim is', () => {
    const { context } = createView();
    const { statement } = context;
    const other = 'c'.repeat(64);
    const beside = { version: 2, nonce: other, text: [], revises: other } as const;
    const terms: Required<Omit<Statement, keyof typeof beside>> = {
      ...{ trigger: { count: 6 }, together: 2, rolls: [], committee: { ...statement.committee, threshold: 3 } },
      ...{ openBy: 1, deadline: 1, grace: 1, cadence: 1, mergeDelay: 1, clockSkew: 1, stepTime: 2 },
      ...{ platform: other, verificationKey: other, setup: other },
    };
    for (const [name, value] of Object.entries(terms))
      expect([name, compare(context, { [name]: value })]).toEqual([name, expect.not.stringContaining('Terms: the same.')]);
    expect(compare(context, { ...beside, text: [] })).toContain('Terms: the same.');
  });

  it('stand beside each other where they differ: condition, number together, rolls, committee and times', () => {
    const view = createView();
    const { statement } = view;
    const committee = { ...statement.committee, threshold: 3 };
    const grown = nextRoll(teachers, [...teachers.members, ...createGroup('Others', ['New Teacher'], systemRandom).members]);
    const newer = createStatement([grown, parents], createCommittee(4, 2, systemRandom), { group: grown.id, count: 7 }, KEYS);
    const changed = { ...newer, statement: { ...newer.statement, together: 4, committee, deadline: DEADLINE + 5, cadence: 3600 } };
    const html = renderToStaticMarkup(createElement(ChangedTerms, { older: view.context, newer: changed })).replace(/<[^>]*>/g, ' ');
    const shown = ['5 people have signed', '7 people of', '1 or more', '4 or more', 'roll 1 with 30 members', 'roll 2 with 31 members'];
    const others = ['2 of these 4', '3 of these 4', '(5 seconds later)', 'Signatures appear at once.', 'every hour'];
    for (const part of [...shown, ...others, 'The other terms are the same.']) expect(html).toContain(part);
    expect(html).not.toContain('From the deadline to the destruction');
  });
});
