import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Blame } from '#lib/protocol/key/complaints.ts';
import { collectShare, createKeySecrets, type KeySecrets, makeComplaint, makeDeal } from '#lib/protocol/key/key-generation.ts';
import { findMissingMessages, judgeKeyGeneration } from '#lib/protocol/key/key-judgement.ts';
import { type Deal, type KeyMessage, shareContext } from '#lib/protocol/key/key-messages.ts';
import { sealNumber } from '#lib/protocol/key/sealing.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { formatField, toField } from '#lib/protocol/numbers/field.ts';
import {
  BASE,
  formatPoint,
  multiplySecret,
  type Point,
  parsePoint,
  SCALAR_ORDER,
  type Scalar,
  toScalar,
} from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import { lagrangeAtZero } from '#lib/protocol/reveal/tokens.ts';
import { seeded } from '../circuits/signer.ts';
import { createGroup, createStatement, makeKey } from '../support/world.ts';
import { describeKey, keyGeneration } from './make-vectors/key-generation.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const plan = { setup: PLAIN_SETUP, members: [5], trigger: { count: 3 } };
const SIZES = [
  [2, 4],
  [2, 5],
  [3, 7],
  [4, 10],
  [2, 16],
  [6, 16],
] as const;

describe.each(SIZES)('a key of %i of %i trustees', (threshold, size) => {
  const scene = createScene(`key ${threshold}/${size}`, { ...plan, threshold, size });
  const key = makeKey(scene.context, scene.committee, scene.random);

  it('is what any k shares make, and no fewer', () => {
    const secretOf = (trustees: readonly number[]) => {
      const weights = lagrangeAtZero(trustees);
      return toScalar(trustees.reduce((sum, trustee, i) => sum + (weights[i] as bigint) * (key.shares[trustee - 1] as bigint), 0n));
    };
    const all = Array.from({ length: size }, (_, i) => i + 1);
    for (const some of [all.slice(0, threshold), all.slice(-threshold), all])
      expect(multiplySecret(BASE, secretOf(some)).equals(key.keyed.key)).toBe(true);
    expect(multiplySecret(BASE, secretOf(all.slice(0, threshold - 1))).equals(key.keyed.key)).toBe(false);
  });

  it('gives everybody the verification key of its own share', () => {
    for (const [i, share] of key.shares.entries()) {
      expect(multiplySecret(BASE, share).equals(key.keyed.verificationKeys[i] as Point)).toBe(true);
      expect(multiplySecret(BASE, share).equals(key.keyed.key)).toBe(false);
    }
  });
});

const scene = createScene('key judgement', { ...plan, threshold: 2, size: 4 });
const { context, committee, random } = scene;
const key = makeKey(context, committee, random);
const author = (trustee: number) => key.authors[trustee - 1] as (typeof key.authors)[0];
const secretsOf = (trustee: number) => key.secrets[trustee - 1] as KeySecrets;
const resign = <M extends KeyMessage>(message: M, change: object): M => {
  const { signature: _, ...body } = { ...message, ...change };
  return signMessage(message.type, body, author(message.trustee).seed) as M;
};
const withDealOfTwo = (deal: Deal) => key.deals.map((other) => (other.trustee === 2 ? deal : other));
/** The deal of trustee 2 with another number sealed to trustee 3, under trustee 2's own commitments. */
function dealToThree(share: bigint): Deal {
  const honest = key.deals[1] as Deal;
  const sealingKey = parsePoint(key.commits[2]?.sealingKey as [string, string]) as Point;
  const sealed = sealNumber(toField(share), sealingKey, shareContext(context.scope, 2, 3), randomScalar(random));
  const bad = { recipient: 3, ephemeral: formatPoint(sealed.ephemeral), ciphertext: formatField(sealed.ciphertext) };
  return resign(honest, { shares: [honest.shares[0], bad, honest.shares[2]] });
}

