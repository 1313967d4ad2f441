import 'server-only';
import { and, asc, eq, lte } from '#db/drizzle.cjs';
import { rolls } from '#db/schema/membership.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import { decodeRollFile } from '#lib/api/roll-file.ts';
import type { Cosignature } from '#lib/protocol/board/cosignature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { compareCosignatures, createRecordWriter, selectCosignatures } from '#lib/protocol/record/writer.ts';
import { chainTo } from '#lib/protocol/reveal/chain.ts';
import type { Wave } from '#lib/protocol/reveal/wave-content.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type FollowedWave, followBoard, loadHashes } from '../board/follower.ts';
import { isBoardLost, listLost } from '../board/loss.ts';
import { readCheckpoints } from '../board/read.ts';
import { listNames, revealNames } from '../board/reveal-names.ts';
import { streamWaveEntries } from '../board/wave-entries.ts';
import { type Context, platformSeedOf } from '../context.ts';
import { loadChains, loadLists } from '../messages/load-chains.ts';
import { judgeKey, KEY_TYPES } from '../statements/judge-key.ts';
import { loadStatement } from '../statements/load.ts';

type Message = { cursor: number; type: string; trustee: number; slot: number; hash: Hex32; subject: Hex32 | null; evidence: boolean };
type Writer = ReturnType<typeof createRecordWriter>;
type Opened = FollowedWave & { wave: Wave; openedBy: Hex32 };

const CHECKPOINTS_AT_ONCE = 200;

/**
 * Writes the record of a statement, line by line, as it is now, and seals it. It is read in pieces while it is sent, so that
 * a slow reader holds no connection to the database; what the pieces show together is fixed at the start. SPEC §12.1.
 */
export async function* streamRecord(ctx: Context, id: string): AsyncGenerator<string> {
  const { context } = await loadStatement(ctx, id);
  const writer = createRecordWriter(context);
  const key = await judgeKey(ctx, context);
  const opened = key.status === 'keyed' ? await findOpened(ctx, context, key) : [];
  const messages = await listMessageHeads(ctx, id);
  yield writer.header();
  yield* writeRolls(ctx, context, writer);
  yield* writeKey(ctx, id, writer, messages);
  if (key.status === 'keyed') yield* writeBoard(ctx, id, writer, messages);
  for (const wave of opened) yield* writeWave(ctx, context, writer, wave, messages);
  const destroyed = messages.filter(({ type, evidence }) => type === 'destroyed' && !evidence).sort(byAuthor);
  for (const { cursor } of destroyed) yield writer.line(await loadBody(ctx, id, cursor));
  yield writer.end(ctx.now(), platformSeedOf(ctx, context));
}

/** The waves that are public, their names with them. */
async function findOpened(ctx: Context, context: StatementContext, keyed: Keyed): Promise<Opened[]> {
  const { waves } = await followBoard(ctx, context, keyed);
  await revealNames(ctx, context);
  return waves.filter((wave): wave is Opened => wave.openedBy !== null && wave.wave !== null);
}

async function* writeRolls(ctx: Context, context: StatementContext, writer: Writer): AsyncGenerator<string> {
  for (const { group, roll } of context.statement.rolls) {
    const header = context.rolls.get(group);
    if (!header) throw new Error('a roll of a statement is not there');
    yield writer.line(await readRoll(ctx, header, roll));
  }
}

async function readRoll(ctx: Context, header: RollHeader, roll: Hex32): Promise<Json> {
  const [row] = await ctx.db.select({ file: rolls.file }).from(rolls).where(eq(rolls.hash, roll));
  const file = row && decodeRollFile(header, row.file);
  if (!file?.ok) throw new Error('a roll of a statement is not there');
  return { ...header, leaves: file.value.leaves.map(formatField) } as Json;
}

