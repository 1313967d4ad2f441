import { isAnnounced, isSegmentFull } from '#lib/api/board-segments.ts';
import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import type { BoardRange } from '#lib/api/shapes.ts';
import { type BoardHead, headOf, type ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import {
  type Board,
  type BoardFailure,
  type CheckpointFacts,
  createBoard,
  extendBoard,
  readCheckpoint,
} from '#lib/protocol/board/reader.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { MOST_MEMBERS, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { type Counts, countTogether, isTriggerMet, totalOf } from '#lib/protocol/statement/trigger.ts';

export type BoardApi = Pick<Api, 'getBoardIndex' | 'getSegment'>;
/** A platform publishes none without an entry. */
const MOST_CHECKPOINTS = 2 * MOST_MEMBERS;

export type ListsFailure = BoardFailure | 'BOARD_HEAD';

/**
 * Reads the public lists of a board from the beginning, and checks the platform's signature, chain and root of every checkpoint.
 * Whether what is listed is any good, and whether the live counts are true, is vouched for by the trustees' cosignatures
 * (`readFinal`). Of what it reads, a browser's cache keeps whole segments with checkpoints after them, and nothing of the last
 * range. SPEC §9.3, §13.1.
 * @param visit is called for every checkpoint, in order
 */
export async function readPublicBoard(
  api: BoardApi,
  context: StatementContext,
  key: Keyed,
  visit: (checkpoint: CheckpointFacts) => void,
  options?: CallOptions,
): Promise<Checked<Board, ListsFailure>> {
  const board = createBoard(key.transcript);
  const most = 2 * totalOf(context.sizes); // a signature and a withdrawal each: otherwise a board need never end
  for (;;) {
    const index = await api.getBoardIndex(context.id, board.head.number, options);
    if (index.head > MOST_CHECKPOINTS) return refuse('BOARD_HEAD', 'the platform says that it has more checkpoints than any board');
    for (const range of index.segments) {
      // Otherwise a platform could cut the board in a way of its own for each visitor, and see from what a browser does not ask
      // for again, because it has it in its cache, who is back. Only the range that ends the board may end anywhere, wherever the
      // platform says that the board ends: so nothing of that one may stay in a cache.
      if (range.to > index.head) return refuse('BOARD_HEAD', 'the platform announces more checkpoints than it says it has');
      const isLast = range.to === index.head;
      const segment = await readSegment(api, { context, key, board }, range, isLast, options);
      if (!segment.ok) return segment;
      if (!isLast && !endsByRule(segment.value))
        return refuse('BOARD_HEAD', 'the platform cuts the board in another way than for everybody');
      for (const facts of segment.value) {
        extendBoard(context, board, { ...facts, entries: null }); // nothing is counted, so nothing can be refused
        visit(facts);
      }
      if (board.listed.size > most) return refuse('BOARD_HEAD', 'the platform lists more than all members could have sent');
    }
    if (board.head.number >= index.head) return accept(board);
    if (index.segments.length === 0) return refuse('BOARD_HEAD', 'the platform holds back checkpoints that it says it has');
  }
}

type Reading = { context: StatementContext; key: Keyed; board: Board };
type Segment = readonly CheckpointFacts[];

/** One that cannot be right may have been bent or cut off once on its way into a cache, which would keep it: it is asked for anew. */
async function readSegment(
  api: BoardApi,
  reading: Reading,
  range: BoardRange,
  isLast: boolean,
  options?: CallOptions,
): Promise<Checked<Segment, ListsFailure>> {
  const read = async (how?: CallOptions) => checkSegment(reading, range, await api.getSegment(reading.context.id, range, how));
  if (isLast) return read({ ...options, cache: 'no-store' });
  const segment = await read(options);
  return segment.ok ? segment : read({ ...options, cache: 'reload' });
}

/** Reads a segment beside the board, which stays as it is until all of the segment has passed. */
function checkSegment(
  { context, key, board }: Reading,
  range: BoardRange,
  checkpoints: readonly ListedCheckpoint[],
): Checked<Segment, ListsFailure> {
  let head: BoardHead = board.head;
  const segment: CheckpointFacts[] = [];
  const own = new Set<Hex32>();
  const listed = { has: (hash: Hex32) => board.listed.has(hash) || own.has(hash) };
  for (const checkpoint of checkpoints) {
    const facts = readCheckpoint(context, key, { head, listed }, { checkpoint });
    if (!facts.ok) return facts;
    head = headOf(facts.value.checkpoint);
    for (const hash of facts.value.listed) own.add(hash);
    segment.push(facts.value);
  }
  if (!isAnnounced(range, board.head, head)) return refuse('BOARD_HEAD', 'the platform announces other checkpoints than it has');
  return accept(segment);
}

/** Whether a segment that others follow is full, and was not before its last checkpoint. SPEC §13.1. */
function endsByRule(segment: Segment): boolean {
  const held = (count: number) => ({
    checkpoints: count,
    entries: segment.slice(0, count).reduce((sum, { listed }) => sum + listed.length, 0),
  });
  return isSegmentFull(held(segment.length)) && !isSegmentFull(held(segment.length - 1));
}

/** The counts of a checkpoint by group: signatures so far without an effective withdrawal. */
export function countsOf({ live }: Pick<BoardHead, 'live'>): Counts {
  return new Map(live.map(({ group, count }) => [group, count]));
}

/** Where something stands on a board: the number of a checkpoint and the time that it bears, in Unix seconds. */
export type Listing = { checkpoint: number; time: number };

/**
 * The first checkpoint whose live counts meet the condition, as a board is read one by one; `known` is what earlier ones gave. Before it
 * no wave can be due, so a withdrawal listed up to it is in time. After it one may be due or not: personal minima are not public.
 * SPEC §10.1.
 */
export function findCovering(
  { statement: { trigger, together } }: Pick<StatementContext, 'statement'>,
  { checkpoint }: Pick<CheckpointFacts, 'checkpoint'>,
  known: Listing | null,
): Listing | null {
  if (known !== null || !isTriggerMet(trigger, countTogether(countsOf(checkpoint), together))) return known;
  return { checkpoint: checkpoint.number, time: checkpoint.time };
}

/**
 * What a signer wants to know of a board: how many signatures are live by group, as its newest checkpoint has it, and the first
 * checkpoint with enough of them.
 */
export type BoardSurvey = { counts: Counts; covering: Listing | null };

/**
 * Reads the whole board for a signer. The platform sees the same requests from everybody. Whether one has signed before, no board
 * tells: nullifiers are not public, and only a kept receipt remembers.
 */
export async function surveyBoard(
  api: BoardApi,
  context: StatementContext,
  key: Keyed,
  options?: CallOptions,
): Promise<Checked<BoardSurvey, ListsFailure>> {
  let covering: Listing | null = null;
  const visit = (facts: CheckpointFacts) => {
    covering = findCovering(context, facts, covering);
  };
  const board = await readPublicBoard(api, context, key, visit, options);
  return board.ok ? accept({ counts: countsOf(board.value.head), covering }) : board;
}
