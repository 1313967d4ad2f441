import { isAnnounced, isSegmentFull } from '#lib/api/board-segments.ts';
import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import type { BoardCheckpoint, BoardRange } from '#lib/api/shapes.ts';
import {
  type BoardHead,
  type CheckpointFailure,
  checkCheckpoint,
  checkNextCheckpoint,
  emptyBoard,
  type Receipt,
} from '#lib/protocol/board/board.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { type Identity, nullifierOf } from '#lib/protocol/member/credential.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type FieldText, formatField } from '#lib/protocol/numbers/field.ts';
import { admitEntry, createTally, liveCounts, sortNullifiers } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Counts } from '#lib/protocol/statement/trigger.ts';

type BoardApi = Pick<Api, 'getBoardIndex' | 'getSegment'>;
export type BoardFailure = CheckpointFailure | 'BOARD_BODIES' | 'BOARD_HEAD';

/**
 * Reads a board from its beginning, checks the platform's signature, chain and root of every checkpoint, and that each body
 * has the hash that stands for it. Proofs are left to trustees and verifiers. Of what it reads, a browser's cache keeps whole
 * segments with checkpoints after them, and nothing of the last range. SPEC §13.1.
 * @returns the head of the board
 */
export async function readBoard(
  api: BoardApi,
  context: StatementContext,
  key: Keyed,
  visit: (checkpoint: BoardCheckpoint) => void,
  options?: CallOptions,
): Promise<Checked<BoardHead, BoardFailure>> {
  let head = emptyBoard(key.transcript);
  for (;;) {
    const index = await api.getBoardIndex(context.id, head.number, options);
    for (const range of index.segments) {
      // Otherwise a platform could cut the board in a way of its own for each visitor, and see from what a browser does not ask
      // for again, because it has it in its cache, who is back. Only the range that ends the board may end anywhere, wherever the
      // platform says that the board ends: so nothing of that one may stay in a cache.
      if (range.to > index.head) return refuse('BOARD_HEAD', 'the platform announces more checkpoints than it says it has');
      const isLast = range.to === index.head;
      const segment = await readSegment(api, context, head, range, isLast, options);
      if (!segment.ok) return segment;
      if (!isLast && !endsByRule(segment.value.checkpoints))
        return refuse('BOARD_HEAD', 'the platform cuts the board in another way than for everybody');
      head = segment.value.head;
      segment.value.checkpoints.forEach(visit);
    }
    if (head.number >= index.head) return accept(head);
    if (index.segments.length === 0) return refuse('BOARD_HEAD', 'the platform holds back checkpoints that it says it has');
  }
}

type Segment = { head: BoardHead; checkpoints: readonly BoardCheckpoint[] };

/** One that cannot be right may have been bent or cut off once on its way into a cache, which would keep it: it is asked for anew. */
async function readSegment(
  api: BoardApi,
  context: StatementContext,
  head: BoardHead,
  range: BoardRange,
  isLast: boolean,
  options?: CallOptions,
): Promise<Checked<Segment, BoardFailure>> {
  const read = async (how?: CallOptions) => checkSegment(context, head, range, await api.getSegment(context.id, range, how));
  if (isLast) return read({ ...options, cache: 'no-store' });
  const segment = await read(options);
  return segment.ok ? segment : read({ ...options, cache: 'reload' });
}

function checkSegment(
  context: StatementContext,
  before: BoardHead,
  range: BoardRange,
  checkpoints: readonly BoardCheckpoint[],
): Checked<Segment, BoardFailure> {
  let head = before;
  for (const item of checkpoints) {
    const next = checkBoardCheckpoint(context, head, item);
    if (!next.ok) return next;
    head = next.value;
  }
  if (!isAnnounced(range, before, head)) return refuse('BOARD_HEAD', 'the platform announces other checkpoints than it has');
  return accept({ head, checkpoints });
}

/** Whether a segment that others follow is full, and was not before its last checkpoint. SPEC §13.1. */
function endsByRule(checkpoints: readonly BoardCheckpoint[]): boolean {
  const held = (count: number) => ({
    checkpoints: count,
    entries: checkpoints.slice(0, count).reduce((sum, { entries }) => sum + entries.length, 0),
  });
  return isSegmentFull(held(checkpoints.length)) && !isSegmentFull(held(checkpoints.length - 1));
}

function checkBoardCheckpoint(context: StatementContext, head: BoardHead, item: BoardCheckpoint): Checked<BoardHead, BoardFailure> {
  const checkpoint = checkCheckpoint(context, item.checkpoint);
  if (!checkpoint.ok) return checkpoint;
  const hashes = item.bodies.map((body) => (body.type === 'stub' ? body.entry : entryHash(body)));
  if (hashes.join() !== item.entries.join()) return refuse('BOARD_BODIES', 'the signatures sent are not those of the checkpoint');
  return checkNextCheckpoint(context, head, checkpoint.value, item.entries);
}

/**
 * What became of a receipt. `published`: the entry is in that checkpoint. `waiting`: not yet, and its time is not over.
 * `broken`: the platform has not kept its promise, and the receipt proves it.
 */
export type ReceiptStatus = { status: 'published'; checkpoint: number; time: number } | { status: 'waiting' | 'broken'; publishBy: number };

/** Looks for the entry of a receipt on the board. The whole board is read, so the platform does not learn for which. `now` in Unix seconds. */
export async function checkOnBoard(
  api: BoardApi,
  context: StatementContext,
  key: Keyed,
  receipt: Receipt,
  now: number,
  options?: CallOptions,
): Promise<Checked<ReceiptStatus, BoardFailure>> {
  let found: ReceiptStatus | undefined;
  const visit = ({ checkpoint, entries }: BoardCheckpoint) => {
    if (entries.includes(receipt.entry)) found = { status: 'published', checkpoint: checkpoint.number, time: checkpoint.time };
  };
  const head = await readBoard(api, context, key, visit, options);
  if (!head.ok) return head;
  const overdue = now > receipt.publishBy + context.statement.clockSkew;
  return accept(found ?? { status: overdue ? 'broken' : 'waiting', publishBy: receipt.publishBy });
}

/** What a signer wants to know of a board: the live signatures, how many they are by group, and which entries are its own. */
export type BoardSurvey = { counts: Counts; live: FieldText[]; own: { hash: Hex32; entry: Entry }[] };

/**
 * Reads the whole board for a signer. Only the holder of an identity can find its entries, by computing the nullifier; the
 * platform sees the same request from everybody.
 */
export async function surveyBoard(
  api: BoardApi,
  context: StatementContext,
  key: Keyed,
  identity: Identity,
  options?: CallOptions,
): Promise<Checked<BoardSurvey, BoardFailure>> {
  const nullifier = formatField(nullifierOf(identity, context.scope));
  const own: BoardSurvey['own'] = [];
  const tally = createTally();
  const visit = ({ bodies, entries }: BoardCheckpoint) =>
    bodies.forEach((body, i) => {
      if (body.type === 'stub') return;
      const hash = entries[i] as Hex32;
      admitEntry(tally, body, hash); // what may not stand there is for the trustees to refuse
      if (body.nullifier === nullifier) own.push({ hash, entry: body });
    });
  const head = await readBoard(api, context, key, visit, options);
  if (!head.ok) return head;
  const live = [...tally.signatures].filter(([, signature]) => signature.state !== 'withdrawn').map(([signer]) => signer);
  return accept({ counts: liveCounts(tally), live: sortNullifiers(live), own });
}