describe('a key generation in which five of sixteen trustees have forked', () => {
  it('is judged without reading each message once more for each of a thousand choices', () => {
    const large = createScene('key forked 6/16', { ...plan, threshold: 6, size: 16 });
    const made = makeKey(large.context, large.committee, large.random);
    const sign = <M extends KeyMessage>(message: M, change: object): M => {
      const { signature: _, ...body } = { ...message, ...change };
      return signMessage(message.type, body, made.authors[message.trustee - 1]?.seed as Uint8Array) as M;
    };
    let read = 0;
    const last = made.deals[15] as Deal;
    const possession = () => {
      read++;
      return last.possession;
    };
    const watched = Object.defineProperty({ ...last }, 'possession', { enumerable: true, get: possession });
    const forked = [0, 1, 2, 3, 4].flatMap((i) => [
      sign(made.commits[i] as KeyMessage, { polynomial: 'cd'.repeat(32) }),
      sign(made.deals[i] as KeyMessage, { commits: 'ef'.repeat(32) }),
    ]);
    const confirms = (transcript: object) => made.confirms.map((confirm) => sign(confirm, transcript));
    const judge = (own: readonly KeyMessage[]) =>
      judgeKeyGeneration(large.context, [...made.commits, ...made.deals.slice(0, 15), watched, ...forked, ...own]);
    const FORKED = [1, 2, 3, 4, 5].map((trustee) => ({ trustee, reason: 'FORKED' }));
    expect(judge(confirms({ transcript: 'ab'.repeat(32) }))).toEqual({ status: 'aborted', blame: FORKED });
    expect(read).toBeLessThan(10);
    expect(judge(made.confirms)).toMatchObject({ status: 'keyed', transcript: made.keyed.transcript });
  });
});

