// SPEC §9.2, §9.5: what became of a receipt
import type { Api } from '#lib/api/client.ts';
import { nextCursor, pagesOf } from '#lib/api/pages.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { type Cosignature, lastFinal } from '#lib/protocol/board/cosignature.ts';
import type { CheckpointFacts } from '#lib/protocol/board/reader.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkTrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type BoardApi, findCovering, type Listing, type ListsFailure, readPublicBoard } from './read-board.ts';

type FinalApi = Pick<Api, 'listMessagesOf'>;

/**
 * What became of a receipt. `published`: the entry is listed in a final checkpoint, and q trustees vouch for it. `shown`: it is listed
 * and not yet vouched for. `waiting`: not listed, and there is time. `late`: its time is over, and it is not on the board; the
 * receipt is the evidence. `kept` says whether the checkpoint bears a time by which the platform had promised it. `covering` is the first
 * checkpoint with enough signatures: what was listed after it may have come too late to take a signature back.
 */
export type ReceiptStatus = Standing & { covering: Listing | null };
type Standing =
  | { status: 'published'; listing: Listing; kept: boolean; publishBy: number }
  | { status: 'shown'; listing: Listing; publishBy: number }
  | { status: 'late'; listing: Listing | null; publishBy: number }
  | { status: 'waiting'; publishBy: number };

/**
 * Looks for the entry of a receipt on the board. All lists and all cosignatures are read, as by everybody, so the platform does not
 * learn for which. `now` in Unix seconds by this device's clock. SPEC §9.2.
 */
export async function checkOnBoard(
  api: BoardApi & FinalApi,
  context: StatementContext,
  key: Keyed,
  receipt: Pick<Receipt, 'listed' | 'publishBy'>,
  now: number,
  options?: CallOptions,
): Promise<Checked<ReceiptStatus, ListsFailure>> {
  let listing: Listing | null = null;
  let covering: Listing | null = null;
  const visit = (facts: CheckpointFacts) => {
    const { checkpoint, listed } = facts;
    if (listed.includes(receipt.listed)) listing = { checkpoint: checkpoint.number, time: checkpoint.time };
    covering = findCovering(context, facts, covering);
  };
  const board = await readPublicBoard(api, context, key, visit, options);
  if (!board.ok) return board;
  const final = await readFinal(api, context, board.value.hashes, options);
  return accept({ ...judgeListing(context, receipt, listing, final, now), covering });
}

/** Whether a withdrawal that is listed there certainly came before the name could be in a wave. SPEC §9.3.10, §10.1. */
export function isInTime(listing: Listing, covering: Listing | null): boolean {
  return covering === null || listing.checkpoint <= covering.checkpoint;
}

/** The status of a receipt whose entry is listed there, on a board whose last final checkpoint has the number `final`. */
function judgeListing(
  { statement }: Pick<StatementContext, 'statement'>,
  { publishBy }: Pick<Receipt, 'publishBy'>,
  listing: Listing | null,
  final: number,
  now: number,
): Standing {
  if (listing && listing.checkpoint <= final) return { status: 'published', listing, kept: listing.time <= publishBy, publishBy };
  if (now > publishBy + statement.clockSkew) return { status: 'late', listing, publishBy };
  return listing ? { status: 'shown', listing, publishBy } : { status: 'waiting', publishBy };
}

/**
 * The number of the last final checkpoint of a board, 0 if none, by the cosignatures that the platform gives out. Of each trustee
 * only the latest good one of this chain counts, so no other signature is checked. SPEC §9.5.
 * @param hashes of the checkpoints, the first at index 0
 */
export async function readFinal(
  api: FinalApi,
  context: StatementContext,
  hashes: readonly Hex32[],
  options?: CallOptions,
): Promise<number> {
  const claimed = await listCosignatures(api, context, hashes, options);
  const vouched = new Map<number, Cosignature>();
  for (const one of claimed.sort((a, b) => b.number - a.number)) {
    if (vouched.has(one.trustee) || !checkTrusteeMessage(context, one).ok) continue;
    vouched.set(one.trustee, one);
  }
  return lastFinal(context.statement, hashes, [...vouched.values()]);
}

/** What claims to be a cosignature of this chain; signatures are unchecked. */
async function listCosignatures(
  api: FinalApi,
  { id }: StatementContext,
  hashes: readonly Hex32[],
  options?: CallOptions,
): Promise<Cosignature[]> {
  const claimed: Cosignature[] = [];
  const ask = async (after = 0) => {
    const { messages } = await api.listMessagesOf('cosignature', id, after, options);
    return { messages, next: nextCursor(after, messages) };
  };
  for await (const { messages } of pagesOf(ask))
    for (const one of messages)
      if ('message' in one && one.message.type === 'cosignature' && hashes[one.message.number - 1] === one.message.checkpoint)
        claimed.push(one.message);
  return claimed;
}
