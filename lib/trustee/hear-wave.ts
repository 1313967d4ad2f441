// What a trustee takes of the steps and openings that the platform shows: signature first, and not more than the rules ask for

import { messageHash } from '#lib/protocol/messages/ed25519.ts';
import { checkTrusteeMessage, type TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { findForks, type MixBlame, mayTake } from '#lib/protocol/reveal/chain.ts';
import { type Mix, type MixList, mixHash } from '#lib/protocol/reveal/mix.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { noteSignedLead, noteSignedStep, type WaveView } from './wave-view.ts';

/** `late`: it cannot be judged yet and is to be read again; `back`: so is an earlier place. */
export type Heard = { late?: boolean; back?: number };

/**
 * Takes a step with its lists for verification later. Of one author and s a third is passed over until another trustee builds on it
 * or opens it. SPEC §10.6.
 */
export function hearMix(context: StatementContext, view: WaveView, mix: Mix, lists: readonly MixList[] | undefined, cursor: number): Heard {
  const hash = mixHash(mix);
  const isKnown = view.chains.steps.has(hash) || view.steps.has(hash) || view.rejected.has(hash);
  if (isKnown || !checkTrusteeMessage(context, mix as TrusteeMessage).ok) return {};
  noteSignedStep(view, { trustee: mix.trustee, wave: mix.wave, step: mix.step, hash });
  if (mix.content !== view.due?.content || !lists) return {}; // another wave, or evidence of a step that does not hold
  const back = want(view, mix.previous, mix.trustee);
  if (!mayTake(withRead(view), { hash, trustee: mix.trustee, step: mix.step }, view.wanted.has(hash))) {
    view.passedOver.set(hash, cursor);
    return back;
  }
  view.steps.set(hash, { mix, lists });
  return back;
}

/** Takes an opening for verification once the chain is known that it opens. */
export function hearOpening(context: StatementContext, view: WaveView, opening: Opening): Heard {
  const hash = messageHash('opening', opening);
  const isKnown = view.openingHashes.has(hash) || view.unread.has(hash) || view.rejected.has(hash);
  if (isKnown || !checkTrusteeMessage(context, opening as TrusteeMessage).ok) return {};
  const { trustee, wave, mix, lead, content } = opening;
  noteSignedLead(view, { trustee, wave, mix, lead });
  if (content !== view.due?.content) return {};
  const waiting = [...view.unread.values()].filter((one) => one.trustee === trustee);
  if (waiting.length > context.statement.committee.trustees.length) return {}; // nobody owes more than one for each leader
  view.unread.set(hash, opening);
  return want(view, mix, trustee);
}

/** Somebody builds on a step or opens it: if it was passed over, it is read now. Its author's own word does not count. */
function want(view: WaveView, hash: string, by: number): Heard {
  const cursor = view.passedOver.get(hash);
  const author = view.authors.get(hash);
  if (author !== by) view.wanted.add(hash);
  if (cursor === undefined || author === by) return {};
  view.passedOver.delete(hash);
  return { back: cursor };
}

/** The verified steps with those that wait to be: all of them count for `mayTake`. */
function withRead({ chains, steps }: WaveView) {
  const all = new Map(chains.steps);
  for (const [hash, { mix }] of steps) all.set(hash, { hash, trustee: mix.trustee, step: mix.step, previous: mix.previous });
  return { ...chains, steps: all };
}

/** Who has forked about this wave, by their own hands. SPEC §10.6. */
export function findWaveForks({ signed }: WaveView): MixBlame[] {
  return findForks(signed.steps, signed.leads);
}
