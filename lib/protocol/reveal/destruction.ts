// SPEC §11: destruction
import { z } from 'zod';
import type { Author } from '../key/key-generation.ts';
import { authored } from '../key/key-messages.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { signMessage } from '../messages/ed25519.ts';
import { unixTime } from '../messages/shape.ts';
import { destructionTime, type StatementContext } from '../statement/statement.ts';

export const destroyedShape = z.strictObject({ type: z.literal('destroyed'), ...authored, time: unixTime });
/** A trustee's word that it has erased its share. It can be believed or not; it cannot be checked. */
export type Destroyed = z.infer<typeof destroyedShape>;

/** Signs that the share is gone. To be called after it was erased, at or after deadline + grace by the trustee's own clock. */
export function signDestroyed(author: Author, now: number): Destroyed {
  const body = { type: 'destroyed' as const, statement: author.context.id, trustee: author.trustee, time: now };
  return signMessage('destroyed', body, author.seed);
}

/** Checks the time of a destruction that `checkTrusteeMessage` has passed: not before deadline + grace. SPEC §11. */
export function checkDestroyed(context: StatementContext, destroyed: Destroyed): Checked<Destroyed, 'DESTROYED_EARLY'> {
  return destroyed.time >= destructionTime(context.statement)
    ? accept(destroyed)
    : refuse('DESTROYED_EARLY', `trustee ${destroyed.trustee} says that it destroyed its share before the grace was over`);
}

/** How many destroyed shares make the key unrecoverable: n − k + 1, so that fewer than k are left. SPEC §11. */
export function destroyedNeeded(context: StatementContext): number {
  const { threshold, trustees } = context.statement.committee;
  return trustees.length - threshold + 1;
}
