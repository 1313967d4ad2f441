// What a trustee does next about one wave: a decision on what it has verified
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type ChainStep, chainTo, checkPlace, isComplete, nextMix, nextOpening, turnMilliseconds } from '#lib/protocol/reveal/chain.ts';
import { isOurs, type WaveView } from './wave-view.ts';

export type WaveStep =
  | { do: 'nothing' }
  /** Others come first: look again at this time, in seconds by the monotonic clock. */
  | { do: 'wait'; until: number }
  | { do: 'lock' }
  /** Signed and read, but without a place in any chain. */
  | { do: 'reject'; hash: Hex32; trustee: number }
  | { do: 'check-step'; hash: Hex32 }
  | { do: 'check-opening'; hash: Hex32 }
  | { do: 'mix'; chain: ChainStep[] }
  | { do: 'open'; mix: Hex32; lead: boolean };

/**
 * First W is written down; then what others have sent is verified, since it may make one's own work needless; then the trustee
 * opens what it owes; then it mixes, if it is its turn. What its own key has signed binds it though it be not verified yet (T58).
 * SPEC §10.6. `now` in seconds by the monotonic clock.
 */
export function nextWaveStep(view: WaveView, me: number, stepTime: number, now: number): WaveStep {
  const { due, locked, chains } = view;
  if (due === null || !isOurs(view)) return { do: 'nothing' };
  if (locked === null) return { do: 'lock' };
  return findUnchecked(view) ?? nextOwnStep(view, me, stepTime, now, due.since) ?? { do: 'nothing' };

  function findUnchecked({ steps, unread }: WaveView): WaveStep | null {
    for (const [hash, { mix }] of steps) {
      const isKnown = mix.previous === locked || chains.steps.has(mix.previous);
      if (!isKnown) continue;
      return checkPlace(chains, mix).ok ? { do: 'check-step', hash } : { do: 'reject', hash, trustee: mix.trustee };
    }
    for (const [hash, { mix }] of unread) if (isComplete(chains, chainTo(chains, mix))) return { do: 'check-opening', hash };
    return null;
  }
}

function nextOwnStep(view: WaveView, me: number, stepTime: number, now: number, since: number): WaveStep | null {
  const { chains, openings, verifiedAt, due } = view;
  const own = [...view.unread.values()].filter(({ trustee }) => trustee === me);
  const opening = nextOpening(chains, openings, me);
  if (opening && !own.some(({ mix, lead }) => mix === opening.mix || (lead && opening.lead))) return { do: 'open', ...opening };
  const turn = nextMix(chains, me);
  if (turn === null) return null;
  const step = turn.chain.length + 1;
  if (view.signed.steps.some((said) => said.trustee === me && said.step === step)) return null;
  const last = turn.chain.at(-1);
  const begin = last ? (verifiedAt.get(last.hash) ?? 0) : since;
  const until = Math.max(begin, since) + (turn.turn * turnMilliseconds(stepTime, due?.size ?? 0)) / 1000;
  return now < until ? { do: 'wait', until } : { do: 'mix', chain: turn.chain };
}
