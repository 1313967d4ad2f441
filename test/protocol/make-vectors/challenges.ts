// SPEC §14: challenges, answers and their way to the asker; what is said of proofs stands in tallies.json
import { hexToBytes } from '@noble/hashes/utils.js';
import { type Answer, answerSignals, checkAnswer, openAnswer, sayMember, sealAnswer } from '#lib/protocol/challenge/answer.ts';
import { checkAnswersRequest, signAnswersRequest } from '#lib/protocol/challenge/answers-request.ts';
import { createAsker, describeAsker } from '#lib/protocol/challenge/asker-file.ts';
import { type Challenge, checkChallenge, signChallenge } from '#lib/protocol/challenge/challenge.ts';
import { membershipKey } from '#lib/protocol/challenge/membership-key.ts';
import { hpkeKeyPairOf } from '#lib/protocol/messages/hpke.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import { BASE, formatPoint } from '#lib/protocol/numbers/point.ts';
import { seeded } from '#test/circuits/signer.ts';
import { askGroups } from '#test/support/asking.ts';
import type { TestGroup } from '#test/support/world.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const random = seeded('challenges');
const { groups } = createScene('challenges', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5, 9], trigger: { count: 3 } });
const [first, second] = groups as [TestGroup, TestGroup];
const headers = groups.map(({ header }) => header);
const { context, asker } = askGroups(groups, { ...PLAIN_SETUP, random });
const { challenge } = context;
const stranger = createAsker('Somebody Else', random);
const other = askGroups(groups, { ...PLAIN_SETUP, random }, asker).context;
const small = `01${'00'.repeat(31)}`;

/** The challenge with something else in it, signed again by its asker. */
function resigned(change: Partial<Challenge>): Challenge {
  const { type: _, version: __, signature: ___, ...terms } = { ...challenge, ...change };
  return signChallenge(terms, hexToBytes(asker.seed));
}
const asked = (name: string, expect: string, value: object): Case => ({ name, input: { challenge: value } as unknown as Json, expect });
const named = (change: object) => resigned({ asker: { ...describeAsker(asker), ...change } });

const answer: Answer = {
  type: 'answer',
  challenge: context.id,
  said: sayMember(first.id),
  nullifier: '7',
  ephemeral: [...formatPoint(BASE)] as [string, string],
  sealed: [...formatPoint(BASE.double())] as [string, string],
  proof: {
    a: ['1', '2'],
    b: [
      ['3', '4'],
      ['5', '6'],
    ],
    c: ['7', '8'],
  },
};
const answered = (name: string, expect: string, change: object): Case => ({
  name,
  input: { answer: { ...answer, ...change } } as unknown as Json,
  expect,
});
const sealed = sealAnswer(context, answer, random);
const changed = (at: number) =>
  `${sealed.ciphertext.slice(0, at)}${sealed.ciphertext[at] === '0' ? '1' : '0'}${sealed.ciphertext.slice(at + 1)}`;
const opened = (name: string, expect: string, change: object, secret = asker.encryptionSecret): Case => ({
  name,
  input: { sealed: { ...sealed, ...change }, encryptionSecret: secret } as unknown as Json,
  expect,
});
const NOW = 1_800_000_600;
const request = signAnswersRequest(context.id, undefined, NOW, hexToBytes(asker.seed));
const requested = (name: string, expect: string, value: object, now = NOW): Case => ({
  name,
  input: { request: value, now } as unknown as Json,
  expect,
});
const given = { challenge, headers } as unknown as Json;
const contextOf = (value: { challenge: Challenge; headers: typeof headers }) => {
  const checked = checkChallenge(value.challenge, value.headers);
  if (!checked.ok) throw new Error(checked.code);
  return checked.value;
};