describe('the judgement of a key generation', () => {
  it('does not depend on the order of messages, whatever came of it', () => {
    const cases = keyGeneration.operations.judgement?.cases ?? [];
    const { honest } = keyGeneration.given as unknown as { honest: Record<string, KeyMessage> };
    for (const { name, input } of cases) {
      const replay = (messages: readonly unknown[]) => keyGeneration.operations.judgement?.replay({ messages }, keyGeneration.given);
      const messages = (input as { messages: (string | KeyMessage)[] }).messages.map((one) =>
        typeof one === 'string' ? honest[one] : one,
      );
      const sorted = (outcome: ReturnType<typeof replay>) =>
        JSON.stringify(outcome)
          .split(/(?<=\}),/)
          .sort();
      expect(sorted(replay([...messages].reverse())), name).toEqual(sorted(replay(messages)));
    }
  });

  it('names no honest trustee when any one message is changed by its author', () => {
    const everything: KeyMessage[] = [...key.commits, ...key.deals];
    fc.assert(
      fc.property(fc.nat(everything.length - 1), fc.nat(3), (i, which) => {
        const message = everything[i] as KeyMessage;
        const members = Object.keys(message).filter((name) => !['type', 'statement', 'trustee', 'signature'].includes(name));
        const name = members[which % members.length] as keyof KeyMessage;
        const other = everything.find((one) => one.type === message.type && one.trustee !== message.trustee) as KeyMessage;
        const changed = resign(message, { [name]: other[name] });
        fc.pre(JSON.stringify(changed) !== JSON.stringify(message));
        const state = judgeKeyGeneration(context, [...everything.filter((one) => one !== message), changed]);
        const blamed = state.status === 'aborted' ? state.blame : [];
        // A changed commit also makes the deals of the others refer to a commit that is not there any more.
        if (message.type === 'deal') expect(blamed.every((blame) => blame.trustee === message.trustee)).toBe(true);
        else expect(state.status).toBe('aborted');
      }),
      { numRuns: 30 },
    );
  });

  it('T11: finds the dealer of a share that is too large, or that is right modulo l but not below it', () => {
    const right = (secretsOf(2).coefficients as bigint[]).reduceRight((sum, a) => sum * 3n + a, 0n) % SCALAR_ORDER;
    for (const share of [right + 1n, right + SCALAR_ORDER]) {
      const deals = withDealOfTwo(dealToThree(share));
      expect(collectShare(author(3), secretsOf(3), deals)).toEqual({ ok: false, dealer: 2 });
      const complaint = makeComplaint(author(3), secretsOf(3), deals[1] as Deal, random);
      const state = judgeKeyGeneration(context, [...key.commits, ...deals, complaint]);
      expect(state).toEqual({ status: 'aborted', blame: [{ trustee: 2, reason: 'BAD_SHARE' }] satisfies Blame[] });
    }
    const honest = withDealOfTwo(dealToThree(right));
    expect(collectShare(author(3), secretsOf(3), honest)).toEqual({ ok: true, share: key.shares[2] });
  });

  it('T11: a share that was sealed to somebody else, or in another statement, is a bad share of its dealer', () => {
    const honest = key.deals[1] as Deal;
    const moved = resign(honest, { shares: [honest.shares[0], { ...honest.shares[0], recipient: 3 }, honest.shares[2]] });
    const deals = withDealOfTwo(moved);
    expect(collectShare(author(3), secretsOf(3), deals)).toEqual({ ok: false, dealer: 2 });
    const complaint = makeComplaint(author(3), secretsOf(3), moved, random);
    expect(describeKey(judgeKeyGeneration(context, [...key.commits, ...deals, complaint])).output).toEqual([
      { trustee: 2, reason: 'BAD_SHARE' },
    ]);
  });

  it('T11: a false accusation names the accuser', () => {
    const complaint = makeComplaint(author(3), secretsOf(3), key.deals[1] as Deal, random);
    expect(judgeKeyGeneration(context, [...key.commits, ...key.deals, complaint])).toEqual({
      status: 'aborted',
      blame: [{ trustee: 3, reason: 'FALSE_COMPLAINT' }],
    });
  });

  it('T11: names each trustee once for one thing, by index, in whatever order accusations came', () => {
    const accuse = (accuser: number, dealer: number) =>
      makeComplaint(author(accuser), secretsOf(accuser), key.deals[dealer - 1] as Deal, random);
    const accusations = [accuse(4, 1), accuse(3, 2), accuse(3, 1), accuse(1, 2)];
    for (const order of [accusations, [...accusations].reverse()])
      expect(judgeKeyGeneration(context, [...key.commits, ...key.deals, ...order])).toEqual({
        status: 'aborted',
        blame: [1, 3, 4].map((trustee) => ({ trustee, reason: 'FALSE_COMPLAINT' })),
      });
  });

  it('T11: a dealer that shows others another deal than the one complained of is named, and not the accuser', () => {
    const hidden = dealToThree(5n);
    const complaint = makeComplaint(author(3), secretsOf(3), hidden, random);
    const named = { status: 'aborted', blame: [{ trustee: 2, reason: 'FORKED' }] };
    expect(judgeKeyGeneration(context, [...key.commits, ...key.deals, complaint])).toEqual(named);
    const alone = judgeKeyGeneration(context, [...key.commits, ...key.deals.filter((deal) => deal.trustee !== 2), complaint]);
    expect(alone).toEqual({ status: 'aborted', blame: [{ trustee: 2, reason: 'BAD_SHARE' }] });
  });

  it('T11: two commits of one trustee name it, and not those who dealt after one of them', () => {
    const second = resign(key.commits[0] as (typeof key.commits)[0], { polynomial: '00'.repeat(32) });
    for (const messages of [
      [second, ...key.commits, ...key.deals],
      [...key.deals.slice(1), ...key.commits, second],
    ])
      expect(judgeKeyGeneration(context, messages)).toEqual({ status: 'aborted', blame: [{ trustee: 1, reason: 'FORKED' }] });
  });

  it('T56: a key that all have confirmed stays, whatever a trustee signs afterwards', () => {
    const everything: KeyMessage[] = [...key.commits, ...key.deals, ...key.confirms];
    const late = [
      resign(key.commits[0] as KeyMessage, { polynomial: '00'.repeat(32) }),
      resign(key.deals[0] as KeyMessage, { commits: '00'.repeat(32) }),
      resign(key.confirms[0] as KeyMessage, { transcript: '00'.repeat(32) }),
      makeComplaint(author(3), secretsOf(3), dealToThree(5n), random),
    ];
    expect(judgeKeyGeneration(context, [...late.slice(0, 3), ...everything])).toEqual(key.keyed);
    expect(judgeKeyGeneration(context, [...everything, late[3] as KeyMessage])).toEqual(key.keyed);
    const short = [...late.slice(0, 3), ...everything.filter((message) => message !== key.confirms[2])];
    expect(judgeKeyGeneration(context, short)).toEqual({ status: 'aborted', blame: [{ trustee: 1, reason: 'FORKED' }] });
    const two = judgeKeyGeneration(context, [...late, ...everything]); // k have forked: nothing is promised any more
    expect(two).toMatchObject({ status: 'aborted', blame: [{ trustee: 1 }, { trustee: 2 }] });
  });

  it('T11: the last dealer cannot choose its part after seeing the others, to set the key', () => {
    // Trustee 3 wants the key to be a point it knows the secret of: it deals the difference, but committed to something else.
    const chosen = makeDeal(author(3), createKeySecrets(2, random), key.commits, random);
    const state = judgeKeyGeneration(context, [...key.commits, ...key.deals.filter((deal) => deal.trustee !== 3), chosen]);
    expect(state).toEqual({ status: 'aborted', blame: [{ trustee: 3, reason: 'BAD_DEAL' }] });
  });

  it('T11: nobody can commit to the negative of the others’ parts without knowing their secrets', () => {
    const negated = (key.deals[0]?.polynomial ?? []).map((text) => formatPoint((parsePoint(text) as Point).negate()));
    const copied = resign(key.deals[2] as Deal, { polynomial: negated });
    const state = judgeKeyGeneration(context, [...key.commits, ...key.deals.filter((deal) => deal.trustee !== 3), copied]);
    expect(state).toEqual({ status: 'aborted', blame: [{ trustee: 3, reason: 'BAD_DEAL' }] });
  });

  it('T32: a key or sealing key that is the identity is never made', () => {
    const zero = resign(key.commits[1] as (typeof key.commits)[0], { sealingKey: ['0', '1'] });
    expect(
      judgeKeyGeneration(
        context,
        key.commits.map((commit) => (commit.trustee === 2 ? zero : commit)),
      ),
    ).toEqual({
      status: 'aborted',
      blame: [{ trustee: 2, reason: 'BAD_COMMIT' }],
    });
  });

  it('T24: shares lie on the board under keys made for this statement, not under long-term keys', () => {
    const again = makeKey(context, committee, seeded('another try'));
    for (const [i, commit] of key.commits.entries()) {
      expect(commit.sealingKey).not.toEqual(again.commits[i]?.sealingKey);
      expect(multiplySecret(BASE, secretsOf(i + 1).sealingSecret)).toSatisfy(
        (point: Point) => formatPoint(point).join() === commit.sealingKey.join(),
      );
    }
  });

  it('T12: nothing long-term leads to a share: the same trustees make unrelated shares for another statement', () => {
    const again = makeKey(context, committee, seeded('another statement'));
    expect(again.shares.some((share) => key.shares.includes(share))).toBe(false);
    expect(again.keyed.key.equals(key.keyed.key)).toBe(false);
  });

  it('T12: n − k + 1 destroyed shares leave too few: k − 1 shares fit every key', () => {
    // Any value at zero can be completed to a polynomial through k − 1 points, here one.
    const [one] = key.shares as [Scalar];
    const [l1, l2] = lagrangeAtZero([1, 2]) as [Scalar, Scalar];
    for (const wanted of [1n, 2n, 12345n]) {
      const second = toScalar((wanted - l1 * one) * inverse(l2));
      expect(toScalar(l1 * one + l2 * second)).toBe(wanted);
    }
  });
});

