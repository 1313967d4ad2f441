import type { Names } from '#lib/protocol/reveal/names.ts';
import type { CommitteeMember } from '#lib/server/statements/committee.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { createCommittee, createGroup, createStatement, systemRandom } from '#test/support/world.ts';

export const KEYS = { verificationKey: 'a'.repeat(64), setup: 'b'.repeat(64), random: systemRandom };
export const DEADLINE = 1_800_100_000;
export const END = DEADLINE + 10_000;
export const teachers = createGroup('Teachers', names('Teacher', 30), systemRandom);
export const parents = createGroup('Parents', names('Parent', 9), systemRandom);

function names(who: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${who} ${i + 1}`);
}

export function createView(
  change: Partial<StatementView> = {},
  trigger: StatementView['statement']['trigger'] = { count: 5 },
): StatementView {
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

export function members(state: CommitteeMember['state']): CommitteeMember[] {
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

export const wave = (over: Partial<StatementView['waves'][number]> = {}): StatementView['waves'][number] => ({
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
export const due = (over: Partial<StatementView['waves'][number]> = {}) =>
  wave({ size: null, names: [], openedBy: [], isOpened: false, ...over });

export const named = (token: string, name: string): Names['names'][number] => ({
  ...{ token: [token, token], name, salt: '1', sign: 0, blind: 'a'.repeat(64), index: 0, path: [] },
});
export const namesOf = (group: string, ...list: Names['names']): Names => ({
  type: 'names',
  statement: 'd'.repeat(64),
  wave: 1,
  group,
  names: list,
});
