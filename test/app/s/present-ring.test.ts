import { describe, expect, it } from 'vitest';
import { centreWords, describeRing } from '#app/ring/ring-words.ts';
import { presentRing } from '#app/s/[id]/present-statement.ts';
import { describeTrustee, listRingTrustees } from '#app/s/[id]/trustee-words.ts';
import type { CommitteeMember } from '#lib/server/statements/committee.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { createCommittee, createStatement, systemRandom } from '#test/support/world.ts';

import { createView, due, KEYS, members, parents, teachers, wave } from './statement-views.ts';

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
