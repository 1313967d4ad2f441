import 'server-only';
import type { Blame } from '#lib/protocol/key/complaints.ts';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StateName } from '#lib/protocol/statement/outcome.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Outcome } from './outcome.ts';

/**
 * awaited: its part of the key is missing. ready: it has done its part so far. holding: it keeps a share. opened: it has
 * opened every wave. late: a wave is due from it. destroyed: it says that its share is gone. overdue: it should be gone, and
 * nothing says so. void: the statement has no key. at-fault: see `fault`.
 */
export type TrusteeState = 'awaited' | 'ready' | 'holding' | 'opened' | 'late' | 'destroyed' | 'overdue' | 'void' | 'at-fault';

/** A fault that a trustee's own signed messages show, or its silence. */
export type Fault = Blame['reason'] | 'FORKED' | 'BAD_OPENING';

export type CommitteeMember = {
  /** The place in the committee, from 1. */
  index: number;
  name: string;
  contact: string;
  key: Hex32;
  state: TrusteeState;
  fault?: Fault;
  /** The number of the last checkpoint that it has cosigned; 0 for none. */
  cosigned: number;
  /** Groups whose issuer recognises this trustee. */
  recognisedBy: Hex32[];
};

/** A message that shows its author's fault. */
export type Evidence = { trustee: number; fault: 'FORKED' | 'BAD_OPENING' /** The checkpoint or wave that it is about. */; number: number };

type Sources = { outcome: Outcome; cosigned: ReadonlyMap<number, number>; destroyedBy: readonly number[]; evidence: readonly Evidence[] };

/** How each trustee stands, in the order of the committee. */
export function describeCommittee(context: StatementContext, sources: Sources): CommitteeMember[] {
  return context.statement.committee.trustees.map((trustee, i) => {
    const index = i + 1;
    const fault = faultOf(index, sources);
    const headers = [...context.rolls];
    return {
      index,
      ...trustee,
      state: stateOf(index, sources),
      ...(fault === undefined ? {} : { fault }),
      cosigned: sources.cosigned.get(index) ?? 0,
      recognisedBy: headers.filter(([, header]) => header.trustees.includes(trustee.key)).map(([group]) => group),
    };
  });
}

function faultOf(index: number, { outcome, evidence }: Sources): Fault | undefined {
  const blame = outcome.key.status === 'aborted' ? outcome.key.blame.find((one) => one.trustee === index) : undefined;
  return blame?.reason ?? evidence.find((one) => one.trustee === index)?.fault;
}

function stateOf(index: number, sources: Sources): TrusteeState {
  const { outcome, destroyedBy } = sources;
  if (faultOf(index, sources) !== undefined) return 'at-fault';
  if (destroyedBy.includes(index)) return 'destroyed';
  if (outcome.key.status !== 'keyed') return stateWithoutKey(index, outcome.key);
  const opened = outcome.openers.filter((trustees) => trustees.includes(index)).length;
  if (isEnded(outcome.state)) return 'overdue';
  if (opened < outcome.openers.length) return 'late';
  return opened > 0 ? 'opened' : 'holding';
}

function stateWithoutKey(index: number, key: Exclude<KeyState, { status: 'keyed' }>): TrusteeState {
  if (key.status === 'aborted') return 'void';
  return key.missing.includes(index) ? 'awaited' : 'ready';
}

function isEnded(state: StateName): boolean {
  return state === 'destroyed' || state === 'unopened';
}
