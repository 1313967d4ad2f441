import 'server-only';
import type { Database } from '#db/client.ts';
import { and, asc, eq, inArray, isNotNull, isNull } from '#db/drizzle.cjs';
import { rolls } from '#db/schema/membership.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import { revealedNames, waves } from '#db/schema/reveal.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import { sizeOf, type Wave } from '#lib/protocol/reveal/wave-content.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { loadLists } from '../messages/load-chains.ts';

type OpenedWave = { number: number; wave: Wave; openedBy: Hex32 };

/** Waves whose names are read together, up to the one with which they are enough: the capsules of a roll are unpacked once for them. */
const TOGETHER = { waves: 200, names: 2_000 };

/**
 * Reads the names of the opened waves of a statement out of the capsules, once, and keeps them: thousands take seconds. They are a
 * function of what the record holds and of the capsules; whoever reads the record checks them. SPEC §10.8.
 */
export async function revealNames(ctx: Context, context: StatementContext): Promise<void> {
  for (;;) {
    const unnamed = takeTogether(await listUnnamed(ctx.db, context.id));
    if (unnamed.length === 0) return;
    const names: Names[] = [];
    for (const { group } of context.statement.rolls) {
      const own = unnamed.filter(({ wave }) => wave.groups.some((one) => one.group === group));
      if (own.length > 0) for (const line of await readNames(ctx, context, group, own)) names.push(line);
    }
    // Those of a wave all at once: a wave with the names of some groups would count as named.
    const rows = names.map((body) => ({ statement: context.id, wave: body.wave, groupId: body.group, body }));
    await ctx.db.insert(revealedNames).values(rows).onConflictDoNothing();
  }
}

/** The opened waves of a statement that have no names yet, the first of them. */
async function listUnnamed(db: Database, id: Hex32): Promise<OpenedWave[]> {
  const rows = await db
    .select({ number: waves.number, wave: waves.body, openedBy: waves.openedBy })
    .from(waves)
    .leftJoin(revealedNames, and(eq(revealedNames.statement, waves.statement), eq(revealedNames.wave, waves.number)))
    .where(and(eq(waves.statement, id), isNotNull(waves.openedBy), isNull(revealedNames.wave)))
    .orderBy(asc(waves.number))
    .limit(TOGETHER.waves);
  return rows.filter((row): row is OpenedWave => row.wave !== null && row.openedBy !== null);
}

function takeTogether(unnamed: readonly OpenedWave[]): OpenedWave[] {
  let total = 0;
  return unnamed.filter(({ wave }) => {
    const fits = total < TOGETHER.names;
    total += sizeOf(wave);
    return fits;
  });
}

async function readNames(ctx: Context, context: StatementContext, group: Hex32, own: readonly OpenedWave[]): Promise<Names[]> {
  const header = context.rolls.get(group);
  const roll = context.statement.rolls.find((one) => one.group === group)?.roll as Hex32;
  const [row] = await ctx.db.select({ capsules: rolls.capsules }).from(rolls).where(eq(rolls.hash, roll));
  if (!header || !row?.capsules) throw new Error('the capsules of a roll are not there');
  const parts: { wave: number; place: number; list: string; openings: Opening[] }[] = [];
  for (const wave of own) {
    const place = wave.wave.groups.findIndex((one) => one.group === group);
    const list = (await loadLists(ctx.db, context.id, wave.openedBy))[place] as string;
    parts.push({ wave: wave.number, place, list, openings: await loadOpeningBodies(ctx.db, context, wave) });
  }
  return ctx.threads.run('readNames', { statement: context.id, header, capsules: row.capsules, parts });
}

/** k openings of the chain by which a wave was opened. Each was checked when it was taken. */
async function loadOpeningBodies(db: Database, { id, statement }: StatementContext, wave: OpenedWave): Promise<Opening[]> {
  const { type, slot, subject, evidence, trustee, body } = trusteeMessages;
  const isOfChain = and(eq(slot, wave.number), eq(subject, wave.openedBy), eq(evidence, false));
  const rows = await db
    .select({ body })
    .from(trusteeMessages)
    .where(and(eq(trusteeMessages.statement, id), eq(type, 'opening'), isOfChain))
    .orderBy(asc(trustee))
    .limit(statement.committee.threshold);
  return rows.flatMap((row) => (row.body.type === 'opening' ? [row.body] : []));
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

/** The lines of names of a statement, or of some of its waves, by wave and group. */
export async function listNames(db: Database, id: Hex32, numbers?: readonly number[]): Promise<Names[]> {
  const ofThese = numbers ? inArray(revealedNames.wave, [...numbers]) : undefined;
  const rows = await db
    .select({ body: revealedNames.body })
    .from(revealedNames)
    .where(and(eq(revealedNames.statement, id), ofThese))
    .orderBy(asc(revealedNames.wave), asc(revealedNames.groupId));
  return rows.map(({ body }) => body);
}
