// SPEC §14.5: how an asker shows that it may fetch the answers that a platform keeps for it
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isSignedBy, signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { checkShape, hex32, hex64, isFresh, unixTime } from '../messages/shape.ts';
import type { Challenge } from './challenge.ts';

export const answersRequestShape = z.strictObject({
  type: z.literal('answers-request'),
  challenge: hex32,
  /** The hash after which to go on; absent for the first. */
  after: hex32.optional(),
  time: unixTime,
  signature: hex64,
});
export type AnswersRequest = z.infer<typeof answersRequestShape>;
export type AnswersRequestFailure = 'BAD_SHAPE' | 'OTHER_CHALLENGE' | 'ASKER_SIGNATURE' | 'REQUEST_NOT_FRESH';

/** Signs a request at `now`, Unix seconds by the platform's clock as far as the asker knows it. It changes nothing. */
export function signAnswersRequest(challenge: Hex32, after: Hex32 | undefined, now: number, seed: Uint8Array): AnswersRequest {
  const place = after === undefined ? {} : { after };
  return signMessage('answers-request', { type: 'answers-request' as const, challenge, ...place, time: now }, seed);
}

/** Checks a request that reached the platform at `now`, for a challenge that it holds under `id`. SPEC §14.5. */
export function checkAnswersRequest(
  { challenge, id }: { challenge: Challenge; id: Hex32 },
  value: unknown,
  now: number,
): Checked<AnswersRequest, AnswersRequestFailure> {
  const shaped = checkShape(answersRequestShape, value);
  if (!shaped.ok) return shaped;
  const asked = shaped.value;
  if (asked.challenge !== id) return refuse('OTHER_CHALLENGE', 'the request is for another challenge');
  if (!isSignedBy('answers-request', asked, challenge.asker.key)) return refuse('ASKER_SIGNATURE', 'not signed by the asker');
  return isFresh(asked.time, now)
    ? accept(asked)
    : refuse('REQUEST_NOT_FRESH', 'the clocks of asker and platform differ by more than five minutes');
}
