import 'server-only';
import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { openedEntries, revealedNames, rolls, trusteeMessages, waves } from '#db/schema.ts';
import { entryHash } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { revealedBy } from '#lib/protocol/reveal/chain.ts';
import { sizeOf, type Wave } from '#lib/protocol/reveal/wave-content.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { loadLists, loadOpenings } from '../messages/load-chains.ts';
import { type FollowedWave, listWaves } from './follower.ts';
import { loadWaveEntries } from './wave-entries.ts';

/** Names that are computed before an answer; more are left to the clock. */
const NAMES_AT_ONCE = 200;
const ROWS_AT_ONCE = 1_000;

type OpenedWave = FollowedWave & { wave: Wave; openedBy: Hex32 };

/**
 * Makes a wave public once k trustees have opened one chain of it: which chain that is, and its entries. From then on nothing of this
 * wave is withheld. SPEC §10.6.
 */
export async function revealWave(ctx: Context, context: StatementContext, { number, wave }: FollowedWave): Promise<void> {
  const { id, statement } = context;
  const openedBy = revealedBy(statement.committee.threshold, await loadOpenings(ctx.db, id, number));
  if (openedBy === null || wave === null) return;
  await ctx.db.transaction(async (tx) => {
    const isIt = and(eq(waves.statement, id), eq(waves.number, number), isNotNull(waves.body));
    const [row] = await tx.select({ openedBy: waves.openedBy }).from(waves).where(isIt).for('update');
    if (!row || row.openedBy !== null) return;
    const rows = (await loadWaveEntries(tx, id, wave)).map((body) => ({ statement: id, wave: number, hash: entryHash(body), body }));
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
      await tx.insert(openedEntries).values(rows.slice(start, start + ROWS_AT_ONCE));
    await tx.update(waves).set({ openedBy }).where(isIt);
  });
  if (sizeOf(wave) <= NAMES_AT_ONCE) await revealNames(ctx, context);
}

/**
 * Reads the names of every opened wave out of the capsules, once, and keeps them: thousands take seconds. They are a function of
 * what the record holds and of the capsules; whoever reads the record checks them. SPEC §10.8.
 */
export async function revealNames(ctx: Context, context: StatementContext): Promise<void> {
  const opened = (await listWaves(ctx.db, context.id)).filter((wave): wave is OpenedWave => wave.openedBy !== null && wave.wave !== null);
  const known = await ctx.db
    .select({ wave: revealedNames.wave, group: revealedNames.groupId })
    .from(revealedNames)
    .where(eq(revealedNames.statement, context.id));
  for (const wave of opened)
    for (const [place, { group }] of wave.wave.groups.entries())
      if (!known.some((row) => row.wave === wave.number && row.group === group)) await readNames(ctx, context, wave, place, group);
}

async function readNames(ctx: Context, context: StatementContext, wave: OpenedWave, place: number, group: Hex32): Promise<void> {
  const header = context.rolls.get(group);
  const roll = context.statement.rolls.find((one) => one.group === group)?.roll as Hex32;
  const [row] = await ctx.db.select({ capsules: rolls.capsules }).from(rolls).where(eq(rolls.hash, roll));
  if (!header || !row?.capsules) throw new Error('the capsules of a roll are not there');
  const { threshold } = context.statement.committee;
  const body = await ctx.threads.run('readNames', {
    statement: context.id,
    wave: wave.number,
    header,
    place,
    list: (await loadLists(ctx.db, context.id, wave.openedBy))[place] as string,
    openings: await loadOpeningBodies(ctx.db, context.id, wave, threshold),
    capsules: row.capsules,
  });
  await ctx.db.insert(revealedNames).values({ statement: context.id, wave: wave.number, groupId: group, body }).onConflictDoNothing();
}

/** k openings of the chain by which a wave was opened. Each was checked when it was taken. */
async function loadOpeningBodies(db: Database, id: Hex32, wave: OpenedWave, threshold: number) {
  const rows = await db
    .select({ body: trusteeMessages.body })
    .from(trusteeMessages)
    .where(
      and(
        eq(trusteeMessages.statement, id),
        eq(trusteeMessages.type, 'opening'),
        eq(trusteeMessages.slot, wave.number),
        eq(trusteeMessages.subject, wave.openedBy),
        eq(trusteeMessages.evidence, false),
      ),
    )
    .orderBy(asc(trusteeMessages.trustee))
    .limit(threshold);
  return rows.flatMap(({ body }) => (body.type === 'opening' ? [body] : []));
}

/** Statements with an opened wave of which names are missing: large ones, and those that a crash cut off. */
export async function findUnnamed(db: Database): Promise<Hex32[]> {
  const opened = await db
    .selectDistinct({ id: waves.statement })
    .from(waves)
    .leftJoin(revealedNames, and(eq(revealedNames.statement, waves.statement), eq(revealedNames.wave, waves.number)))
    .where(and(isNotNull(waves.openedBy), isNull(revealedNames.wave)));
  return opened.map(({ id }) => id);
}

/** The groups whose names are read in pieces: of each wave, by number. */
export async function listNames(db: Database, id: Hex32, numbers?: readonly number[]) {
  const ofThese = numbers ? inArray(revealedNames.wave, [...numbers]) : undefined;
  const rows = await db
    .select({ body: revealedNames.body })
    .from(revealedNames)
    .where(and(eq(revealedNames.statement, id), ofThese))
    .orderBy(asc(revealedNames.wave), asc(revealedNames.groupId));
  return rows.map(({ body }) => body);
}
