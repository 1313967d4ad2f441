import 'server-only';
import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { checkpoints, entries, trusteeMessages } from '#db/schema.ts';
import { type Checkpoint, type Cosignature, lastFinal } from '#lib/protocol/board/board.ts';
import { compareEntries, type Entry } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Field, parseField } from '#lib/protocol/numbers/field.ts';
import type { Wave, WaveItem } from '#lib/protocol/reveal/opening.ts';
import { admitEntry, closeCheckpoint, createTally, type Tally } from '#lib/protocol/reveal/waves.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';

/** A wave with the place and time of its checkpoint, and the group of each of its signatures. */
export type FollowedWave = Wave & { checkpointNumber: number; time: number; groups: readonly Hex32[] };

/** The final part of a board: everything here follows from checkpoints that a quorum has cosigned, which never change. */
export type FinalBoard = { final: number; waves: readonly FollowedWave[] };

/** A final board as far as it has been read. */
export type Follower = { final: number; waves: FollowedWave[]; tally: Tally; turn: Promise<unknown> };

const CHECKPOINTS_AT_ONCE = 500;
/** No more checkpoints are read together once they have so many entries. */
const ENTRIES_AT_ONCE = 2_000;

/**
 * Reads a board as far as it is final and derives its waves, continuing where it stopped before. What it remembers is only
 * what the database holds for good; forgetting it costs time, nothing else. After the end, entries in no wave are gone: the
 * waves are still found, because a wave is made of its own entries and those of earlier waves alone.
 */
export async function followBoard(ctx: Context, context: StatementContext): Promise<FinalBoard> {
  const follower = ctx.memo.followers.get(context.id) ?? ctx.memo.followers.set(context.id, createFollower());
  const turn = follower.turn.then(() => readOn(ctx.db, context, follower));
  follower.turn = turn;
  turn.catch(() => ctx.memo.followers.delete(context.id)); // half-read: whoever comes next begins again
  await turn;
  const { final } = follower;
  return { final, waves: follower.waves.filter((wave) => wave.checkpointNumber <= final) };
}

function createFollower(): Follower {
  return { final: 0, waves: [], tally: createTally(), turn: Promise.resolve() };
}

async function readOn(db: Database, context: StatementContext, follower: Follower): Promise<void> {
  const final = await findFinal(db, context, follower.final);
  while (follower.final < final) {
    const headers = await loadHeaders(db, context.id, follower.final, final);
    const byCheckpoint = await loadEntries(db, context.id, follower.final, headers.at(-1)?.number ?? final);
    for (const { number, hash, body } of headers) {
      for (const { entry, hash: name } of byCheckpoint.get(number) ?? []) {
        const admitted = admitEntry(follower.tally, entry, name);
        if (!admitted.ok) throw new Error(`checkpoint ${number} holds an entry that does not belong there: ${admitted.code}`);
      }
      const nullifiers = closeCheckpoint(context, follower.tally);
      if (nullifiers) {
        const { time } = JSON.parse(body) as Checkpoint;
        const members = await loadSigned(db, context.id, nullifiers);
        follower.waves.push({ number: follower.waves.length + 1, checkpoint: hash, checkpointNumber: number, time, ...members });
      }
      follower.final = number;
    }
  }
}

/** Some checkpoints after one, in order, up to the one with which their entries are enough to be read together. */
async function loadHeaders(
  db: Database,
  id: Hex32,
  after: number,
  final: number,
): Promise<{ number: number; hash: Hex32; body: string }[]> {
  const { number, hash, body, entries: hashes } = checkpoints;
  const rows = await db
    .select({ number, hash, body, size: sql<number>`octet_length(${hashes}) / 32` })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, id), gt(number, after), lte(number, final)))
    .orderBy(asc(number))
    .limit(CHECKPOINTS_AT_ONCE);
  let total = 0;
  return rows.filter(({ size }) => {
    const fits = total < ENTRIES_AT_ONCE;
    total += size;
    return fits;
  });
}

/** The last final checkpoint; `known` is one that was final before. */
async function findFinal(db: Database, context: StatementContext, known: number): Promise<number> {
  const cosignatures = await db
    .select({ number: trusteeMessages.slot, trustee: trusteeMessages.trustee, checkpoint: trusteeMessages.checkpoint })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, context.id), eq(trusteeMessages.type, 'cosignature'), gt(trusteeMessages.slot, known)));
  if (cosignatures.length === 0) return known;
  const rows = await db
    .select({ number: checkpoints.number, hash: checkpoints.hash })
    .from(checkpoints)
    .where(and(eq(checkpoints.statement, context.id), gt(checkpoints.number, known)));
  const hashes: Hex32[] = [];
  for (const { number, hash } of rows) hashes[number - 1] = hash;
  return Math.max(
    known,
    lastFinal(context.statement, hashes, cosignatures as Pick<Cosignature, 'number' | 'trustee' | 'checkpoint'>[] as Cosignature[]),
  );
}

type NamedEntry = { entry: Entry; hash: Hex32 };

async function loadEntries(db: Database, id: string, after: number, until: number): Promise<Map<number, NamedEntry[]>> {
  const rows = await db
    .select({ checkpoint: entries.checkpoint, hash: entries.hash, body: entries.body })
    .from(entries)
    .where(and(eq(entries.statement, id), gt(entries.checkpoint, after), lte(entries.checkpoint, until)));
  const byCheckpoint = new Map<number, NamedEntry[]>();
  for (const { checkpoint, hash, body } of rows) {
    const list = byCheckpoint.get(checkpoint as number) ?? [];
    list.push({ entry: JSON.parse(body) as Entry, hash });
    byCheckpoint.set(checkpoint as number, list);
  }
  for (const list of byCheckpoint.values()) list.sort((a, b) => compareEntries(a.entry, b.entry));
  return byCheckpoint;
}

/** The signatures of these nullifiers, in their order. */
async function loadSigned(db: Database, id: string, nullifiers: readonly string[]): Promise<{ items: WaveItem[]; groups: Hex32[] }> {
  const found = new Map<string, Entry>();
  for (let start = 0; start < nullifiers.length; start += 5_000) {
    const part = nullifiers.slice(start, start + 5_000).map((text) => parseField(text) as Field);
    const rows = await db
      .select({ body: entries.body })
      .from(entries)
      .where(and(eq(entries.statement, id), eq(entries.action, 'sign'), inArray(entries.nullifier, part)));
    for (const { body } of rows) {
      const entry = JSON.parse(body) as Entry;
      found.set(entry.nullifier, entry);
    }
  }
  const signed = nullifiers.map((nullifier) => found.get(nullifier) as Entry);
  return {
    items: signed.map(({ nullifier, ephemeral }) => ({ nullifier, ephemeral })),
    groups: signed.map(({ said }) => said.group),
  };
}