export const challenges: Chapter = {
  file: 'challenges.json',
  section: '14',
  given,
  operations: {
    'membership-key': {
      about: 'output is the key to which the tokens of all answers are sealed',
      replay: () => computed(formatPoint(membershipKey())),
      cases: [{ name: 'the one key', input: {}, expect: 'ok' }],
    },
    'check-challenge': {
      about: 'whether input.challenge is one to given.headers; output is its id and its scope',
      replay: ({ challenge }, { headers }) => judged(checkChallenge(challenge, headers), ({ id, scope }) => ({ id, scope: String(scope) })),
      cases: [
        asked('as it was made', 'ok', challenge),
        asked('with another purpose, signed again', 'ok', resigned({ purpose: { language: 'es', text: 'Otra pregunta' } })),
        asked('with another purpose', 'ASKER_SIGNATURE', { ...challenge, purpose: { language: 'en', text: 'Something else' } }),
        asked('with a later end', 'ASKER_SIGNATURE', { ...challenge, expires: challenge.expires + 1 }),
        asked('with the encryption key of somebody else', 'ASKER_SIGNATURE', {
          ...challenge,
          asker: { ...challenge.asker, encryptionKey: describeAsker(stranger).encryptionKey },
        }),
        asked('with the key of somebody else', 'ASKER_SIGNATURE', {
          ...challenge,
          asker: { ...challenge.asker, key: describeAsker(stranger).key },
        }),
        asked('with a scope', 'BAD_SHAPE', { ...challenge, scope: '5' }),
        asked('without a purpose', 'BAD_SHAPE', resigned({ purpose: { language: 'en', text: '' } })),
        asked('with a purpose that is too long', 'BAD_SHAPE', resigned({ purpose: { language: 'en', text: 'a'.repeat(2_001) } })),
        asked('with the longest purpose', 'ok', resigned({ purpose: { language: 'en', text: 'a'.repeat(2_000) } })),
        asked('of version 1', 'BAD_SHAPE', { ...challenge, version: 1 }),
        asked('to no group', 'BAD_SHAPE', resigned({ rolls: [] })),
        asked('to one of the groups, with the header of another', 'BAD_ROLLS', resigned({ rolls: challenge.rolls.slice(0, 1) })),
        asked('to the groups in another order', 'BAD_ROLLS', resigned({ rolls: challenge.rolls.toReversed() })),
        asked(
          'by the rolls of each other',
          'BAD_ROLLS',
          resigned({
            rolls: challenge.rolls.map(({ group }, i) => ({ group, roll: (challenge.rolls[1 - i] as { roll: string }).roll })),
          }),
        ),
        asked('with a name that holds something unseen', 'BAD_ASKER', named({ name: 'Harbour\u200bGazette' })),
        asked('with a name in two lines', 'BAD_ASKER', named({ name: 'Harbour\nGazette' })),
        asked('with a key of small order', 'BAD_ASKER', named({ key: small })),
        asked('with an encryption key of small order', 'BAD_ASKER', named({ encryptionKey: small })),
      ],
    },
    'check-answer': {
      about: 'whether input.answer is one to given.challenge, but for its proof; output is the signals that the proof must have',
      replay: ({ answer }, value) => {
        const own = contextOf(value);
        return judged(checkAnswer(own, answer), (checked) => answerSignals(own, checked).map(String));
      },
      cases: [
        answered('of a member of the first group', 'ok', {}),
        answered('of a member of the second group', 'ok', { said: sayMember(second.id) }),
        answered('to another challenge', 'OTHER_CHALLENGE', { challenge: other.id }),
        answered('in a group that is not asked', 'UNKNOWN_GROUP', { said: sayMember('00'.repeat(32)) }),
        answered('that says what a signature says', 'BAD_SHAPE', { said: { action: 'sign', group: first.id } }),
        answered('with the key to which it is sealed', 'BAD_SHAPE', { key: formatPoint(BASE) }),
        answered('a nullifier of r', 'BAD_SHAPE', { nullifier: String(FIELD_ORDER) }),
        answered('a nullifier spelt with a zero in front', 'BAD_SHAPE', { nullifier: '07' }),
        answered('T32: an ephemeral that is the identity', 'SEAL_OPEN_TO_ALL', { ephemeral: ['0', '1'] }),
        answered('a sealed point that is the identity', 'BAD_POINT', { sealed: ['0', '1'] }),
        answered('a sealed point off the curve', 'BAD_POINT', { sealed: ['1', '1'] }),
      ],
    },
    'open-answer': {
      about: 'output is the answer in input.sealed, opened with the X25519 secret key input.encryptionSecret',
      replay: ({ sealed, encryptionSecret }, value) => {
        const keys = hpkeKeyPairOf(hexToBytes(encryptionSecret));
        return judged(openAnswer(contextOf(value), sealed, keys), (one) => one as unknown as Json);
      },
      cases: [
        opened('as it was made', 'ok', {}),
        opened('with the key of somebody else', 'ANSWER_FORGED', {}, stranger.encryptionSecret),
        opened('with the key of the platform', 'ANSWER_FORGED', {}, '07'.repeat(32)),
        opened('the ephemeral key changed', 'ANSWER_FORGED', { ciphertext: changed(0) }),
        opened('the answer changed', 'ANSWER_FORGED', { ciphertext: changed(200) }),
        opened('the tag changed', 'ANSWER_FORGED', { ciphertext: changed(4_191) }),
        opened('cut off', 'BAD_SHAPE', { ciphertext: sealed.ciphertext.slice(2) }),
        opened('named as one to another challenge', 'OTHER_CHALLENGE', { challenge: other.id }),
        opened('encrypted for another challenge of the same asker', 'ANSWER_FORGED', {
          ciphertext: sealAnswer(other, answer, random).ciphertext,
        }),
        opened('an answer to another challenge inside', 'OTHER_CHALLENGE', {
          ciphertext: sealAnswer(context, { ...answer, challenge: other.id }, random).ciphertext,
        }),
      ],
    },
    'check-request': {
      about: 'whether a platform answers input.request at the time input.now with the answers to given.challenge',
      replay: ({ request, now }, { challenge }) => judged(checkAnswersRequest({ challenge, id: context.id }, request, now)),
      cases: [
        requested('as it was made', 'ok', request),
        requested('five minutes later', 'ok', request, NOW + 300),
        requested('five minutes and a second later', 'REQUEST_NOT_FRESH', request, NOW + 301),
        requested('from a clock that is too fast', 'REQUEST_NOT_FRESH', request, NOW - 301),
        requested('signed by somebody else', 'ASKER_SIGNATURE', signAnswersRequest(context.id, undefined, NOW, hexToBytes(stranger.seed))),
        requested('with another place to go on', 'ASKER_SIGNATURE', { ...request, after: '00'.repeat(32) }),
        requested('for another challenge', 'OTHER_CHALLENGE', signAnswersRequest(other.id, undefined, NOW, hexToBytes(asker.seed))),
      ],
    },
  },
};
