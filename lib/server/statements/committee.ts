import 'server-only';
import type { Blame } from '#lib/protocol/key/complaints.ts';
import type { KeyState } from '#lib/protocol/key/key-judgement.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StateName } from '#lib/protocol/statement/outcome.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Outcome } from './outcome.ts';

/**
 * awaited: its part of the key is missing. ready: it has done its part so far. holding: it keeps a share. due: a wave is to be
 * mixed and opened. opened: it has opened a wave, and none is due. destroyed: it says that its share is gone. overdue: it should be
 * gone, and
 * nothing says so. void: the statement has no key. at-fault: see `fault`.
 */
export type TrusteeState = 'awaited' | 'ready' | 'holding' | 'due' | 'opened' | 'destroyed' | 'overdue' | 'void' | 'at-fault';

/** A fault that a trustee's own signed messages show, or its silence. */
export type Fault = Blame['reason'] | 'FORKED' | 'BAD_MIX' | 'BAD_OPENING';

/** A step of a mix (its number in the chain) or an opening (null) of a wave, that holds. */
export type Part = { trustee: number; wave: number; step: number | null };

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
export type Evidence = {
  trustee: number;
  fault: 'FORKED' | 'BAD_MIX' | 'BAD_OPENING' /** The checkpoint or wave that it is about. */;
  number: number;
};

type Sources = {
  outcome: Outcome;
  cosigned: ReadonlyMap<number, number>;
  parts: readonly Part[];
  destroyedBy: readonly number[];
  evidence: readonly Evidence[];
};

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
  const { outcome, parts, destroyedBy } = sources;
  if (faultOf(index, sources) !== undefined) return 'at-fault';
  if (destroyedBy.includes(index)) return 'destroyed';
  if (outcome.key.status !== 'keyed') return stateWithoutKey(index, outcome.key);
  if (isEnded(outcome.state)) return 'overdue';
  const opened = new Set(parts.filter((part) => part.trustee === index && part.step === null).map((part) => part.wave)).size;
  // A wave that others have opened needs nothing more from this trustee.
  const awaited = outcome.board.waves.filter(({ openedBy }) => openedBy === null).length;
  if (awaited > 0) return 'due';
  return opened > 0 ? 'opened' : 'holding';
}

function stateWithoutKey(index: number, key: Exclude<KeyState, { status: 'keyed' }>): TrusteeState {
  if (key.status === 'aborted') return 'void';
  return key.missing.includes(index) ? 'awaited' : 'ready';
}

function isEnded(state: StateName): boolean {
  return state === 'destroyed' || state === 'unopened' || state === 'unvouched';
}
