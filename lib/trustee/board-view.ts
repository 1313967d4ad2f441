// A trustee's own view of a board: what it has verified itself, and when it saw it
import { type Board, type CountedCheckpoint, createBoard, extendBoard } from '#lib/protocol/board/reader.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import { mayCosign, type Sighting } from '#lib/protocol/board/timeliness.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { WaveEntry } from '#lib/protocol/reveal/wave-content.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Journal } from './stored-shapes.ts';
import { othersAt, type Vouchers } from './vouchers.ts';

/** What is kept of an entry whose proof has been checked: what the count, the waves and the mix need. */
export type EntryFacts = Pick<Entry, 'nullifier' | 'said' | 'ephemeral' | 'sealed'> & { hash: Hex32 };

/** A verified checkpoint with when it was first seen, and when it was last missed if it ever was. */
export type VerifiedCheckpoint = Omit<CountedCheckpoint, 'entries' | 'listed'> & {
  listed: Hex32[];
  entries: EntryFacts[];
  firstSeen: number;
  lastMissed?: number | undefined;
};

/** Changed in place by `extendView`, so that a new checkpoint costs only its own entries. */
export type BoardView = {
  board: Board;
  /** Of each checkpoint; the first at index 0. */
  sightings: Sighting[];
  /** When the trustee asked for the last answer that showed the whole board; null before it has. Unix seconds. */
  looked: number | null;
  /** Signatures by hash. */
  entries: Map<Hex32, WaveEntry>;
};

export function createView(transcript: Hex32): BoardView {
  return { board: createBoard(transcript), sightings: [], looked: null, entries: new Map() };
}

/**
 * Takes a verified checkpoint into the view and works out the wave that it calls for.
 * @returns a refusal when an entry may not stand on this board; the view is then spoilt and must be made again.
 */
export function extendView(context: StatementContext, view: BoardView, verified: VerifiedCheckpoint): Checked<true> {
  const extended = extendBoard(context, view.board, verified);
  if (!extended.ok) return extended;
  const { firstSeen, lastMissed, checkpoint, entries } = verified;
  view.sightings.push({ time: checkpoint.time, firstSeen, lastMissed: lastMissed ?? null });
  for (const { hash, said, nullifier, ephemeral, sealed } of entries)
    if (said.action === 'sign') view.entries.set(hash, { hash, group: said.group, nullifier, ephemeral, sealed });
  return accept(true);
}

/** Whether the board continues what was cosigned before. If not, the platform shows two boards: nothing more is signed. */
export function agreesWithCosigned({ board }: BoardView, { cosigned }: Pick<Journal, 'cosigned'>): boolean {
  const known = cosigned && board.hashes[cosigned.number - 1];
  return known === undefined || known === cosigned?.checkpoint;
}

/** The decision to cosign: the newest checkpoint that may be vouched for with all before it, or why none. */
export type CosignStep = { do: 'cosign'; head: { number: number; hash: Hex32 } } | { do: 'nothing' } | { do: 'report'; code: 'FORKED' };

/**
 * What to cosign. A cosignature vouches for the whole chain, so every checkpoint since the last one must be timely, or carried by k
 * others. It follows on everything that was cosigned before, and it ends with the share. SPEC §9.5, §9.6.
 */
export function nextCosignature(context: StatementContext, journal: Journal, view: BoardView, vouchers: Vouchers, now: number): CosignStep {
  const { cosigned, trustee, stage, destroyAt } = journal;
  const { hashes } = view.board;
  if (stage !== 'keyed' || now >= destroyAt) return { do: 'nothing' };
  if (!agreesWithCosigned(view, journal)) return { do: 'report', code: 'FORKED' };
  const last = cosigned?.number ?? 0;
  if (hashes.length <= last) return { do: 'nothing' };
  const isGood = (number: number) =>
    mayCosign(context.statement, view.sightings[number - 1] as Sighting, now, othersAt(vouchers, trustee, number));
  let number = last;
  while (number < hashes.length && isGood(number + 1)) number++;
  return number === last ? { do: 'nothing' } : { do: 'cosign', head: { number, hash: hashes[number - 1] as Hex32 } };
}
