// SPEC §2.3: the states of a statement
import type { KeyState } from '../key/key-judgement.ts';
import { type Destroyed, destroyedNeeded, vouchedFor } from '../reveal/destruction.ts';
import { destructionTime, type StatementContext } from './statement.ts';

/**
 * keying: the committee makes the key. aborted: it could not. open: members sign. closed: the deadline has passed and
 * trustees may still open what was covered. revealed: names are open. unvouched: the time is over, and too few trustees have
 * attested what they saw: so the platform says. unopened: a wave was due, and was not opened in time. destroyed: the time
 * is over and nothing was due.
 */
export type StateName = 'keying' | 'aborted' | 'open' | 'closed' | 'revealed' | 'unvouched' | 'unopened' | 'destroyed';

/** Of each wave, in order, how many trustees have published a valid opening of one and the same chain. */
export type WaveProgress = readonly { openings: number }[];

/**
 * The state of a statement at a time (Unix seconds), from what its messages amount to. Whether the trustees did destroy
 * their shares is attested by their own messages alone. SPEC §2.3.
 */
export function stateAt(
  context: StatementContext,
  key: KeyState,
  waves: WaveProgress,
  destroyed: readonly Destroyed[],
  now: number,
): StateName {
  const { statement } = context;
  if (key.status === 'aborted') return 'aborted';
  if (key.status === 'waiting') return now > statement.openBy ? 'aborted' : 'keying';
  if (waves.some(({ openings }) => openings >= statement.committee.threshold)) return 'revealed';
  if (now < destructionTime(statement)) return now > statement.deadline ? 'closed' : 'open';
  if (destroyed.length < destroyedNeeded(context)) return 'unvouched';
  return vouchedFor(context, destroyed).due.length > 0 ? 'unopened' : 'destroyed';
}
