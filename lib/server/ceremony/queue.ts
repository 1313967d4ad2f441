import 'server-only';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Database } from '#db/client.ts';
import { and, asc, count, eq, inArray, lt, lte, ne, notInArray, sql } from '#db/drizzle.cjs';
import { ceremonyPlaces as places } from '#db/schema/ceremony.ts';
import type { PlaceStatus } from '#lib/api/ceremony-shapes.ts';
import { PLACE_WORK, workOf } from '#lib/api/work-stamp.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { requireDesk, requireOpen } from './desk.ts';
import type { CeremonyDesk } from './open-desk.ts';

type Place = typeof places.$inferSelect;

const LONGEST_QUEUE = 100;
/** Places after which each further one costs twice as much. */
const PLACES_A_BIT = 10;
const LOCK = 'round-robin-ceremony';
/** Who does something with the queue at the same time: twice as many as can have places. */
const MOST_IN_LINE = 200;
/** Requests about one place that wait, of which one stands in that line. */
const MOST_OF_PLACE = 32;
const TURN = ['called', 'contributing', 'checking'] as const;
const STANDING = ['waiting', ...TURN] as const;

/**
 * Puts whoever asks at the end of the queue. The token, which they have drawn themselves, is all that shows whose place it is.
 * @param stamp of work for the token's hash (lib/api/work-stamp.ts): a place costs the more the more are taken
 * @throws AppError CEREMONY_CLOSED, CEREMONY_FULL, BUSY with the work to be done
 */
export async function takePlace(ctx: Context, token: string, stamp: string | null): Promise<{ token: string }> {
  const desk = requireDesk(ctx);
  await requireOpen(ctx, desk);
  const hash = hashPlaceToken(token);
  requireWork(hash, stamp, await countStanding(ctx, desk)); // before anybody else has to wait
  await inQueue(ctx, desk, token, async (tx) => {
    const [standing] = await tx.select({ count: count() }).from(places).where(standingIn(desk));
    requireWork(hash, stamp, standing?.count ?? 0);
    const row = { ceremony: desk.id, token: hash, expiresAt: ctx.now() + desk.absentSeconds };
    await tx.insert(places).values(row).onConflictDoNothing(); // asked twice, it is the same place
    await advance(ctx, desk, tx); // it may be the only one
  });
  return { token };
}

/** @throws AppError CEREMONY_FULL, BUSY with the work that a place costs while so many are taken */
function requireWork(hash: Hex32, stamp: string | null, taken: number): void {
  if (taken >= LONGEST_QUEUE) throw new AppError('CEREMONY_FULL');
  const work = PLACE_WORK + Math.floor(taken / PLACES_A_BIT);
  if (workOf(hash, stamp) < work) throw new AppError('BUSY', 'a place costs some work', 1, work);
}

/** Where a place stands; asking is also the sign of life of one that waits. @throws AppError PLACE_LOST */
export async function askPlace(ctx: Context, token: string): Promise<PlaceStatus> {
  const desk = requireDesk(ctx);
  await findPlace(ctx.db, desk, token); // whoever has none keeps nobody waiting
  return inQueue(ctx, desk, token, async (tx) => {
    const place = await findPlace(tx, desk, token);
    if (place.state === 'waiting')
      await tx
        .update(places)
        .set({ expiresAt: ctx.now() + desk.absentSeconds })
        .where(isPlace(place));
    desk.heard.set(place.token, ctx.now());
    return describePlace(ctx, desk, tx, place);
  });
}

/** Begins the turn of a place that was called. Again, it changes nothing. @throws AppError NOT_YOUR_TURN, PLACE_LOST */
export async function beginTurn(ctx: Context, token: string): Promise<PlaceStatus> {
  const desk = requireDesk(ctx);
  await findPlace(ctx.db, desk, token);
  return inQueue(ctx, desk, token, async (tx) => {
    const place = await findPlace(tx, desk, token);
    if (place.state === 'contributing') return describePlace(ctx, desk, tx, place);
    if (place.state !== 'called') throw new AppError('NOT_YOUR_TURN');
    const begun = { state: 'contributing', expiresAt: ctx.now() + desk.turnSeconds } as const;
    await tx.update(places).set(begun).where(isPlace(place));
    desk.heard.set(place.token, ctx.now());
    return describePlace(ctx, desk, tx, { ...place, ...begun });
  });
}

/** @throws AppError NOT_YOUR_TURN, PLACE_LOST unless the place has begun its turn */
export async function requireTurn(ctx: Context, token: string): Promise<void> {
  const { state } = await askPlace(ctx, token);
  if (state !== 'contributing') throw new AppError('NOT_YOUR_TURN');
}

/** Gives a place up. One whose key is being checked stays until that is done. */
export async function leavePlace(ctx: Context, token: string): Promise<void> {
  const desk = requireDesk(ctx);
  const isIt = and(eq(places.ceremony, desk.id), eq(places.token, hashPlaceToken(token)), ne(places.state, 'checking'));
  if ((await ctx.db.$count(places, isIt)) === 0) return;
  await inQueue(ctx, desk, token, async (tx) => {
    await tx.delete(places).where(isIt);
    await advance(ctx, desk, tx);
  });
}

/**
 * Does something with the queue while nobody else does, after giving up the places of the absent and calling who is next.
 * @param token of the place that asks for it, which keeps only itself waiting; null for what the platform has to note, and is never
 * refused: a key that was checked for minutes would be lost
 * @throws AppError BUSY
 */
