import 'server-only';
import { and, asc, eq } from 'drizzle-orm';
import { checkpoints, rolls, trusteeMessages } from '#db/schema.ts';
import { decodeRollFile } from '#lib/api/roll-file.ts';
import { type Cosignature, lastFinal } from '#lib/protocol/board/board.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { compareCosignatures, createRecordWriter, selectCosignatures } from '#lib/protocol/record/record.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type FollowedWave, followBoard } from '../board/follower.ts';
import { isBoardLost, listLost } from '../board/loss.ts';
import { readCheckpoints } from '../board/read.ts';
import type { Context } from '../context.ts';
import { judgeKey, KEY_TYPES } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';

type Message = { cursor: number; type: string; trustee: number; slot: number; evidence: boolean };
type Writer = ReturnType<typeof createRecordWriter>;

const BODIES_AT_ONCE = 500;

/**
 * Writes the record of a statement, line by line, as it is now, and seals it. It is read in pieces while it is sent, so that
 * a slow reader holds no connection to the database; what the pieces show together is fixed at the start. SPEC §12.1.
 */
export async function* streamRecord(ctx: Context, id: string): AsyncGenerator<string> {
  const { context } = await loadStatement(ctx, id);
  const writer = createRecordWriter(context);
  const messages = await listMessageHeads(ctx, id);
  yield writer.header();
  yield* writeRolls(ctx, context, writer);
  yield* writeKey(ctx, id, writer, messages);
  if ((await judgeKey(ctx, context)).status === 'keyed') yield* writeBoard(ctx, context, writer, messages);
  const destroyed = messages.filter((message) => message.type === 'destroyed').sort(byAuthor);
  for (const { cursor } of destroyed) yield writer.line(await loadBody(ctx, id, cursor));
  yield writer.end(ctx.now(), ctx.signingSeed);
}

async function* writeRolls(ctx: Context, context: StatementContext, writer: Writer): AsyncGenerator<string> {
  for (const { group, roll } of context.statement.rolls) {
    const header = context.rolls.get(group);
    const [row] = await ctx.db.select({ file: rolls.file }).from(rolls).where(eq(rolls.hash, roll));
    const file = header && row && decodeRollFile(header, row.file);
    if (!file?.ok) throw new Error('a roll of a statement is not there');
    yield writer.line({ ...header, leaves: file.value.leaves.map(formatField) } as Json);
  }
}

async function* writeKey(ctx: Context, id: Hex32, writer: Writer, messages: readonly Message[]): AsyncGenerator<string> {
  for (const type of KEY_TYPES) {
    const ofType = messages.filter((message) => message.type === type).sort(byAuthor);
    for (const { cursor } of ofType) yield writer.line((await loadBody(ctx, id, cursor)) as KeyMessage);
  }
}

async function* writeBoard(ctx: Context, context: StatementContext, writer: Writer, messages: readonly Message[]): AsyncGenerator<string> {
  const { id, statement } = context;
  const hashes = await listHashes(ctx, id);
  for (let number = 0; number < hashes.length; ) {
    const part = await readCheckpoints(ctx, id, number, BODIES_AT_ONCE);
    for (const { checkpoint, entries, bodies } of part) {
      if (checkpoint.number > hashes.length) break;
      yield writer.line({ ...checkpoint, entries });
      for (const body of bodies) yield writer.line(body);
      number = checkpoint.number;
    }
    if (part.length === 0) throw new Error('a checkpoint is not there');
  }
  const cosignatures = await loadCosignatures(ctx, id, messages);
  const final = lastFinal(statement, hashes, cosignatures);
  // The board may have become final further on since the messages were listed: what the record cannot show it does not tell.
  const waves = (await followBoard(ctx, context)).waves.filter((wave) => wave.checkpointNumber <= final);
  const ofWaves = waves.map((wave) => wave.checkpoint);
  const selected = selectCosignatures(statement, hashes, ofWaves, cosignatures);
  const lost = await listLostOf(ctx, id);
  for (const cosignature of [...selected, ...lost].sort(compareCosignatures)) yield writer.line(cosignature);
  for (const wave of waves) yield* writeWave(ctx, id, writer, wave, messages);
}

/** What shows that the board is not whole, so that no check of its record holds. */
async function listLostOf(ctx: Context, id: Hex32): Promise<Cosignature[]> {
  const stored = await loadStatement(ctx, id);
  return isBoardLost(stored) ? listLost(ctx.db, id, stored.lostBy) : [];
}

async function* writeWave(
  ctx: Context,
  id: Hex32,
  writer: Writer,
  { number, checkpoint, items }: FollowedWave,
  messages: readonly Message[],
): AsyncGenerator<string> {
  yield writer.line({ type: 'wave', statement: id, number, checkpoint, items });
  const openings = messages.filter(({ type, slot, evidence }) => type === 'opening' && slot === number && !evidence).sort(byAuthor);
  for (const { cursor } of openings) yield writer.line(await loadBody(ctx, id, cursor));
}

function byAuthor(a: Message, b: Message): number {
  return a.trustee - b.trustee || a.slot - b.slot;
}

function listMessageHeads(ctx: Context, id: Hex32): Promise<Message[]> {
  const { cursor, type, trustee, slot, evidence } = trusteeMessages;
  return ctx.db.select({ cursor, type, trustee, slot, evidence }).from(trusteeMessages).where(eq(trusteeMessages.statement, id));
}

async function loadBody(ctx: Context, id: Hex32, cursor: number): Promise<Json> {
  const [row] = await ctx.db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.cursor, cursor)));
  if (!row) throw new Error('a message is not there');
  return JSON.parse(row.body) as Json;
}

async function loadCosignatures(ctx: Context, id: Hex32, messages: readonly Message[]): Promise<Cosignature[]> {
  const listed = new Set(messages.map((message) => message.cursor));
  const rows = await ctx.db
    .select({ cursor: trusteeMessages.cursor, body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.type, 'cosignature')));
  return rows.filter(({ cursor }) => listed.has(cursor)).map(({ body }) => JSON.parse(body) as Cosignature);
}

async function listHashes(ctx: Context, id: Hex32): Promise<Hex32[]> {
  const rows = await ctx.db
    .select({ hash: checkpoints.hash })
    .from(checkpoints)
    .where(eq(checkpoints.statement, id))
    .orderBy(asc(checkpoints.number));
  return rows.map((row) => row.hash);
}
