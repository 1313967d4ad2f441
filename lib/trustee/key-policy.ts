// What a trustee does next in the key generation of one statement

import type { Blame } from '#lib/protocol/key/complaints.ts';
import { collectShare, type KeySecrets } from '#lib/protocol/key/key-generation.ts';
import { abortForSilence, judgeKeyGeneration, type Keyed, type KeyState } from '#lib/protocol/key/key-judgement.ts';
import { type Commit, type Deal, type KeyMessage, transcriptHash } from '#lib/protocol/key/key-messages.ts';
import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

/** What the trustee knows of itself in one key generation. */
export type KeySituation = {
  context: StatementContext;
  trustee: number;
  /** Null once they are erased. */
  secrets: KeySecrets | null;
  /** The transcript that a share was stored or confirmed for: there is never a second one. */
  transcript: Hex32 | undefined;
  /** Whether the capsules of all rolls are on its disk: without them names could be made unreadable after the fact (T45). */
  hasCapsules: boolean;
};

export type KeyStep =
  | { step: 'wait'; missing: number[] }
  | { step: 'commit' }
  | { step: 'deal'; commits: Commit[] }
  | { step: 'complain'; deal: Deal }
  | { step: 'fetch-capsules' }
  | { step: 'confirm'; commits: Commit[]; deals: Deal[]; share: Scalar; transcript: Hex32 }
  | { step: 'abort'; blame: Blame[] }
  | { step: 'keyed'; keyed: Keyed };

/**
 * Decides the next step from messages that `checkTrusteeMessage` has passed, at most two of a kind, author and dealer, the
 * trustee's own among them. One that has confirmed only waits: n equal confirms make the key, whatever else is said. One that
 * has not confirmed by the statement's time, or sees a fault, aborts for ever. `now` in Unix seconds. SPEC §7.5.
 */
export function nextKeyStep(situation: KeySituation, messages: readonly KeyMessage[], now: number): KeyStep {
  const { context, trustee, secrets, transcript } = situation;
  const said = new Set(messages.filter((message) => message.trustee === trustee).map((message) => message.type));
  const state = judgeKeyGeneration(context, messages);
  if (said.has('confirm')) {
    const isOurs = state.status === 'keyed' && state.transcript === transcript;
    return isOurs ? { step: 'keyed', keyed: state } : { step: 'wait', missing: missingIn(state) };
  }
  if (state.status === 'aborted') return { step: 'abort', blame: state.blame };
  if (now > context.statement.openBy) return abortedBy(abortForSilence(state));
  if (said.has('complaint')) return { step: 'abort', blame: [] };
  if (!said.has('commit')) return { step: 'commit' };
  if (secrets === null) return { step: 'abort', blame: [] };
  if (state.status === 'keyed' || state.phase === 'commit') return { step: 'wait', missing: missingIn(state) };
  const commits = sortedBy(messages, 'commit');
  if (!said.has('deal')) return { step: 'deal', commits };
  if (state.phase === 'deal') return { step: 'wait', missing: state.missing };
  const deals = sortedBy(messages, 'deal');
  const collected = collectShare({ context, trustee }, secrets, deals);
  if (!collected.ok) return { step: 'complain', deal: deals.find((deal) => deal.trustee === collected.dealer) as Deal };
  const shown = transcriptOf(context, commits, deals);
  if (transcript !== undefined && transcript !== shown) return { step: 'abort', blame: [] };
  if (!situation.hasCapsules) return { step: 'fetch-capsules' };
  return { step: 'confirm', commits, deals, share: collected.share, transcript: shown };
}

function transcriptOf(context: StatementContext, commits: readonly Commit[], deals: readonly Deal[]): Hex32 {
  return transcriptHash(
    context.id,
    commits.map((commit) => messageHash('commit', commit)),
    deals.map((deal) => messageHash('deal', deal)),
  );
}

function abortedBy(state: KeyState): KeyStep {
  return { step: 'abort', blame: state.status === 'aborted' ? state.blame : [] };
}

function missingIn(state: KeyState): number[] {
  return state.status === 'waiting' ? state.missing : [];
}

function sortedBy<Type extends KeyMessage['type']>(messages: readonly KeyMessage[], type: Type): Extract<KeyMessage, { type: Type }>[] {
  const isOfType = (message: KeyMessage): message is Extract<KeyMessage, { type: Type }> => message.type === type;
  return messages.filter(isOfType).sort((a: KeyMessage, b: KeyMessage) => a.trustee - b.trustee);
}
