// The rules by which a trustee signs and erases, apart from how it does so
import type { BoardHead, Cosignature } from '#lib/protocol/board/board.ts';
import { lastCosignTime, type Statement } from '#lib/protocol/statement/statement.ts';
import type { BoardView } from './board-view.ts';
import type { Journal } from './stored-shapes.ts';

/** Whether a view of a board continues what was cosigned before. If not, the platform shows two boards: nothing more is signed. */
export function agreesWithCosigned(view: BoardView, cosigned: Cosignature | undefined): boolean {
  const known = cosigned && view.hashes[cosigned.number - 1];
  return known === undefined || known === cosigned?.checkpoint;
}

/**
 * The checkpoint to cosign, if any: the newest verified one. A cosignature vouches for the whole chain, so those before it need
 * none. Never a number that was cosigned before or lies below, never on another chain, never after the time for it. SPEC §9.4.
 */
export function headToCosign(statement: Statement, journal: Journal, view: BoardView, now: number): BoardHead | null {
  const { cosigned, stage } = journal;
  if (stage !== 'keyed' || view.head.number === 0 || now > lastCosignTime(statement)) return null;
  const isNew = cosigned === undefined || (view.head.number > cosigned.number && view.hashes[cosigned.number - 1] === cosigned.checkpoint);
  return isNew ? view.head : null;
}

/** Whether openings may still be published and a share may still exist: strictly before deadline + grace. SPEC §11. */
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
