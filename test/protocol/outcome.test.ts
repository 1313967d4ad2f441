import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import { parseWallet } from '#lib/protocol/member/wallet-file.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { checkDestroyed, destroyedNeeded, signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { type StateName, stateAt } from '#lib/protocol/statement/outcome.ts';
import { destructionTime, lastCosignTime } from '#lib/protocol/statement/statement.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const { context, committee } = createScene('outcome test', {
  setup: PLAIN_SETUP,
  threshold: 3,
  size: 5,
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

describe('the state of a statement', () => {
  it('follows from key, waves and time alone, and time leads only forwards', () => {
    const order: StateName[] = ['keying', 'open', 'closed', 'aborted', 'revealed', 'unopened', 'destroyed'];
    fc.assert(
      fc.property(fc.constantFrom(keyed, waiting), waves, time, time, (key, all, a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)].map((now) => order.indexOf(stateAt(context, key, all, now)));
        expect(later).toBeGreaterThanOrEqual(earlier as number);
      }),
    );
  });

  it('T12: is revealed by k openings and by no fewer, and never destroyed while a wave was due', () => {
    fc.assert(
      fc.property(waves, time, (all, now) => {
        const state = stateAt(context, keyed, all, now);
        expect(state === 'revealed').toBe(all.some((wave) => wave.openings >= 3));
        if (state === 'destroyed') expect([all, now >= end]).toEqual([[], true]);
        if (state === 'unopened') expect(all.length > 0 && now >= end).toBe(true);
      }),
    );
  });

  it('aborts where the key is not made in time', () => {
    expect(stateAt(context, waiting, [], statement.openBy)).toBe('keying');
    expect(stateAt(context, waiting, [], statement.openBy + 1)).toBe('aborted');
    expect(stateAt(context, { status: 'aborted', blame: [] }, [], 0)).toBe('aborted');
    expect(stateAt(context, keyed, [], statement.openBy + 1)).toBe('open');
  });
});

describe('destruction', () => {
  const author = { context, trustee: 2, seed: committee.seeds[1] as Uint8Array };

  it('T12: is attested at deadline + grace and never before', () => {
    expect(checkDestroyed(context, signDestroyed(author, end)).ok).toBe(true);
    expect(checkDestroyed(context, signDestroyed(author, end - 1))).toMatchObject({ code: 'DESTROYED_EARLY' });
    expect(checkTrusteeMessage(context, signDestroyed(author, end)).ok).toBe(true);
    expect(checkTrusteeMessage(context, { ...signDestroyed(author, end), time: end + 1 })).toMatchObject({ code: 'TRUSTEE_SIGNATURE' });
  });

  it('T12: leaves too few shares once n − k + 1 are gone', () => {
    expect(destroyedNeeded(context)).toBe(3);
    expect(statement.committee.trustees.length - destroyedNeeded(context)).toBe(statement.committee.threshold - 1);
  });

  it('T30: comes after the last moment at which a checkpoint may be cosigned', () => {
    expect(lastCosignTime(statement)).toBeLessThan(end);
  });
});

describe('a wallet file', () => {
  const wallet = {
    type: 'round-robin-wallet',
    version: 1,
    secret: '123',
    memberships: [{ group: { issuer: publicKeyOf(new Uint8Array(32)), name: 'Pilots' }, name: 'Jane', platform: 'https://example.org' }],
  };

  it('reads back, and T17: a refusal never repeats what is in it', () => {
    expect(parseWallet(JSON.stringify(wallet))).toEqual({ ok: true, value: wallet });
    const secret = '9'.repeat(76);
    for (const wrong of [
      { ...wallet, secret: `0${secret}` },
      { ...wallet, secret, version: 2 },
      { ...wallet, secret, [secret]: 1 },
      { secret },
    ]) {
      const read = parseWallet(JSON.stringify(wrong));
      expect(read).toMatchObject({ ok: false, code: 'BAD_WALLET' });
      expect(JSON.stringify(read)).not.toContain(secret);
    }
    expect(parseWallet('{"secret":"1').ok).toBe(false);
  });
});
