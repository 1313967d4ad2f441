import { ApiError } from '#lib/api/api-error.ts';
import { checkCheckpoint, headOf } from '#lib/protocol/board/checkpoint.ts';
import type { ReadSoFar, ShownCheckpoint } from '#lib/protocol/board/reader.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { appendToLog, forgetProven, replayLog } from './board-log.ts';
import { type BoardView, extendView, type VerifiedCheckpoint } from './board-view.ts';
import { countProven, isLong, type JudgedCheckpoint, takeBatch } from './check-proofs.ts';
import { readSealedBoard } from './committee-calls.ts';
import type { TrusteeContext } from './context.ts';
import { authorOf, type Duty, saveJournal } from './duty.ts';
import { isShareOver } from './duty-policy.ts';
import { readAgain } from './inbox.ts';

type Refused = { ok: false; code: string; detail?: string };

/** Checkpoints and entries after which the next statement has its turn: some seconds of checking proofs. */
const WORK_A_TURN = 10_000;
/** Seconds after which a look at the whole board is written down again. */
const LOOK_STEP = 300;

/** The verified view of the board; read from the keystore when it is not in memory. */
export async function restoreView(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<BoardView> {
  duty.view.board ??= await replayLog(trustee, duty.context, keyed.transcript);
  return duty.view.board;
}

/**
 * Reads new checkpoints with their bodies, as many as one turn allows, verifies all of it, and puts on disk what is good before
 * anything is said about it. SPEC §9.3 – §9.7.
 * @returns the refusal of what is not good: nothing after it is looked at
 */
export async function readCommitteeBoard(trustee: TrusteeContext, duty: Duty, keyed: Keyed): Promise<Refused | null> {
  duty.pace.isBehind = false;
  for (let work = 0; work < WORK_A_TURN; ) {
    if (isShareOver(duty.journal, trustee.now())) return null; // nothing depends on the board any more
    const { board } = await restoreView(trustee, duty, keyed);
    const askedAt = trustee.now();
    const answer = await ask(trustee, duty, board.head.number);
    if (!answer.ok) return answer;
    const { head, checkpoints } = answer.value;
    if (head < board.head.number)
      return refuse('BOARD_SHORT', `the platform has ${head} checkpoints and had signed ${board.head.number}: it lost some, or hides them`);
    if (head === board.head.number && checkpoints.length === 0) {
      await noteLook(trustee, duty, askedAt);
      return null;
    }
    if (checkpoints.length === 0) return refuse('BOARD_HEAD', 'the platform holds back checkpoints that it says it has');
    const refused = await takeCheckpoints(trustee, duty, keyed, checkpoints);
    if (refused) return refused;
    readAgain(duty.view.inbox); // cosignatures of these checkpoints may have come before them
    work += checkpoints.reduce((sum, { bodies }) => sum + 1 + bodies.length, 0);
    if (head === (await restoreView(trustee, duty, keyed)).board.head.number) {
      await noteLook(trustee, duty, askedAt);
      return null;
    }
  }
  duty.pace.isBehind = true;
  return null;
}

/** An answer that is longer than a trustee reads is told with the reason: nothing after it is ever cosigned. SPEC §13.1. */
async function ask(trustee: TrusteeContext, duty: Duty, after: number): Promise<Checked<Awaited<ReturnType<typeof readSealedBoard>>>> {
  try {
    return accept(await readSealedBoard(trustee, authorOf(trustee, duty), after));
  } catch (error) {
    if (!ApiError.is(error, 'ANSWER_TOO_LONG')) throw error;
    return refuse('ANSWER_TOO_LONG', `the answer after checkpoint ${after} is longer than 256 MB, the most that a trustee reads at once`);
  }
}

/** What this trustee saw whole at a time, so that what is dated long before and comes later is known to be late. SPEC §9.6. */
async function noteLook(trustee: TrusteeContext, duty: Duty, askedAt: number): Promise<void> {
  const view = duty.view.board;
  if (view) view.looked = Math.max(view.looked ?? 0, askedAt);
  if (askedAt - (duty.journal.looked ?? 0) >= LOOK_STEP) await saveJournal(trustee, duty, { looked: askedAt });
}

/** Reads checkpoints one by one up to the first bad one, and takes those that are good. */
async function takeCheckpoints(
  trustee: TrusteeContext,
  duty: Duty,
  keyed: Keyed,
  shown: readonly ShownCheckpoint[],
): Promise<Refused | null> {
  const { board } = await restoreView(trustee, duty, keyed);
  const seenAt = trustee.now();
  const ahead = { head: board.head, listed: new Set(board.listed) };
  const judged: JudgedCheckpoint[] = [];
  let refused: Refused | null = null;
  for (const one of shown) {
    const read = await readShown(trustee, duty, keyed, ahead, one);
    if (read === null) return null;
    if (!read.ok) {
      refused = read;
      break;
    }
    const { checkpoint, listed } = read.value;
    judged.push(read.value);
    for (const hash of listed) ahead.listed.add(hash);
    ahead.head = headOf(checkpoint);
  }
  return (await proveAndTake(trustee, duty, keyed, judged, seenAt)) ?? refused;
}

/** Reads a checkpoint with its bodies, but for their proofs. @returns null when the time of the share is over */
async function readShown(
  trustee: TrusteeContext,
  duty: Duty,
  { key }: Keyed,
  { head, listed: before }: ReadSoFar,
  { checkpoint: value, bodies = [] }: ShownCheckpoint,
): Promise<Checked<JudgedCheckpoint> | null> {
  const checked = checkCheckpoint(duty.context, head, value, (hash) => before.has(hash));
  if (!checked.ok) return checked;
  const { listed, ...checkpoint } = checked.value;
  const isWanted = () => !isShareOver(duty.journal, trustee.now());
  const input = { context: duty.context, key: formatPoint(key), listed, bodies };
  const entries = await trustee.work.runWhile(isWanted, 'readBodies', input);
  return entries?.ok ? accept({ checkpoint, listed, entries: entries.value }) : entries;
}

/**
 * Checks the proofs of judged checkpoints and takes these into the view: each is on disk before anything is said about it, and no
 * proof is checked again after a restart. It stops when the time of the share is over.
 */
async function proveAndTake(
  trustee: TrusteeContext,
  duty: Duty,
  keyed: Keyed,
  judged: readonly JudgedCheckpoint[],
  seenAt: number,
): Promise<Refused | null> {
  for (let start = 0; start < judged.length; ) {
    const batch = takeBatch(judged.slice(start));
    const proven = await countProven(trustee, duty, batch);
    if (proven === null) return null;
    const refused = await admit(trustee, duty, await restoreView(trustee, duty, keyed), batch.slice(0, proven), seenAt);
    if (refused) return refused;
    if (isLong(batch)) await forgetProven(trustee.disk, duty.id);
    const unproven = batch[proven];
    if (unproven) return refuse('BAD_PROOF', `a proof of checkpoint ${unproven.checkpoint.number} does not hold`);
    start += batch.length;
  }
  return null;
}

async function admit(
  trustee: TrusteeContext,
  duty: Duty,
  view: BoardView,
  proven: readonly JudgedCheckpoint[],
  firstSeen: number,
): Promise<Refused | null> {
  const lastMissed = view.looked ?? duty.journal.looked;
  const verified: VerifiedCheckpoint[] = [];
  let refused: Refused | null = null;
  for (const { checkpoint, listed, entries } of proven) {
    const facts = entries.map(({ entry: { nullifier, said, ephemeral, sealed }, hash }) => ({ nullifier, said, ephemeral, sealed, hash }));
    const one = { checkpoint, listed: [...listed], entries: facts, firstSeen, ...(lastMissed === undefined ? {} : { lastMissed }) };
    const extended = extendView(duty.context, view, one);
    if (!extended.ok) {
      refused = extended;
      break;
    }
    trustee.clock.hearNoEarlier(checkpoint.time);
    verified.push(one);
  }
  if (refused) duty.view.board = null; // spoilt
  try {
    await appendToLog(trustee.disk, duty.id, verified);
  } catch (error) {
    duty.view.board = null; // it may hold more than the disk does
    throw error;
  }
  return refused;
}