async function* writeKey(ctx: Context, id: Hex32, writer: Writer, messages: readonly Message[]): AsyncGenerator<string> {
  for (const type of KEY_TYPES) {
    const ofType = messages.filter((message) => message.type === type).sort(byAuthor);
    for (const { cursor } of ofType) yield writer.line(await loadBody(ctx, id, cursor));
  }
}

async function* writeBoard(ctx: Context, id: Hex32, writer: Writer, messages: readonly Message[]): AsyncGenerator<string> {
  const hashes = await loadHashes(ctx.db, id);
  for (let from = 1; from <= hashes.length; from += CHECKPOINTS_AT_ONCE) {
    const to = Math.min(from + CHECKPOINTS_AT_ONCE - 1, hashes.length);
    for (const checkpoint of await readCheckpoints(ctx, id, from, to)) yield writer.line(checkpoint);
  }
  const cosignatures = await loadCosignatures(ctx, id, messages);
  const lost = await listLostOf(ctx, id);
  for (const cosignature of [...selectCosignatures(hashes, cosignatures), ...lost].sort(compareCosignatures))
    yield writer.line(cosignature);
}

/** What shows that the board is not whole, so that no check of its record holds. */
async function listLostOf(ctx: Context, id: Hex32): Promise<Cosignature[]> {
  const stored = await loadStatement(ctx, id);
  return isBoardLost(stored) ? listLost(ctx.db, id, stored.lostBy) : [];
}

/** A wave, its entries, the steps of the chain by which it was opened with their lists, all openings of that chain, and the names. */
async function* writeWave(
  ctx: Context,
  context: StatementContext,
  writer: Writer,
  wave: Opened,
  messages: readonly Message[],
): AsyncGenerator<string> {
  const { id } = context;
  yield writer.line(wave.wave);
  for await (const entry of streamWaveEntries(ctx.db, id, wave.wave)) yield writer.line(entry);
  const chain = chainTo(await loadChains(ctx.db, context, wave), wave.openedBy);
  for (const { hash } of chain) {
    yield writer.line(await loadByHash(ctx, id, hash));
    for (const list of await loadLists(ctx.db, id, hash)) yield writer.line(JSON.parse(list) as Json);
  }
  const openings = messages.filter(
    (one) => one.type === 'opening' && one.slot === wave.number && one.subject === wave.openedBy && !one.evidence,
  );
  for (const { cursor } of openings.sort(byAuthor)) yield writer.line(await loadBody(ctx, id, cursor));
  for (const names of await listNames(ctx.db, id, [wave.number])) yield writer.line(names);
}

/** Of one author and kind by what it is about, then by hash. SPEC §12.1. */
function byAuthor(a: Message, b: Message): number {
  return a.trustee - b.trustee || a.slot - b.slot || (a.hash < b.hash ? -1 : 1);
}

function listMessageHeads(ctx: Context, id: Hex32): Promise<Message[]> {
  const { cursor, type, trustee, slot, hash, subject, evidence } = trusteeMessages;
  return ctx.db
    .select({ cursor, type, trustee, slot, hash, subject, evidence })
    .from(trusteeMessages)
    .where(eq(trusteeMessages.statement, id))
    .orderBy(asc(cursor));
}

async function loadBody(ctx: Context, id: Hex32, cursor: number): Promise<Json> {
  const [row] = await ctx.db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.cursor, cursor)));
  if (!row) throw new Error('a message is not there');
  return row.body;
}

async function loadByHash(ctx: Context, id: Hex32, hash: Hex32): Promise<Json> {
  const [row] = await ctx.db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.hash, hash)));
  if (!row) throw new Error('a step is not there');
  return row.body;
}

/** Those that were there when the messages were listed. */
async function loadCosignatures(ctx: Context, id: Hex32, messages: readonly Message[]): Promise<Cosignature[]> {
  const newest = messages.at(-1)?.cursor ?? 0;
  const rows = await ctx.db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(trusteeMessages.type, 'cosignature'), lte(trusteeMessages.cursor, newest)));
  return rows.flatMap(({ body }) => (body.type === 'cosignature' ? [body] : []));
}
