// SPEC §9.7: how a trustee shows that it may read what only the committee sees
import { z } from 'zod';
import { authored } from '../key/key-messages.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isSignedBy, signMessage } from '../messages/ed25519.ts';
import { checkShape, hex32, isFresh, unixTime } from '../messages/shape.ts';
import type { StatementContext } from '../statement/statement.ts';

const request = { type: z.literal('committee-request'), ...authored, time: unixTime };
const cursor = z.int().min(0);
export const committeeRequestShape = z.discriminatedUnion('want', [
  /** `after`: the number of the last checkpoint that the trustee has; 0 for all. */
  z.strictObject({ ...request, want: z.literal('board'), after: cursor }),
  /** `after`: the cursor of the last message that the trustee has; 0 for all. */
  z.strictObject({ ...request, want: z.literal('messages'), after: cursor }),
  z.strictObject({ ...request, want: z.literal('capsules'), roll: hex32 }),
  z.strictObject({ ...request, want: z.literal('permit') }),
]);
/** A trustee's signed request to read a sealed board, all messages, the capsules of a roll, or who opened the statement. */
export type CommitteeRequest = z.infer<typeof committeeRequestShape>;
/** What is asked for. */
export type CommitteeWish =
  | { want: 'board' | 'messages' /** See the shape. */; after: number }
  | { want: 'capsules' /** The hash of the roll. */; roll: string }
  | { want: 'permit' };

export type CommitteeRequestFailure =
  | 'BAD_SHAPE'
  | 'OTHER_STATEMENT'
  | 'UNKNOWN_TRUSTEE'
  | 'TRUSTEE_SIGNATURE'
  | 'REQUEST_NOT_FRESH'
  | 'UNKNOWN_ROLL';

/** Signs a request at `now`, Unix seconds by the trustee's clock. It is good for five minutes and asks for nothing that changes. */
export function signCommitteeRequest(
  { context, trustee, seed }: { context: StatementContext; trustee: number; seed: Uint8Array },
  wish: CommitteeWish,
  now: number,
): CommitteeRequest {
  const body = { type: 'committee-request' as const, statement: context.id, trustee, ...wish, time: now };
  return signMessage('committee-request', body, seed) as CommitteeRequest;
}

/** Checks a request that reached the platform at `now`: its author's key comes from the statement. SPEC §9.7. */
export function checkCommitteeRequest(
  context: StatementContext,
  value: unknown,
  now: number,
): Checked<CommitteeRequest, CommitteeRequestFailure> {
  const shaped = checkShape(committeeRequestShape, value);
  if (!shaped.ok) return shaped;
  const asked = shaped.value;
  if (asked.statement !== context.id) return refuse('OTHER_STATEMENT', 'the request is for another statement');
  const author = context.statement.committee.trustees[asked.trustee - 1];
  if (!author) return refuse('UNKNOWN_TRUSTEE', `the committee has no trustee ${asked.trustee}`);
  if (!isSignedBy('committee-request', asked, author.key)) return refuse('TRUSTEE_SIGNATURE', `not signed by trustee ${asked.trustee}`);
  if (!isFresh(asked.time, now)) return refuse('REQUEST_NOT_FRESH', 'the clocks of trustee and platform differ by more than five minutes');
  const isNamed = asked.want !== 'capsules' || context.statement.rolls.some(({ roll }) => roll === asked.roll);
  return isNamed ? accept(asked) : refuse('UNKNOWN_ROLL', 'the statement does not name this roll');
}
