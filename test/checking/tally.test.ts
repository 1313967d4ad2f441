import { beforeAll, describe, expect, it } from 'vitest';
import { requireTallyText } from '#lib/checking/changed-file.ts';
import { checkTally, looksLikeTally } from '#lib/checking/check-tally.ts';
import { collectAnswers } from '#lib/checking/collect-answers.ts';
import { describeGroups, describeMembers } from '#lib/checking/describe-tally.ts';
import { type Answer, sealAnswer } from '#lib/protocol/challenge/answer.ts';
import { createAsker, describeAsker } from '#lib/protocol/challenge/asker-file.ts';
import { type ChallengeContext, checkChallenge } from '#lib/protocol/challenge/challenge.ts';
import type { Tally } from '#lib/protocol/challenge/tally.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import { seeded } from '../circuits/signer.ts';
import { createProver, type KnownProofs } from '../protocol/make-vectors/prove-once.ts';
import { formatTallies, makeTallyVectors, type TallyVectors } from '../protocol/make-vectors/tallies.ts';
import { readVector, rememberingProofSystem } from '../protocol/remembering-proofs.ts';
import { realProofSystem } from '../support/verify-lines.ts';

let vectors: TallyVectors;
let proofs: ProofSystem;
let good: Tally;
const textOf = (value: unknown) => canonicalJson(value as Json);

beforeAll(async () => {
  vectors = JSON.parse(await readVector('tallies.json')) as TallyVectors;
  proofs = await rememberingProofSystem();
  good = vectors.cases[0]?.tally as Tally;
});

describe('the tallies of test/vectors', () => {
  it('are judged as they say', async () => {
    for (const { name, tally, expect: expected, members, counts } of vectors.cases) {
      const report = await checkTally(textOf(tally), proofs);
      expect(report.ok ? 'ok' : report.failures[0]?.code, name).toBe(expected);
      if (expected !== 'ok') continue;
      expect(report.members, name).toBe(members);
      const found = Object.fromEntries((tally as Tally).challenge.rolls.map(({ group }, i) => [group, report.groups[i]?.count]));
      expect(found, name).toEqual(counts);
    }
    expect(vectors.cases.length).toBeGreaterThan(15);
  });

  it('are what scripts/make-vectors.ts writes, given the proofs that it keeps', async () => {
    const known = JSON.parse(await readVector('proofs.json')) as KnownProofs;
    const prove = createProver(known, () => {
      throw new Error('run node scripts/make-vectors.ts: the vectors need a proof that they do not hold');
    });
    const { verificationKey, setup } = good.challenge;
    expect(formatTallies(await makeTallyVectors({ verificationKey, setup }, prove))).toBe(await readVector('tallies.json'));
  });
});

describe('a tally', () => {
  it('is no JSON, or no text of one, with a reason', async () => {
    for (const text of ['', 'null', '{"answers":[1,]}', `${textOf(good)}}`])
      expect((await checkTally(text, proofs)).failures[0]?.code, text.slice(0, 20)).toBe('NOT_JSON');
    expect((await checkTally('{"answers":[]}', proofs)).failures[0]?.code).toBe('BAD_SHAPE');
  });

  it('T20: is not read where it has more parts than a tally can have, which take up to sixty times its bytes', () => {
    expect(() => requireTallyText(new TextEncoder().encode(`{"answers":[${'{},'.repeat(2 ** 21)}{}]}`))).toThrow('more parts');
    expect(requireTallyText(new TextEncoder().encode(textOf(good)))).toBe(textOf(good));
  });

  it('names every answer whose proof does not hold', async () => {
    const answers = good.answers.map((answer, i) => (i === 1 ? answer : { ...answer, proof: good.answers[1]?.proof }));
    const report = await checkTally(textOf({ ...good, answers }), await realProofSystem());
    expect(report.failures.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^answer 1:/), expect.stringMatching(/^answer 3:/)]);
  });

  it('is told from a record by its beginning', async () => {
    expect(looksLikeTally(textOf(good))).toBe(true);
    expect(looksLikeTally(JSON.stringify({ answers: good.answers, challenge: good.challenge }, null, 2))).toBe(true);
    expect(looksLikeTally(JSON.stringify(good))).toBe(true); // its type first
    expect(looksLikeTally(JSON.stringify({ challenge: good.challenge, type: good.type }))).toBe(true);
    expect(looksLikeTally(await readVector('record-open.ndjson'))).toBe(false);
  });

  it('is told in words that can be quoted', () => {
    const [first, second] = good.rolls.map((header) => ({ header, count: 2 }));
    if (!first || !second) throw new Error('two groups');
    expect(describeMembers({ members: 17, groups: [first] })).toBe(`17 members of “${first.header.group.name}”`);
    expect(describeMembers({ members: 1, groups: [first, second] })).toBe('1 member of 2 groups');
    expect(describeGroups([first])).toEqual([`“${first.header.group.name}”: 2 of 3, by roll 1`]);
  });
});

describe('collecting answers', () => {
  const random = seeded('collecting');
  const asker = createAsker('Harbour Gazette', random);

  /** The good tally as if its answers had come to this asker: they are encrypted to another key, their proofs are for the challenge. */
  function contextFor(): ChallengeContext {
    const checked = checkChallenge(good.challenge, good.rolls);
    if (!checked.ok) throw new Error(checked.code);
    const { challenge } = checked.value;
    return {
      ...checked.value,
      challenge: { ...challenge, asker: { ...challenge.asker, encryptionKey: describeAsker(asker).encryptionKey } },
    };
  }

  it('T71: counts a member once, however often and through whichever group it answers, and rubbish never', async () => {
    const context = contextFor();
    const send = (answer: Answer) => sealAnswer(context, answer, random);
    const twice = vectors.cases.find(({ name }) => name === 'one person through two groups');
    const again = (twice as { tally: Tally }).tally.answers;
    const [first, second, third] = good.answers as [Answer, Answer, Answer];
    const sealed = [
      ...[send(first), send(second), send(first), ...again.map(send)],
      ...[send({ ...third, proof: first.proof }), { type: 'rubbish' }, { ...send(first), ciphertext: '00'.repeat(2_096) }],
      send(third),
    ];
    const collected = await collectAnswers(context, sealed, asker, proofs);
    expect(collected.tally.answers.map(({ nullifier }) => nullifier)).toEqual(good.answers.map(({ nullifier }) => nullifier));
    expect(collected.repeated).toBe(1 + again.length);
    expect(collected.refused).toEqual({ BAD_PROOF: 1, BAD_SHAPE: 1, ANSWER_FORGED: 1 });
  });

  it('lets nobody take the place of another with a proof that does not hold', async () => {
    const context = contextFor();
    const [first, second] = good.answers as [Answer, Answer];
    const forged = { ...first, proof: second.proof };
    const sealed = [forged, first].map((answer) => sealAnswer(context, answer, random));
    const collected = await collectAnswers(context, sealed, asker, proofs);
    expect(collected.tally.answers).toEqual([first]);
  });
});
