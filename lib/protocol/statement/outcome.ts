// SPEC §2.3: the states of a statement
import type { KeyState } from '../key/key-judgement.ts';
import { destructionTime, type StatementContext } from './statement.ts';

/**
 * keying: the committee makes the key. aborted: it could not. open: members sign. closed: the deadline has passed and
 * trustees may still open what was covered. revealed: names are open. unopened: a wave was due, and fewer than k trustees
 * opened it in time. destroyed: the time is over and nothing was due.
 */
export type StateName = 'keying' | 'aborted' | 'open' | 'closed' | 'revealed' | 'unopened' | 'destroyed';

/** Of each wave, in order, how many trustees have published a valid opening. */
export type WaveProgress = readonly { openings: number }[];

/**
 * The state of a statement at a time (Unix seconds), from what its messages amount to. Whether the trustees did destroy
 * their shares is attested by their own messages and stands beside the state. SPEC §2.3.
 */
export function stateAt(context: StatementContext, key: KeyState, waves: WaveProgress, now: number): StateName {
  const { statement } = context;
  if (key.status === 'aborted') return 'aborted';
  if (key.status === 'waiting') return now > statement.openBy ? 'aborted' : 'keying';
  const isOpened = (wave: { openings: number }) => wave.openings >= statement.committee.threshold;
  if (waves.some(isOpened)) return 'revealed';
  if (now >= destructionTime(statement)) return waves.length > 0 ? 'unopened' : 'destroyed';
  return now > statement.deadline ? 'closed' : 'open';
}