describe('the messages of a key generation', () => {
  it('T6: are refused under another statement, though its committee is the same', () => {
    const group = createGroup('Others', ['A', 'B', 'C', 'D'], random);
    const other = createStatement([group], committee, { count: 3 }, { ...PLAIN_SETUP, random });
    for (const message of [key.commits[0], key.deals[0], key.confirms[0]]) {
      expect(checkTrusteeMessage(other, message)).toMatchObject({ ok: false, code: 'OTHER_STATEMENT' });
      expect(checkTrusteeMessage(other, { ...message, statement: other.id })).toMatchObject({ ok: false, code: 'TRUSTEE_SIGNATURE' });
    }
  });

  it('T6, T11: carry no proof that holds for another statement or another place in the committee, as a copied key would', () => {
    const group = createGroup('Others', ['A', 'B', 'C', 'D'], random);
    const other = createStatement([group], committee, { count: 3 }, { ...PLAIN_SETUP, random });
    const moved = key.commits.map((commit) => resign(commit, { statement: other.id }));
    expect(judgeKeyGeneration(other, moved)).toMatchObject({ status: 'aborted', blame: [{ reason: 'BAD_COMMIT' }, {}, {}, {}] });
    const swapped = resign({ ...(key.commits[0] as KeyMessage), trustee: 2 }, {});
    expect(judgeKeyGeneration(context, [swapped])).toMatchObject({ blame: [{ trustee: 2, reason: 'BAD_COMMIT' }] });
  });

  it('show which of them are missing, so that nobody is blamed by an omission', () => {
    const everything: KeyMessage[] = [...key.commits, ...key.deals, ...key.confirms];
    const complaint = makeComplaint(author(3), secretsOf(3), key.deals[1] as Deal, random);
    expect(findMissingMessages(context, everything)).toEqual([]);
    expect(findMissingMessages(context, key.commits.slice(1))).toEqual([]);
    expect(findMissingMessages(context, [...key.commits, key.deals[0] as Deal])).toEqual([]);
    expect(findMissingMessages(context, everything.slice(1))).toEqual([{ trustee: 1, type: 'commit' }]);
    expect(
      findMissingMessages(
        context,
        everything.filter((one) => one !== key.deals[1]),
      ),
    ).toEqual([{ trustee: 2, type: 'deal' }]);
    expect(findMissingMessages(context, [complaint, ...key.commits.slice(1)])).toEqual([{ trustee: 1, type: 'commit' }]);
    expect(findMissingMessages(context, [...key.commits, complaint])).toEqual([]);
  });
});

function inverse(value: bigint): bigint {
  let [result, square] = [1n, value];
  for (let rest = SCALAR_ORDER - 2n; rest > 0n; rest >>= 1n, square = (square * square) % SCALAR_ORDER)
    if (rest & 1n) result = (result * square) % SCALAR_ORDER;
  return result;
}
