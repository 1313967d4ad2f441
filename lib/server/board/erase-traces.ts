import 'server-only';
import type { Database } from '#db/client.ts';
import { isLocked } from '#db/database-error.ts';
import { sql } from '#db/drizzle.cjs';
import { logEntry } from '../log.ts';

export type TraceEraser = {
  /**
   * Erases what is due: soon after each checkpoint, roll and erasure, and once after a start. Costs nothing where there is nothing to
   * do. Where something reads a table for long, such as a backup, it tries again after the pause.
   */
  eraseDue(): Promise<void>;
};

/** No more often, whatever is published: where checkpoints come every second, their times tell the second anyway. */
const PAUSE_MS = 60_000;
/** What tells when and in which order entries and answers came, and what holds what was erased at an end. README says the same. */
export const REWRITTEN = {
  arrival: ['board.entries', 'membership.invitations'],
  erasure: [
    ...(['board.entries', 'board.waves', 'board.trustee_messages', 'board.mix_lists', 'membership.rolls'] as const),
    ...(['board.permits', 'board.drafts'] as const),
  ],
} as const;
/** Larger tables are not written anew: nobody could sign meanwhile. */
const LARGEST_REWRITTEN = 256 * 1024 * 1024;

/** What there is to erase traces of, as it was counted; undefined before the first time. */
type Changes = { published: string | undefined; erased: string | undefined; answered: string | undefined };

/**
 * Erases what a private PostgreSQL keeps of when and in which order entries and answers to invitations came, which no table holds: its
 * write-ahead log has the time of every commit, and rows that were taken out to be put back in another order stay in their pages until
 * something is written over them. So do entries, mixes and openings that were erased when a statement ended, leaves, capsules, and permits and drafts that were erased. A PostgreSQL
 * that the operator brought is left alone: README says what to set there.
 * @param db whose connections do not wait for locks: whoever needs a table waits behind whoever waits for all of it
 * @param pauseMs the least time between two
 */
export function createTraceEraser(db: Database, pauseMs: number = PAUSE_MS): TraceEraser {
  let isPrivate: boolean | undefined;
  let erasedAt = Number.NEGATIVE_INFINITY;
  let erasedFor: Changes = { published: undefined, erased: undefined, answered: undefined };
  return {
    async eraseDue() {
      if (isPrivate === false || performance.now() - erasedAt < pauseMs) return;
      isPrivate ??= await readFlag(db);
      if (!isPrivate) return;
      const now = await countChanges(db);
      if (Object.values(now).join() === Object.values(erasedFor).join()) return;
      erasedAt = performance.now(); // also of what fails: whoever signs would wait for each new try
      if (await eraseChanged(db, erasedFor, now)) erasedFor = now;
    },
  };
}

/** @returns false where something holds a table for long, which is told to the log */
async function eraseChanged(db: Database, before: Changes, now: Changes): Promise<boolean> {
  const isAnswered = now.answered !== before.answered;
  try {
    if (isAnswered) await rewriteAnswers(db);
    if (isAnswered || now.published !== before.published) await eraseTraces(db, REWRITTEN.arrival);
    // What was deleted lies on the disk until it is written over.
    if (now.erased !== before.erased) await eraseTraces(db, REWRITTEN.erasure);
    return true;
  } catch (error) {
    if (!isLocked(error)) throw error;
    const text = 'the database keeps for now what tells when entries came: something reads it for long, such as a backup';
    logEntry({ level: 'warning', code: 'TRACES_KEPT', text });
    return false;
  }
}

/** Set by db/embedded-postgres.ts for the server that it starts, and by deploy/compose.yaml for its own. */
async function readFlag(db: Database): Promise<boolean> {
  const [row] = await db.execute<{ flag: string | null }>(sql`select current_setting('round_robin.private', true) as flag`);
  return row?.flag === 'on';
}

async function countChanges(db: Database): Promise<Changes> {
  const [row] = await db.execute<Changes>(sql`
    select (select count(*) from board.checkpoints) || ' ' || (select count(*) from membership.rolls) as published,
      (select count(*) from asking.answers) as answered,
      (select count(*) from board.statements where is_erased) || ' '
        || (select count(*) from membership.rolls where capsules is null) || ' '
        || (select count(*) from membership.rolls where octet_length(file) = 0) || ' '
        || (select coalesce(min(week), -1) from board.permits) as erased`);
  return { published: row?.published, erased: row?.erased, answered: row?.answered };
}

/** Answers to challenges are put in the order of their keys by one transaction: their places and its number told when each came. */
async function rewriteAnswers(db: Database): Promise<void> {
  if (!(await isSmall(db, 'asking.answers'))) return;
  await db.execute(sql`update asking.answers set hash = hash`);
  await db.execute(sql`cluster asking.answers using answers_pkey`);
}

async function isSmall(db: Database, table: string): Promise<boolean> {
  const [size] = await db.execute<{ bytes: string }>(sql`select pg_total_relation_size(${table}) as bytes`);
  return Number(size?.bytes) <= LARGEST_REWRITTEN;
}

async function eraseTraces(db: Database, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const how = (await isSmall(db, table)) ? 'vacuum (full)' : 'vacuum';
    await db.execute(sql.raw(`${how} ${table}`));
  }
  // The log before the second checkpoint is needed by nobody; with wal_recycle off its files are deleted.
  await db.execute(sql`checkpoint`);
  await db.execute(sql`select pg_switch_wal()`);
  await db.execute(sql`checkpoint`);
}
