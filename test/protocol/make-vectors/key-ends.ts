// SPEC §4.8: how issuers' keys end
import { checkKeyEnd, type EndedKey, fateOf, signRevocation, signSuccessor } from '#lib/protocol/member/key-end.ts';
import { messageHash, publicKeyOf, signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';

const random = seeded('key-ends');
const [OLD, NEXT, LAST, OTHER] = Array.from({ length: 4 }, () => random(32)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const [old, next, last, other] = [OLD, NEXT, LAST, OTHER].map(publicKeyOf) as [string, string, string, string];
const TIME = 1_800_000_000;
const successor = signSuccessor(TIME, OLD, NEXT);
const revocation = signRevocation(TIME, OLD);
const resigned = (change: object, seed = OLD, tag: 'issuer-successor' | 'issuer-revocation' = 'issuer-successor') => {
  const { signature: _, ...body } = { ...successor, ...change };
  return signMessage(tag, body, seed);
};
/** Signed under another tag of an issuer's messages. */
const asRoll = (message: { signature: string }) => {
  const { signature: _, ...body } = message;
  return signMessage('roll', body, OLD);
};
const ends = (name: string, expect: string, message: object): Case => ({ name, input: { message } as unknown as Json, expect });
const listed = (message: EndedKey['message'] & object): EndedKey => ({ issuer: message.issuer, time: TIME + 5, message });
const fate = (name: string, key: string, ended: EndedKey[]): Case => ({ name, input: { key, ended } as unknown as Json, expect: 'ok' });

export const keyEnds: Chapter = {
  file: 'key-ends.json',
  section: '4.8',
  operations: {
    'check-key-end': {
      about: 'whether input.message ends the key that it names; output is its hash',
      replay: ({ message }) => judged(checkKeyEnd(message), (end) => messageHash(end.type, end)),
      cases: [
        ends('a successor', 'ok', successor),
        ends('a revocation', 'ok', revocation),
        ends('a successor at another time', 'SUCCESSOR_CONSENT', resigned({ time: TIME + 1 })),
        ends('another successor, without its consent', 'SUCCESSOR_CONSENT', resigned({ successor: other })),
        ends(
          'the consent of a key to follow another one',
          'SUCCESSOR_CONSENT',
          resigned({ consent: signSuccessor(TIME, OTHER, NEXT).consent }),
        ),
        ends('a key that follows itself', 'BAD_SUCCESSOR', signSuccessor(TIME, OLD, OLD)),
        ends('a successor of small order', 'BAD_SUCCESSOR', resigned({ successor: `01${'00'.repeat(31)}` })),
        ends('a successor that is no point', 'BAD_SUCCESSOR', resigned({ successor: `02${'00'.repeat(31)}` })),
        ends('signed by the successor alone', 'KEY_END_SIGNATURE', resigned({}, NEXT)),
        ends('signed by a stranger', 'KEY_END_SIGNATURE', resigned({}, OTHER)),
        ends('signed under the tag of a revocation', 'KEY_END_SIGNATURE', resigned({}, OLD, 'issuer-revocation')),
        ends('signed under the tag of a roll', 'KEY_END_SIGNATURE', asRoll(successor)),
        ends('a revocation under the tag of a roll', 'KEY_END_SIGNATURE', asRoll(revocation)),
        ends('a revocation of another key', 'KEY_END_SIGNATURE', { ...revocation, issuer: other }),
        ends('a revocation at another time', 'KEY_END_SIGNATURE', { ...revocation, time: TIME + 1 }),
        ends('a revocation with a successor', 'BAD_SHAPE', { ...revocation, successor: next }),
        ends('a successor without consent', 'BAD_SHAPE', resigned({ consent: undefined })),
        ends('of another type', 'BAD_SHAPE', { ...revocation, type: 'issuer-end' }),
      ],
    },
    'key-fate': {
      about: 'output is what became of input.key by the list input.ended: {successor, revoked, time}, or null for nothing',
      replay: ({ key, ended }) => computed(fateOf(key, ended) as unknown as Json),
      cases: [
        fate('nothing is said of it', other, [listed(successor)]),
        fate('a successor', old, [listed(successor)]),
        fate('a successor of a successor', old, [listed(successor), listed(signSuccessor(TIME + 9, NEXT, LAST))]),
        fate('a revocation that it has signed', old, [listed(revocation)]),
        fate('a revocation by its account alone', old, [{ issuer: old, time: TIME }]),
        fate('a successor that was revoked', old, [listed(successor), { issuer: next, time: TIME + 7 }]),
        fate('two keys that follow each other', old, [listed(successor), listed(signSuccessor(TIME, NEXT, OLD))]),
        fate('a successor that did not agree counts for nothing', old, [
          { issuer: old, time: TIME, message: resigned({ successor: last }) as never },
        ]),
        fate('a message of another key counts for nothing', old, [{ issuer: old, time: TIME, message: signRevocation(TIME, OTHER) }]),
      ],
    },
  },
};
