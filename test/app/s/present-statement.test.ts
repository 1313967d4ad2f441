import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { centreWords, describeRing } from '#app/ring/ring-words.ts';
import { ChangedTerms } from '#app/s/[id]/changed-terms.tsx';
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
import { RevisionSection } from '#app/s/[id]/revision-section.tsx';
import { describeTrustee, listRingTrustees } from '#app/s/[id]/trustee-words.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import type { CommitteeMember } from '#lib/server/statements/committee.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { createCommittee, createGroup, createStatement, nextRoll, systemRandom, type TestGroup } from '#test/support/world.ts';

const KEYS = { verificationKey: 'a'.repeat(64), setup: 'b'.repeat(64), random: systemRandom };
const DEADLINE = 1_800_100_000;
const END = DEADLINE + 10_000;
let teachers: TestGroup;
let parents: TestGroup;

beforeAll(() => {
  teachers = createGroup('Teachers', names('Teacher', 30), systemRandom);
  parents = createGroup('Parents', names('Parent', 9), systemRandom);
});

function names(who: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${who} ${i + 1}`);
}

function createView(change: Partial<StatementView> = {}, trigger: StatementView['statement']['trigger'] = { count: 5 }): StatementView {
  const committee = createCommittee(4, 2, systemRandom);
  const context = createStatement([teachers, parents], committee, trigger, KEYS);
  return {
    id: context.id,
    statement: context.statement,
    context,
    openedBy: { by: 'member', group: teachers.id },
    hidden: null,
    title: 'A fair count',
    language: 'en',
    state: 'open',
    key: { status: 'waiting', phase: 'commit', missing: [] },
    blame: [],
    counts: { [teachers.id]: 2, [parents.id]: 1 },
    live: 3,
    needed: 5,
    waves: [],
    committee: members('holding'),
    checkpoints: { head: 1, lastTime: 1_800_002_000, final: 1 },
    destroyedBy: [],
    isErased: false,
    evidence: [],
    lostBy: [],
    isLost: false,
    proving: { verificationKey: KEYS.verificationKey, setup: 'dev', contributors: 3 },
    now: 1_800_003_000,
    ...change,
  };
}

function members(state: CommitteeMember['state']): CommitteeMember[] {
  return [1, 2, 3, 4].map((index) => ({
    index,
    name: `Trustee ${index}`,
    contact: '',
    key: `${index}`.repeat(64),
    state,
    cosigned: 1,
    recognisedBy: [],
  }));
}

const wave = (over: Partial<StatementView['waves'][number]> = {}): StatementView['waves'][number] => ({
  number: 1,
  content: 'c'.repeat(64),
  checkpoint: 1,
  size: 2,
  names: [namesOf(teachers.id, named('1', 'Ann')), namesOf(parents.id, { token: ['3', '3'] })],
  mixedBy: [
    { step: 1, trustee: 2 },
    { step: 2, trustee: 4 },
  ],
  openedBy: [1, 2],
  isOpened: true,
  ...over,
});
/** A wave that is on its way. */
const due = (over: Partial<StatementView['waves'][number]> = {}) => wave({ size: null, names: [], openedBy: [], isOpened: false, ...over });

const named = (token: string, name: string): Names['names'][number] => ({
  ...{ token: [token, token], name, salt: '1', sign: 0, blind: 'a'.repeat(64), index: 0, path: [] },
});
const namesOf = (group: string, ...list: Names['names']): Names => ({
  type: 'names',
  statement: 'd'.repeat(64),
  wave: 1,
  group,
  names: list,
});

describe('the ring of a statement', () => {
  const arcs = (view: StatementView) => presentRing(view).groups?.map(({ label, needed, count }) => [label, needed, count]);

  it('has one seat a signature and no arcs where a single group is counted', () => {
    const context = createStatement([teachers], createCommittee(4, 2, systemRandom), { count: 5 }, KEYS);
    const ring = presentRing(createView({ context }));
    expect(ring).toMatchObject({ state: 'open', needed: 5, live: 3 });
    expect(ring.groups).toBeUndefined();
  });

  it('has an arc for each group that the trigger counts', () => {
    const trigger = {
      all: [
        { group: teachers.id, count: 3 },
        { group: parents.id, count: 2 },
      ],
    };
    expect(arcs(createView({}, trigger))).toEqual([
      ['Teachers', 3, 2],
      ['Parents', 2, 1],
    ]);
  });

  it('has an arc and a count for each group of the statement whatever the condition is, with seats where it asks for the group by itself', () => {
    const { id } = teachers;
    const deep = { any: [{ group: id, count: 3 }, { all: [{ count: 5 }, { group: id, count: 4 }] }] };
    expect(arcs(createView({}, deep))).toEqual([
      ['Teachers', 4, 2],
      ['Parents', null, 1],
    ]);
    const weighed = arcs(createView({}, { weights: { [id]: 2, [parents.id]: 1 }, total: 9 }));
    expect(new Set(weighed?.map(([, needed]) => needed))).toEqual(new Set([null]));
    expect(
      arcs(createView())
        ?.map(([label]) => label)
        .sort(),
    ).toEqual(['Parents', 'Teachers']);
  });

  it('does not say that enough have signed where there are as many as it takes and the condition is not met', () => {
    const any = {
      any: [
        { group: parents.id, count: 3 },
        { group: teachers.id, count: 20 },
      ],
    };
    const words = (counts: Record<string, number>, live: number) => {
      const ring = presentRing(createView({ counts, live, needed: 3 }, any));
      return `${centreWords(ring).lines.join(' ')}. ${describeRing(ring)}`;
    };
    expect(words({ [teachers.id]: 6, [parents.id]: 1 }, 7)).toMatch(/^sealed not yet as needed\..*the condition is not met yet/);
    expect(words({ [teachers.id]: 6, [parents.id]: 3 }, 9)).toMatch(/^sealed 3 were needed\..*The names appear once/);
  });

  it('stays sealed after the deadline, and is mixing from when a wave is due until the opened names are there', () => {
    expect(presentRing(createView({ state: 'closed' })).state).toBe('open');
    expect(presentRing(createView({ state: 'closed', waves: [due()] })).state).toBe('mixing');
    expect(presentRing(createView({ state: 'revealed', waves: [wave({ names: [] })] })).state).toBe('mixing');
  });

  it('turns into the ring of names, with a word in place of what cannot be read', () => {
    const ring = presentRing(createView({ state: 'revealed', waves: [wave()] }));
    expect(ring.state).toBe('revealed');
    expect(new Set(ring.names?.map(({ name }) => name))).toEqual(new Set(['Ann', 'a name that cannot be read']));
    const seats = ring.names?.map(({ seat }) => seat) ?? [];
    expect(seats).toEqual([...seats].sort()); // by token, so no place tells who came first
    expect(ring.live).toBe(3);
  });

  it('says on which day the shares were to be destroyed', () => {
    expect(presentRing(createView({ state: 'destroyed' })).when).toMatch(/^\d+ January 2027$/);
  });
});

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

describe('the committee', () => {
  it('names who is at fault and why, on the ring and beside it', () => {
    const committee = members('void').map(
      (member, i): CommitteeMember => (i === 1 ? { ...member, state: 'at-fault', fault: 'BAD_SHARE' } : member),
    );
    const view = createView({ state: 'aborted', committee });
    expect(describeTrustee(committee[1]!, view)).toBe('gave another trustee a wrong share of the key');
    expect(listRingTrustees(view).map((trustee) => trustee.mark)).toEqual(['done', 'failed', 'done', 'done']);
  });

  it('marks the silent as missing and not as cheats', () => {
    const committee = members('void').map(
      (member, i): CommitteeMember => (i === 0 ? { ...member, state: 'at-fault', fault: 'SILENT' } : member),
    );
    const [first] = listRingTrustees(createView({ state: 'aborted', committee }));
    expect(first).toMatchObject({ mark: 'waiting', note: 'did not answer in time' });
  });

  it('shows after the end who opened in time and who did not', () => {
    const view = createView({ state: 'unopened', committee: members('destroyed'), waves: [due({ openedBy: [2] })] });
    expect(listRingTrustees(view).map(({ mark, note }) => [mark, note])).toEqual([
      ['waiting', 'did not open in time'],
      ['done', 'opened in time'],
      ['waiting', 'did not open in time'],
      ['waiting', 'did not open in time'],
    ]);
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