export async function inQueue<T>(ctx: Context, desk: CeremonyDesk, token: string | null, work: (tx: Database) => Promise<T>): Promise<T> {
  const inTransaction = () =>
    ctx.db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`);
      if (desk.isNew) await excuseAbsence(ctx, desk, tx);
      await advance(ctx, desk, tx);
      // A refusal must not undo that the queue went on.
      return work(tx).then(
        (value) => ({ value }),
        (error: unknown) => {
          if (error instanceof AppError) return { error };
          throw error;
        },
      );
    });
  const { lines } = ctx;
  const outcome = await (token === null
    ? lines.wait(LOCK, Number.POSITIVE_INFINITY, inTransaction)
    : lines.wait(`place ${hashPlaceToken(token)}`, MOST_OF_PLACE, () => lines.wait(LOCK, MOST_IN_LINE, inTransaction)));
  desk.isNew = false;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** @throws AppError PLACE_LOST */
export async function findPlace(tx: Database, desk: CeremonyDesk, token: string): Promise<Place> {
  const isIt = and(eq(places.ceremony, desk.id), eq(places.token, hashPlaceToken(token)));
  const [place] = await tx.select().from(places).where(isIt);
  if (!place) throw new AppError('PLACE_LOST');
  return place;
}

export function isPlace({ number }: Pick<Place, 'number'>) {
  return eq(places.number, number);
}

/** What the database keeps of a token. */
export function hashPlaceToken(token: string): Hex32 {
  if (!/^[0-9a-f]{64}$/.test(token)) throw new AppError('PLACE_LOST');
  return bytesToHex(sha256(hexToBytes(token)));
}

/** How many wait or have their turn. */
export async function countStanding(ctx: Context, desk: CeremonyDesk): Promise<number> {
  const isFresh = and(standingIn(desk), sql`(${places.state} = 'checking' or ${places.expiresAt} > ${ctx.now()})`);
  const [standing] = await ctx.db.select({ count: count() }).from(places).where(isFresh);
  return standing?.count ?? 0;
}

/** Gives everybody who stands in the queue time to be heard again. */
async function excuseAbsence(ctx: Context, desk: CeremonyDesk, tx: Database): Promise<void> {
  const soonest = ctx.now() + desk.absentSeconds;
  await tx
    .update(places)
    .set({ expiresAt: soonest })
    .where(and(standingIn(desk), lt(places.expiresAt, soonest)));
}

async function advance(ctx: Context, desk: CeremonyDesk, tx: Database): Promise<void> {
  const now = ctx.now();
  const isHere = eq(places.ceremony, desk.id);
  await tx.delete(places).where(and(isHere, ne(places.state, 'checking'), lte(places.expiresAt, now)));
  await giveUpTheSilent(ctx, desk, tx);
  // A key that was being checked when the process ended is gone; its maker still has it and has time to send it again.
  const known = [...desk.checking];
  const isForgotten = and(isHere, eq(places.state, 'checking'), known.length > 0 ? notInArray(places.token, known) : undefined);
  await tx
    .update(places)
    .set({ state: 'contributing', expiresAt: now + desk.turnSeconds })
    .where(isForgotten);
  const [turn] = await tx
    .select({ number: places.number })
    .from(places)
    .where(and(isHere, inArray(places.state, TURN)));
  if (turn) return;
  const [next] = await tx
    .select({ number: places.number })
    .from(places)
    .where(and(isHere, eq(places.state, 'waiting')))
    .orderBy(asc(places.number))
    .limit(1);
  if (!next) return;
  await tx
    .update(places)
    .set({ state: 'called', expiresAt: now + desk.absentSeconds })
    .where(isPlace(next));
}

/** Who has begun must be heard of too. This process has to have listened for as long: whom it does not know yet it hears of now. */
async function giveUpTheSilent(ctx: Context, desk: CeremonyDesk, tx: Database): Promise<void> {
  const now = ctx.now();
  const isContributing = and(eq(places.ceremony, desk.id), eq(places.state, 'contributing'));
  const contributing = await tx.select({ number: places.number, token: places.token }).from(places).where(isContributing);
  const before = desk.heard;
  desk.heard = new Map(contributing.map(({ token }) => [token, before.get(token) ?? now]));
  for (const { number, token } of contributing) {
    if (now - (desk.heard.get(token) ?? now) < desk.absentSeconds) continue;
    await tx.delete(places).where(isPlace({ number }));
  }
}

function standingIn(desk: CeremonyDesk) {
  return and(eq(places.ceremony, desk.id), inArray(places.state, STANDING));
}

async function describePlace(ctx: Context, desk: CeremonyDesk, tx: Database, place: Place): Promise<PlaceStatus> {
  const secondsLeft = Math.max(0, place.expiresAt - ctx.now());
  switch (place.state) {
    case 'waiting': {
      const [before] = await tx
        .select({ count: count() })
        .from(places)
        .where(and(standingIn(desk), lt(places.number, place.number)));
      return { state: 'waiting', ahead: before?.count ?? 0 };
    }
    case 'called':
    case 'contributing':
      return { state: place.state, secondsLeft };
    case 'checking':
      return { state: 'checking' };
    case 'accepted':
      return { state: 'accepted', position: place.position ?? 0 };
    case 'refused':
      return { state: 'refused', reason: place.reason ?? '' };
  }
}
