import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCommitteeRequest, signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import {
  checkKeptReceipt,
  checkMessageReceipt,
  checkReceipt,
  publishByOf,
  signMessageReceipt,
  signReceipt,
} from '#lib/protocol/board/receipt.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const scene = createScene('receipt test', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
const { context, committee } = scene;
const { statement } = context;
const hash = (i: number) => i.toString(16).padStart(64, '0');
const NOW = 1_800_000_001;

describe('a receipt', () => {
  const of = { entry: hash(1), listed: hash(2), action: 'sign' as const };
  const receipt = signReceipt(context, of, NOW, PLATFORM_SEED);

  it('T9: is for one entry under one salt: two signers cannot be given one receipt', () => {
    expect(checkReceipt(context, of, receipt, NOW).ok).toBe(true);
    for (const other of [{ entry: hash(3) }, { listed: hash(3) }, { action: 'withdraw' as const }])
      expect(checkReceipt(context, { ...of, ...other }, receipt, NOW)).toMatchObject({ ok: false, code: 'BAD_RECEIPT' });
    const elsewhere = signReceipt({ ...context, id: hash(3) }, of, NOW, PLATFORM_SEED);
    expect(checkReceipt(context, of, elsewhere, NOW)).toMatchObject({ ok: false, code: 'BAD_RECEIPT' });
  });

  it('T51: is refused by the wallet when it promises a later time than the statement allows by the wallet’s own clock', () => {
    const late = signReceipt(context, of, NOW + 7200, PLATFORM_SEED);
    expect(checkReceipt(context, of, late, NOW)).toMatchObject({ ok: false, code: 'BAD_RECEIPT' });
    expect(checkKeptReceipt(context, of, late).ok).toBe(true);
    const skewed = signReceipt(context, of, NOW + statement.clockSkew, PLATFORM_SEED);
    expect(checkReceipt(context, of, skewed, NOW).ok).toBe(true);
  });

  it('T13: promises a time that tells no more of the signing than the schedule of checkpoints, or that it was before the deadline', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_800_000_000, max: 1_800_100_000 }), fc.constantFrom(0, 30, 600, 3600), (now, cadence) => {
        const schedule = { ...statement, cadence, mergeDelay: 7200 };
        const step = Math.max(cadence, 60);
        const accepted = publishByOf(schedule, now) - 7200;
        expect(accepted % step === 0 || accepted === statement.deadline).toBe(true);
        expect([accepted >= now, accepted < now + step]).toEqual([true, true]);
      }),
    );
  });
});

describe('a receipt for a trustee’s message', () => {
  it('T54: is the platform’s for that message', () => {
    const receipt = signMessageReceipt(context, hash(1), NOW, PLATFORM_SEED);
    expect(checkMessageReceipt(context, hash(1), receipt).ok).toBe(true);
    expect(checkMessageReceipt(context, hash(2), receipt)).toMatchObject({ code: 'BAD_RECEIPT' });
    const forged = signMessageReceipt(context, hash(1), NOW, committee.seeds[0] as Uint8Array);
    expect(checkMessageReceipt(context, hash(1), forged)).toMatchObject({ code: 'BAD_RECEIPT' });
  });
});

describe('a request of the committee', () => {
  const author = (trustee: number, seed = committee.seeds[trustee - 1] as Uint8Array) => ({ context, trustee, seed });
  const board = { want: 'board' as const, after: 0 };

  it('T49: is taken from a trustee of the statement, for five minutes, and from nobody else', () => {
    const request = signCommitteeRequest(author(2), board, NOW);
    for (const now of [NOW - 300, NOW, NOW + 300]) expect(checkCommitteeRequest(context, request, now).ok).toBe(true);
    for (const now of [NOW - 301, NOW + 301])
      expect(checkCommitteeRequest(context, request, now)).toMatchObject({ code: 'REQUEST_NOT_FRESH' });
    for (const [changed, code] of [
      [{ ...request, trustee: 1 }, 'TRUSTEE_SIGNATURE'],
      [{ ...request, want: 'messages' }, 'TRUSTEE_SIGNATURE'],
      [{ ...request, trustee: 5 }, 'UNKNOWN_TRUSTEE'],
      [{ ...request, statement: hash(1) }, 'OTHER_STATEMENT'],
      [{ ...request, roll: hash(1) }, 'BAD_SHAPE'],
      [signCommitteeRequest(author(2, PLATFORM_SEED), board, NOW), 'TRUSTEE_SIGNATURE'],
    ] as const)
      expect(checkCommitteeRequest(context, changed, NOW)).toMatchObject({ ok: false, code });
  });

  it('T47: asks for the capsules of a whole roll of its statement', () => {
    const ask = (roll: string) => checkCommitteeRequest(context, signCommitteeRequest(author(1), { want: 'capsules', roll }, NOW), NOW);
    expect(ask(statement.rolls[0]?.roll as string).ok).toBe(true);
    expect(ask(hash(5))).toMatchObject({ code: 'UNKNOWN_ROLL' });
  });
});
