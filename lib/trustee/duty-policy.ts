// The rules by which a trustee opens and erases, apart from how it does so
import type { Journal } from './stored-shapes.ts';

/** Whether steps and openings may still be made and a share may still exist: strictly before deadline + grace. SPEC §11. */
export function mayOpen(journal: Pick<Journal, 'stage' | 'destroyAt'>, now: number): boolean {
  return journal.stage === 'keyed' && now < journal.destroyAt;
}

/** Whether the secrets of a key generation are to be erased: it is over for this trustee, one way or another. SPEC §7.5. */
export function isKeyingOver(journal: Pick<Journal, 'stage' | 'openBy'>, now: number): boolean {
  return journal.stage !== 'keying' || now > journal.openBy;
}

/** Whether a share is to be erased: its time has come, or it belongs to a key that never came to be. SPEC §11. */
export function isShareOver(journal: Pick<Journal, 'stage' | 'destroyAt'>, now: number): boolean {
  return now >= journal.destroyAt || journal.stage === 'aborted' || journal.stage === 'destroyed';
}

/** What the end of a statement asks of its trustee. */
export type EndStep = { do: 'nothing' } | { do: 'erase-secrets' } | { do: 'abort' } | { do: 'attest' };

/**
 * What is over. Without a confirm there was no share to destroy and nothing to attest; with one the destruction is attested, once.
 * Erasing is the caller's in every case but `nothing`, and comes first. SPEC §7.5, §11.
 */
export function nextEndStep(journal: Pick<Journal, 'stage' | 'openBy' | 'destroyAt'>, now: number): EndStep {
  const { stage } = journal;
  if (stage === 'destroyed') return { do: 'nothing' };
  if (stage !== 'aborted' && isShareOver(journal, now)) return { do: stage === 'keying' ? 'abort' : 'attest' };
  return isKeyingOver(journal, now) ? { do: 'erase-secrets' } : { do: 'nothing' };
}
