import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { describeRing } from '#app/ring/ring-words.ts';
import { RepeatedNames } from '#app/s/[id]/equal-names.tsx';
import { judgeFragment } from '#app/s/[id]/judge-fragment.ts';
import { MembersSection } from '#app/s/[id]/members-section.tsx';
import {
  countGroups,
  describeState,
  findEqualNames,
  findRepeatedNames,
  isMixing,
  listShownNames,
  presentRing,
  refreshSeconds,
} from '#app/s/[id]/present-statement.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';

import { createView, DEADLINE, due, END, members, named, namesOf, parents, teachers, wave } from './statement-views.ts';

describe('what the page of a statement says', () => {
  it('counts the members who have not signed and warns where they are few (T33)', () => {
    const [first, second] = countGroups(createView({ counts: { [teachers.id]: 2, [parents.id]: 5 } })).sort((a, b) => b.size - a.size);
    expect(first).toMatchObject({ name: 'Teachers', size: 30, signed: 2, left: 28, warnings: [] });
    expect(second).toMatchObject({ name: 'Parents', signed: 5, left: 4 });
    expect(second?.warnings.map((warning) => warning.code)).toEqual(['GROUP_SMALL', 'FEW_LEFT']);
  });

  it('blames no number where somebody may have waited for more people than signed', () => {
    const enough = { counts: { [teachers.id]: 5, [parents.id]: 1 }, live: 6 };
    const sentences = (['open', 'destroyed'] as const).flatMap((state) => {
      const view = createView({ ...enough, state });
      return [describeState(view), describeRing(presentRing(view))];
    });
    for (const sentence of sentences) expect(sentence).toMatch(/condition (is|was not) met|unless some wait for more people/);
    expect(sentences.join(' ')).not.toContain('Too few people');
  });

  it('says of what has no name after a reveal that it is sealed for now, and after the end for ever', () => {
    const sentence = (now: number) => describeRing(presentRing(createView({ state: 'revealed', waves: [wave()], live: 3, now })));
    expect(sentence(END - 1)).toContain('1 more signed on terms that are not met, or later, and stays sealed for now.');
    expect(sentence(END)).toContain('1 more signed on terms that were not met, or too late, and stays sealed for ever.');
  });

  it('does not say that somebody did not sign while they still can', () => {
    const membersOf = (change: Partial<StatementView>) => renderToStaticMarkup(createElement(MembersSection, { view: createView(change) }));
    const revealed = { state: 'revealed' as const, waves: [wave()] };
    expect(membersOf(revealed)).toContain('have not so far');
    expect(membersOf({ ...revealed, now: DEADLINE + 1 })).toContain('did not');
  });

  it('has a sentence for every state', () => {
    const states = ['keying', 'aborted', 'open', 'closed', 'revealed', 'unopened', 'unvouched', 'destroyed'] as const;
    const sentences = states.map((state) => describeState(createView({ state })));
    expect(new Set(sentences).size).toBe(states.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
  });

  it('says who mixes the names and who has, and that they are being opened, as soon as a wave is due', () => {
    const mixing = createView({ waves: [due({ mixedBy: [{ step: 1, trustee: 2 }] })] });
    expect(isMixing(mixing)).toBe(true);
    expect(describeState(mixing)).toMatch(/2 of the trustees are mixing the names now, .* “Trustee 2” has mixed\.$/);
    expect(describeState(createView({ waves: [due({ openedBy: [3] })] }))).toMatch(
      /opening them now\. “Trustee 2” and “Trustee 4” have mixed\.$/,
    );
    expect(describeState(createView())).toMatch(/^3 of at least 5 signatures/);
  });

  it('flags names that stand twice (T4), but not seals that nobody can read', () => {
    const second = (name: string, token = '9') =>
      wave({ number: 2, names: [namesOf(parents.id, named(token, name), { token: ['7', '7'] })] });
    const view = createView({ state: 'revealed', waves: [wave(), second('Ann')] });
    expect(listShownNames(view)).toHaveLength(4);
    expect(findEqualNames(view)).toEqual(['Ann']);
    expect(findEqualNames(createView({ state: 'revealed', waves: [wave(), second('A\u200bnn')] }))).toHaveLength(1);
  });

  it('shows a token that stands for two signatures as one name, and flags it (T64)', () => {
    const names = [namesOf(parents.id, named('9', 'Ben'), named('8', 'Eve'), named('9', 'Ben'))];
    const view = createView({ state: 'revealed', waves: [wave({ names })] });
    expect(listShownNames(view)).toHaveLength(2);
    expect(findRepeatedNames(view)).toMatchObject([{ text: 'Ben', signatures: 2 }]);
    expect([findEqualNames(view), findRepeatedNames(createView({ state: 'revealed', waves: [wave()] }))]).toEqual([[], []]);
    const page = renderToStaticMarkup(createElement(RepeatedNames, { names: findRepeatedNames(view) }));
    expect(page.replace(/<[^>]*>/g, '')).toContain('The name “Ben” stands for 2 signatures.');
    expect(page).not.toContain('Eve');
  });

  it('is made again often while names may come, seldom afterwards, and no more once nothing can change', () => {
    expect(refreshSeconds(createView())).toBe(3);
    expect(refreshSeconds(createView({ state: 'aborted' }))).toBeNull();
    expect(refreshSeconds(createView({ state: 'revealed', waves: [wave({ names: [] })] }))).toBe(3);
    expect(refreshSeconds(createView({ state: 'revealed', waves: [wave()] }))).toBe(20);
    expect(refreshSeconds(createView({ state: 'destroyed', now: END + 1, committee: members('destroyed') }))).toBe(5);
    expect(refreshSeconds(createView({ state: 'destroyed', now: END + 100, committee: members('overdue') }))).toBe(20);
    expect(refreshSeconds(createView({ state: 'destroyed', now: END + 100, committee: members('destroyed') }))).toBeNull();
  });
});

describe('T28: the hash in a share link', () => {
  const id = 'a'.repeat(64);
  it('is found to be the same, another, or cut off', () => {
    expect(judgeFragment('', id, id)).toBe('none');
    expect(judgeFragment('#content', id, id)).toBe('none');
    expect(judgeFragment(`#${id}`, id, id)).toBe('same');
    expect(judgeFragment(`#${'b'.repeat(64)}`, id, id)).toBe('other');
    expect(judgeFragment(`#${id.slice(1)}`, id, id)).toBe('cut');
    expect(judgeFragment(`#${id.toUpperCase()}`, id, id)).toBe('same');
    for (const junk of ['.', ')', '>', '&utm_source=mail', '%20', '%E2%80%8B.', '%3E', '?x#y', '”', '%0A%0ABest'])
      expect([junk, judgeFragment(`#${id}${junk}`, id, id)]).toEqual([junk, 'same']);
  });

  it('is compared with what the statement hashes to, not with what the address says', () => {
    expect(judgeFragment(`#${id}`, id, 'b'.repeat(64))).toBe('other');
    expect(judgeFragment('', id, 'b'.repeat(64))).toBe('other');
  });
});
