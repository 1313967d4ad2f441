import { describe, expect, it } from 'vitest';
import { openAnswer, sayMember, sealAnswer } from '#lib/protocol/challenge/answer.ts';
import { createAsker, describeAsker, isAskerOf, parseAsker } from '#lib/protocol/challenge/asker-file.ts';
import { challengeId, checkShownPurpose, isRecentRoll, RECENT_SECONDS } from '#lib/protocol/challenge/challenge.ts';
import { membershipKey } from '#lib/protocol/challenge/membership-key.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { hashToField } from '#lib/protocol/messages/hash.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { formatPoint, parsePoint } from '#lib/protocol/numbers/point.ts';
import { scopeOf } from '#lib/protocol/statement/statement.ts';
import { seeded } from '../circuits/signer.ts';
import { askGroups } from '../support/asking.ts';
import { createGroup, nextRoll } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const random = seeded('challenge tests');
const group = createGroup('Pilots', ['Ada', 'Brian', 'Carla'], random);
const ask = (change = {}) => askGroups([group], { ...PLAIN_SETUP, random, ...change });

describe('a challenge', () => {
  it('T72: has a scope of its own, computed from all of it, that is never one of a statement', () => {
    const { context } = ask();
    const { signature: _, ...said } = context.challenge;
    expect(context.scope).toBe(hashToField('challenge', said));
    expect(context.scope).not.toBe(scopeOf(said as unknown as Parameters<typeof scopeOf>[0]));
    const [one, two] = [ask().context, ask().context];
    expect(one.scope).not.toBe(two.scope); // the same words asked twice
  });

  it('is named by a hash that does not depend on its signature', () => {
    const { context } = ask();
    expect(challengeId({ ...context.challenge, signature: '00'.repeat(64) })).toBe(context.id);
  });

  it('is not shown with words that nobody sees', () => {
    expect(checkShownPurpose({ purpose: { language: 'en', text: 'Two lines.\nThat is all.' } }).ok).toBe(true);
    for (const text of ['vote \u202eon', 'vote\u200b', '\u3164'])
      expect(checkShownPurpose({ purpose: { language: 'en', text } })).toMatchObject({ ok: false, code: 'BAD_TEXT' });
  });

  it('T73: takes the newest roll, and another for thirty days from its date', () => {
    const next = nextRoll(group, group.members.slice(1), group.header.time + 100);
    const far = group.header.time + RECENT_SECONDS + 1;
    expect(isRecentRoll(group.header, group.header, far)).toBe(true);
    expect(isRecentRoll(group.header, next.header, far - 1)).toBe(true);
    expect(isRecentRoll(group.header, next.header, far)).toBe(false);
  });
});

describe('the key of all answers', () => {
  it('is a point of the prime subgroup other than the identity', () => {
    expect(parsePoint(formatPoint(membershipKey()))).not.toBeNull();
  });
});

describe('an encrypted answer', () => {
  const { context, asker } = ask();
  const keys = describeAsker(asker);
  const numbers = (nullifier: string) => ({
    type: 'answer' as const,
    challenge: context.id,
    said: sayMember(group.id),
    nullifier,
    ephemeral: formatPoint(membershipKey()),
    sealed: formatPoint(membershipKey()),
    proof: {
      a: ['1', '2'],
      b: [
        ['3', '4'],
        ['5', '6'],
      ],
      c: ['7', '8'],
    } as const,
  });

  it('T74: has one length, whatever it holds, and is never the same twice', () => {
    const short = sealAnswer(context, numbers('1'), random);
    const long = sealAnswer(context, numbers('9'.repeat(76)), random);
    expect(long.ciphertext).toHaveLength(short.ciphertext.length);
    expect(sealAnswer(context, numbers('1'), random).ciphertext).not.toBe(short.ciphertext);
    expect(short.ciphertext).not.toContain(keys.encryptionKey);
  });

  it('has room for the longest numbers', () => {
    const q = '21888242871839275222246405745257275088696311157297823662689037894645226208582';
    const r = '21888242871839275222246405745257275088548364400416034343698204186575808495616';
    const longest = {
      ...numbers(r),
      proof: {
        a: [q, q],
        b: [
          [q, q],
          [q, q],
        ],
        c: [q, q],
      } as const,
    };
    const sealed = sealAnswer(context, longest, random);
    const opened = openAnswer(context, sealed, {
      secretKey: Buffer.from(asker.encryptionSecret, 'hex'),
      publicKey: Buffer.from(keys.encryptionKey, 'hex'),
    });
    expect(opened).toEqual({ ok: true, value: longest });
  });
});

describe('an asker’s key file', () => {
  it('is read back, belongs to its challenges, and a refusal quotes nothing of it', () => {
    const { context, asker } = ask();
    const text = JSON.stringify(asker);
    expect(parseAsker(text)).toEqual({ ok: true, value: asker });
    expect(isAskerOf(asker, context.challenge)).toBe(true);
    expect(isAskerOf(createAsker(asker.name, random), context.challenge)).toBe(false);
    const cut = parseAsker(text.slice(0, -2));
    expect(cut).toMatchObject({ ok: false, code: 'BAD_ASKER_FILE' });
    expect(JSON.stringify(cut)).not.toContain(asker.seed.slice(0, 8));
    expect(parseJson(text).ok).toBe(true);
  });
});

describe('the roll of a challenge', () => {
  it('is named by its hash: another roll of the same group is another challenge', () => {
    const [scene] = createScene('challenge rolls', {
      setup: PLAIN_SETUP,
      threshold: 2,
      size: 4,
      members: [5],
      trigger: { count: 1 },
    }).groups;
    if (!scene) throw new Error('no group');
    const { context } = askGroups([scene], { ...PLAIN_SETUP, random });
    expect(context.challenge.rolls).toEqual([{ group: scene.id, roll: rollHash(scene.header) }]);
  });
});
