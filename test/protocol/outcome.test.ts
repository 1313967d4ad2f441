import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { checkDestroyed, destroyedNeeded, signDestroyed, vouchedFor } from '#lib/protocol/reveal/destruction.ts';
import { type StateName, stateAt } from '#lib/protocol/statement/outcome.ts';
import { destructionTime, lastCosignTime } from '#lib/protocol/statement/statement.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const { context, committee } = createScene('outcome test', {
  setup: PLAIN_SETUP,
  threshold: 3,
  size: 7,
  members: [5],
  trigger: { count: 3 },
});
const { statement } = context;
const end = destructionTime(statement);
const keyed = { status: 'keyed' } as KeyState;
const waiting: KeyState = { status: 'waiting', phase: 'commit', missing: [1] };
const time = fc.integer({ min: statement.openBy - 1000, max: end + 1000 });
const waves = fc.array(
  fc.nat(5).map((openings) => ({ openings })),
  { maxLength: 3 },
);

const hash = (i: number) => i.toString(16).padStart(64, '0');
const W = hash(77);
type Said = { head?: number; waves?: { number: number; content: string; opened: boolean }[] };
const says = (trustee: number, { head, waves = [] }: Said = {}) => {
  const author = { context, trustee, seed: committee.seeds[trustee - 1] as Uint8Array };
  return signDestroyed(author, { ...(head ? { head: { number: head, checkpoint: hash(head) } } : {}), waves }, end);
};
const due = (content = W, opened = false) => ({ waves: [{ number: 1, content, opened }] });

describe('the state of a statement', () => {
  it('follows from key, waves, destructions and time alone, and time leads only forwards', () => {
    const order: StateName[] = ['keying', 'open', 'closed', 'aborted', 'revealed', 'unvouched', 'unopened', 'destroyed'];
    const destroyed = fc.subarray([1, 2, 3, 4, 5, 6, 7].map((trustee) => says(trustee, trustee < 4 ? due() : {})));
    fc.assert(
      fc.property(fc.constantFrom(keyed, waiting), waves, destroyed, time, time, (key, all, said, a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)].map((now) => order.indexOf(stateAt(context, key, all, said, now)));
        expect(later).toBeGreaterThanOrEqual(earlier as number);
      }),
    );
  });

  it('T12: is revealed by k openings of one chain and by no fewer', () => {
    fc.assert(
      fc.property(waves, time, (all, now) => {
        expect(stateAt(context, keyed, all, [], now) === 'revealed').toBe(all.some((wave) => wave.openings >= 3));
      }),
    );
  });

  it('T60: is unvouched at its end until n − k + 1 trustees have attested what they saw', () => {
    const said = [1, 2, 3, 4, 5].map((trustee) => says(trustee));
    expect(stateAt(context, keyed, [], said.slice(0, 4), end)).toBe('unvouched');
    expect(stateAt(context, keyed, [], said, end)).toBe('destroyed');
    expect(stateAt(context, keyed, [], said, end - 1)).toBe('closed');
  });

  it('T59: is unopened when k name one wave: k − 1 rogues can neither say that one was due, nor hide one', () => {
    const others = [4, 5, 6, 7].map((trustee) => says(trustee));
    const at = (...said: ReturnType<typeof says>[]) => stateAt(context, keyed, [], said, end);
    expect(at(says(1, due()), says(2, due()), says(3, due()), ...others)).toBe('unopened');
    expect(at(says(1, due()), says(2, due()), says(3, due(hash(78))), ...others)).toBe('destroyed');
    expect(at(says(1, due()), says(2, due()), says(3), ...others)).toBe('destroyed');
  });

  it('aborts where the key is not made in time', () => {
    expect(stateAt(context, waiting, [], [], statement.openBy)).toBe('keying');
    expect(stateAt(context, waiting, [], [], statement.openBy + 1)).toBe('aborted');
    expect(stateAt(context, { status: 'aborted', blame: [] }, [], [], 0)).toBe('aborted');
    expect(stateAt(context, keyed, [], [], statement.openBy + 1)).toBe('open');
  });
});

describe('destruction', () => {
  it('T12: is attested at deadline + grace and never before', () => {
    const author = { context, trustee: 2, seed: committee.seeds[1] as Uint8Array };
    const at = (now: number) => signDestroyed(author, { waves: [] }, now);
    expect(checkDestroyed(context, at(end)).ok).toBe(true);
    expect(checkDestroyed(context, at(end - 1))).toMatchObject({ code: 'DESTROYED_EARLY' });
    expect(checkTrusteeMessage(context, at(end)).ok).toBe(true);
    expect(checkTrusteeMessage(context, { ...at(end), time: end + 1 })).toMatchObject({ code: 'TRUSTEE_SIGNATURE' });
  });

  it('T54: vouches for the k-th highest head and for waves that k call opened', () => {
    const said = [says(1, { head: 9 }), says(2, { head: 4 }), says(3, { head: 7 }), says(4, { head: 5 })];
    expect(vouchedFor(context, said).head).toBe(5);
    expect(vouchedFor(context, said.slice(0, 2)).head).toBe(0);
    const opened = [says(1, due(W, true)), says(2, due(W, true)), says(3, due(W, false))];
    expect(vouchedFor(context, opened)).toMatchObject({ due: [{ number: 1, content: W }], opened: [] });
    expect(vouchedFor(context, [...opened, says(4, due(W, true))]).opened).toEqual([{ number: 1, content: W }]);
  });

  it('T59: cannot be made to vouch for a head or a wave by fewer than k trustees', () => {
    const rogues = [1, 2].map((trustee) => says(trustee, { head: 2 ** 40, ...due(hash(9), true) }));
    const honest = [3, 4, 5].map((trustee) => says(trustee, { head: 3 }));
    expect(vouchedFor(context, [...rogues, ...honest])).toEqual({ head: 3, due: [], opened: [] });
  });

  it('names each wave once, ascending', () => {
    const twice = says(1, { waves: [due().waves[0], due().waves[0]] as never });
    expect(checkDestroyed(context, twice)).toMatchObject({ code: 'DESTROYED_WAVES' });
  });

  it('T12: leaves too few shares once n − k + 1 are gone', () => {
    expect(destroyedNeeded(context)).toBe(5);
    expect(statement.committee.trustees.length - destroyedNeeded(context)).toBe(statement.committee.threshold - 1);
  });

  it('T30: comes after the last moment at which a checkpoint may be cosigned', () => {
    expect(lastCosignTime(statement)).toBeLessThan(end);
  });
});
