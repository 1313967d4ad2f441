// SPEC §2.2: what a trustee says, and how everyone checks who said it
import { z } from 'zod';
import { cosignatureShape } from '../board/cosignature.ts';
import { commitShape, complaintShape, confirmShape, dealShape } from '../key/key-messages.ts';
import { destroyedShape } from '../reveal/destruction.ts';
import { mixShape } from '../reveal/mix.ts';
import { openingShape } from '../reveal/opening.ts';
import type { StatementContext } from '../statement/statement.ts';
import { accept, type Checked, refuse } from './checked.ts';
import { isSignedBy, type Signed } from './ed25519.ts';
import { checkShape } from './shape.ts';

export const trusteeMessageShape = z.discriminatedUnion('type', [
  commitShape,
  dealShape,
  complaintShape,
  confirmShape,
  cosignatureShape,
  mixShape,
  openingShape,
  destroyedShape,
]);
/** Anything that a trustee publishes about a statement. It proves its own origin, so it is valid from any source. */
export type TrusteeMessage = z.infer<typeof trusteeMessageShape>;

/** The members by which the author of a trustee's message is checked. */
export type Authored = Pick<TrusteeMessage, 'type' | 'statement' | 'trustee'>;
export type AuthorFailure = 'OTHER_STATEMENT' | 'UNKNOWN_TRUSTEE' | 'TRUSTEE_SIGNATURE';
type Expected = Pick<StatementContext, 'id' | 'statement'>;

/**
 * Checks shape, statement, author and signature of a trustee's message against the committee in the statement; what the
 * message claims is judged elsewhere. A message made for another statement is refused here. SPEC §2.2.
 */
export function checkTrusteeMessage(context: Expected, value: unknown): Checked<TrusteeMessage, 'BAD_SHAPE' | AuthorFailure> {
  const shaped = checkShape(trusteeMessageShape, value);
  return shaped.ok ? checkAuthor(context, shaped.value) : shaped;
}

/** The same for a message whose shape has been checked. */
export function checkAuthor<M extends Signed<Authored>>(context: Expected, message: M): Checked<M, AuthorFailure> {
  if (message.statement !== context.id) return refuse('OTHER_STATEMENT', 'the message is for another statement');
  const author = context.statement.committee.trustees[message.trustee - 1];
  if (!author) return refuse('UNKNOWN_TRUSTEE', `the committee has no trustee ${message.trustee}`);
  return isSignedBy(message.type, message, author.key)
    ? accept(message)
    : refuse('TRUSTEE_SIGNATURE', `not signed by trustee ${message.trustee}`);
}
