// SPEC §14.6: tallies with real proofs
import { hexToBytes } from '@noble/hashes/utils.js';
import { type Answer, sayMember } from '#lib/protocol/challenge/answer.ts';
import { type Challenge, type ChallengeContext, signChallenge } from '#lib/protocol/challenge/challenge.ts';
import { makeTally, type Tally } from '#lib/protocol/challenge/tally.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { messageHash, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { BASE, multiplySecret } from '#lib/protocol/numbers/point.ts';
import { randomScalar } from '#lib/protocol/numbers/random.ts';
import { makeAnswer } from '#lib/signing/make-answer.ts';
import { prepareProof } from '#lib/signing/make-entry.ts';
import { seeded } from '#test/circuits/signer.ts';
import { askGroups } from '#test/support/asking.ts';
import { createGroup, placeOf, type TestGroup } from '#test/support/world.ts';
import type { Prover } from './prove-once.ts';
import type { Setup } from './scene.ts';

export type TallyVectors = {
  section: string;
  about: string;
  cases: { name: string; tally: unknown; expect: string; members?: number; counts?: Record<string, number> }[];
};

/**
 * Two groups. Žofie stands in both with one wallet, and has answered in each; Ada answered in the first, Brian in the second. The
 * tallies differ from the good one by what their names say.
 */
export async function makeTallyVectors(setup: Setup, prove: Prover): Promise<TallyVectors> {
  const random = seeded('tallies');
  const pilots = createGroup('Pilots', ['Ada Lovelace', 'Žofie Nováková', 'Jón Jónsson'], random);
  const both = pilots.members[1]?.identity;
  const identities = both ? [both] : [];
  const masters = createGroup('Masters', ['Ž. Nováková', 'Brian O’Neill', 'Nguyễn Văn An'], random, identities);
  const { context, asker } = askGroups([pilots, masters], { ...setup, random });
  const other = askGroups([pilots, masters], { ...setup, random }, asker).context;
  const answerTo = async (asked: ChallengeContext, group: TestGroup, member: number): Promise<Answer> => {
    const proveJob = async ({ verificationKey, input, expected }: Parameters<Parameters<typeof makeAnswer>[1]>[0]) => ({
      ok: true as const,
      value: await prove(verificationKey, input, expected),
    });
    const made = await makeAnswer({ context: asked, ...placeOf(group, member) }, proveJob, random);
    if (!made.ok) throw new Error(made.code);
    return made.value;
  };
  const ada = await answerTo(context, pilots, 0);
  const zofie = await answerTo(context, pilots, 1);
  const again = await answerTo(context, masters, 0);
  const brian = await answerTo(context, masters, 1);
  const elsewhere = await answerTo(other, pilots, 0);
  const ownKey = multiplySecret(BASE, randomScalar(random));
  const opened = prepareProof(
    { context, key: ownKey, verificationKey: setup.verificationKey, ...placeOf(pilots, 2), said: sayMember(pilots.id) },
    random,
  );
  const proof = await prove(opened.job.verificationKey, opened.job.input, opened.job.expected);
  const forOwnKey: Answer = { type: 'answer', challenge: context.id, ...opened.proven, proof };

  const good = makeTally(context, [ada, zofie, brian]);
  const resign = (change: Partial<Challenge>) => {
    const { type: _, version: __, signature: ___, ...terms } = { ...context.challenge, ...change };
    return signChallenge(terms, hexToBytes(asker.seed));
  };
  const asked = resign({ purpose: { language: 'en', text: 'Should the harbour be closed?' } });
  const relabelled = (one: Answer) => ({ ...one, challenge: messageHash('challenge', asked) });
  const [header] = good.rolls as [Tally['rolls'][0]];
  const bad = (name: string, expect: string, change: Partial<Record<keyof Tally | 'note', unknown>>) => ({
    name,
    tally: { ...good, ...change },
    expect,
  });
  const withAnswers = (answers: readonly Answer[]) => ({ answers: makeTally(context, answers).answers });
  const counts = { [pilots.id]: 2, [masters.id]: 1 };
  return {
    section: '14.6',
    about:
      'what a verifier that accepts the key of these challenges says of each tally; of a good one how many members it counts, and how many in each group',
    cases: [
      { name: 'three members of two groups', tally: good, expect: 'ok', members: 3, counts },
      { name: 'nobody', tally: makeTally(context, []), expect: 'ok', members: 0, counts: { [pilots.id]: 0, [masters.id]: 0 } },
      bad('one answer twice', 'ALREADY_ANSWERED', withAnswers([ada, ada, brian])),
      bad('one person through two groups', 'ALREADY_ANSWERED', withAnswers([ada, zofie, again])),
      bad('answers that do not ascend', 'ANSWER_ORDER', { answers: good.answers.toReversed() }),
      bad('the proof of somebody else', 'BAD_PROOF', withAnswers([ada, { ...zofie, proof: ada.proof }])),
      bad('a nullifier that is nobody’s', 'BAD_PROOF', withAnswers([{ ...ada, nullifier: '5' }])),
      bad('T36: as a member of the other group', 'BAD_PROOF', withAnswers([{ ...ada, said: sayMember(masters.id) }])),
      bad('an answer to another challenge', 'OTHER_CHALLENGE', withAnswers([elsewhere, brian])),
      bad('an answer to another challenge, relabelled', 'BAD_PROOF', withAnswers([{ ...elsewhere, challenge: context.id }, brian])),
      bad('a token under a key that its prover can open', 'BAD_PROOF', withAnswers([forOwnKey])),
      bad('a token sealed by somebody else', 'BAD_PROOF', withAnswers([{ ...ada, ephemeral: brian.ephemeral, sealed: brian.sealed }])),
      bad('a question that nobody was asked', 'ASKER_SIGNATURE', {
        challenge: { ...context.challenge, purpose: { language: 'en', text: 'Should the harbour be closed?' } },
      }),
      bad('a question that nobody was asked, signed', 'OTHER_CHALLENGE', { challenge: asked }),
      bad('a question that nobody was asked, signed, with the answers relabelled', 'BAD_PROOF', {
        challenge: asked,
        answers: good.answers.map(relabelled),
      }),
      bad('a roll that was not asked for', 'BAD_ROLLS', { rolls: [header, header] }),
      bad('a roll with another root', 'ROLL_SIGNATURE', { rolls: [{ ...header, root: '5' }, good.rolls[1]] }),
      bad('another roll of the group', 'BAD_ROLLS', { rolls: good.rolls.map((one) => resignRoll(one, [pilots, masters])) }),
      bad('a key that nobody lists', 'KEY_UNKNOWN', { challenge: resign({ setup: '00'.repeat(32) }), answers: [] }),
      bad('a member too many', 'BAD_SHAPE', { note: '' }),
    ],
  };
}

/** The same roll at another time, signed by the issuer of its group. */
function resignRoll({ signature: _, ...header }: RollHeader, groups: readonly TestGroup[]): RollHeader {
  const issuer = groups.find((group) => group.header.group.issuer === header.group.issuer);
  return signMessage('roll', { ...header, time: header.time + 1 }, issuer?.seed ?? new Uint8Array(32));
}

/** One line for each tally. */
export function formatTallies({ section, about, cases }: TallyVectors): string {
  const lines = cases.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
  return `{\n  "section": "${section}",\n  "about": ${JSON.stringify(about)},\n  "cases": [\n${lines}\n  ]\n}\n`;
}
