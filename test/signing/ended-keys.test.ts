import { describe, expect, it } from 'vitest';
import { type EndedKey, fateOf, signRevocation, signSuccessor } from '#lib/protocol/member/key-end.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { describeFate, judgeInvitingKey } from '#lib/signing/ended-keys.ts';
import { addMembership, createWallet } from '#lib/signing/wallet.ts';
import { keyWarnings, lookalikeWarnings } from '#lib/signing/warnings.ts';
import { createGroup, systemRandom } from '../support/world.ts';

const TIME = 1_800_000_000;
const pilots = createGroup('Harbour pilots', ['Ada', 'Ben'], systemRandom);
const { issuer } = pilots.header.group;
const NEXT = systemRandom(32);
const next = publicKeyOf(NEXT);
const membership = { group: pilots.header.group, name: 'Ada', platform: 'https://platform.example' };
const wallet = addMembership(createWallet(systemRandom), membership);
const replaced: EndedKey[] = [{ issuer, time: TIME + 5, message: signSuccessor(TIME, pilots.seed, NEXT) }];
const revoked: EndedKey[] = [{ issuer, time: TIME + 5, message: signRevocation(TIME, pilots.seed) }];
const saidOnly: EndedKey[] = [{ issuer, time: TIME + 5 }];
const fate = (ended: EndedKey[]) => fateOf(issuer, ended) as NonNullable<ReturnType<typeof fateOf>>;

describe('a wallet that pinned a key which has ended', () => {
  it('T84: says what happened, on whose word, and that it takes no other key in its place', () => {
    expect(describeFate(fate(replaced), 'Harbour pilots')).toMatchObject({ loud: false, what: expect.stringContaining('15 January 2027') });
    expect(describeFate(fate(revoked), 'Harbour pilots')).toMatchObject({
      loud: true,
      what: expect.stringContaining('signed this itself'),
      todo: expect.stringContaining('takes no other in its place'),
    });
    expect(describeFate(fate(saidOnly), 'Harbour pilots').what).toContain('The key has not signed it');
  });

  it('T84: tells an invitation of the successor that the old key has signed from one of a stranger', () => {
    const judge = (key: string, ended: EndedKey[], name = 'Harbour pilots') => judgeInvitingKey(wallet, { issuer: key, name }, ended);
    expect(judge(next, replaced)).toEqual({ kind: 'successor', of: membership });
    expect(judge(next, replaced, 'Another group of theirs')).toMatchObject({ kind: 'successor' });
    expect(judge(next, revoked)).toMatchObject({ kind: 'other', fate: { revoked: { isSigned: true } } });
    expect(judge(next, [])).toEqual({ kind: 'other', of: membership, fate: null });
    expect(judge(next, [], 'Another group')).toBeNull();
    expect(judge(issuer, [])).toBeNull();
    expect(judge(issuer, saidOnly)).toMatchObject({ kind: 'ended' });
    // What a platform alone says names no successor.
    const forged = [{ ...replaced[0], message: { ...signSuccessor(TIME, systemRandom(32), NEXT), issuer } }] as EndedKey[];
    expect(judge(next, forged)).toMatchObject({ kind: 'other', fate: null });
    expect(judgeInvitingKey(null, { issuer: next, name: 'Harbour pilots' }, replaced)).toBeNull();
  });

  it('T84: warns whoever signs, loudly of a revoked key, and takes the group of the successor for no trap', () => {
    const codes = (ended: EndedKey[]) => keyWarnings([pilots.header], ended).map(({ code, loud }) => [code, loud]);
    expect([codes([]), codes(replaced), codes(revoked)]).toEqual([[], [['KEY_REPLACED', false]], [['KEY_REVOKED', true]]]);
    const header = { ...pilots.header, group: { issuer: next, name: 'Harbour pilots' } };
    const alike = (ended: EndedKey[]) => lookalikeWarnings([{ membership, group: 'ab'.repeat(32), header }], 'statement', ended);
    expect([alike([]), alike(replaced), alike(revoked)].map(([one]) => one?.code)).toEqual([
      'LOOKALIKE_GROUP',
      'SUCCESSOR_GROUP',
      'LOOKALIKE_GROUP',
    ]);
  });

  it('is told of a long chain of keys at the cost of one look at each, however many groups and warnings ask', () => {
    const seeds = [pilots.seed, ...Array.from({ length: 30 }, () => systemRandom(32))];
    let looks = 0;
    const chain = seeds.slice(1).map((seed, i): EndedKey => {
      const message = signSuccessor(TIME + i, seeds[i] as Uint8Array, seed);
      return {
        issuer: message.issuer,
        time: TIME,
        get message() {
          looks++;
          return message;
        },
      };
    });
    const last = publicKeyOf(seeds.at(-1) as Uint8Array);
    const other = { ...pilots.header, group: { issuer, name: 'Harbour masters' } };
    const header = { ...pilots.header, group: { issuer: last, name: 'Harbour pilots' } };
    expect(keyWarnings([pilots.header, other], chain).map(({ code }) => code)).toEqual(['KEY_REPLACED', 'KEY_REPLACED']);
    expect(lookalikeWarnings([{ membership, group: 'ab'.repeat(32), header }], 'statement', chain)[0]?.code).toBe('SUCCESSOR_GROUP');
    expect(judgeInvitingKey(wallet, { issuer: last, name: 'Harbour pilots' }, chain)).toEqual({ kind: 'successor', of: membership });
    expect(looks).toBe(chain.length);
  });
});
