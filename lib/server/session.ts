import 'server-only';
import { randomBytes } from 'node:crypto';
import type { ClerkOf } from '#db/approve-issuer.ts';
import { and, desc, eq, gt, lte, or } from '#db/drizzle.cjs';
import { clerks, sessions } from '#db/schema/clerks.ts';
import { hashToken } from '#db/sign-in-link.ts';
import type { Context } from './context.ts';
import { AppError } from './errors.ts';
import {
  type CookieSettings,
  makeSessionCookie,
  readSessionCookie,
  readSessionCookies,
  removeSessionCookie,
  type SessionTicket,
} from './session-cookie.ts';
import { IDLE_SECONDS, judgeToken } from './session-token.ts';

// Nothing on the anonymous routes may reach this file: the import arrows forbid it, and the cookie's path keeps browsers from
// sending it there.

/** A session ends then, however much it is used. */
const LONGEST_SECONDS = 12 * 3600;

/** Who a request comes from: a clerk of an issuer, and the session that says so. */
export type SignedIn = ClerkOf & { session: string };
/** A session as its owner sees it. No address and no browser is kept: times tell sessions apart. */
export type SessionView = { id: string; startedAt: number; activeAt: number; isThis: boolean };

type Row = typeof sessions.$inferSelect & { issuer: string };

/**
 * Signs a clerk in. The cookie is sealed and carries a token whose hash is a row in the database: a copy of it is worth nothing once
 * the row is gone, and not for long before.
 * @returns the Set-Cookie
 */
export async function openSession(ctx: Context, settings: CookieSettings, { clerk }: Pick<ClerkOf, 'clerk'>): Promise<string> {
  const now = ctx.now();
  const token = createToken();
  const times = { startedAt: now, rotatedAt: now, expiresAt: now + IDLE_SECONDS };
  await ctx.db.delete(sessions).where(lte(sessions.expiresAt, now));
  const [row] = await ctx.db
    .insert(sessions)
    .values({ token: hashToken(token), clerk, isConfirmed: true, ...times })
    .returning({ id: sessions.id });
  return makeSessionCookie(settings, { session: row?.id ?? '', token }, IDLE_SECONDS);
}

/**
 * Who a request's cookie signs in, and the cookie that takes its place, if it is time for one. A cookie that was replaced long ago ends
 * its session.
 * @returns null for none, an old one, a forged one, and one whose session is over
 */
export async function readSession(
  ctx: Context,
  settings: CookieSettings,
  request: Request,
): Promise<{ signedIn: SignedIn; cookie: string | null } | null> {
  const ticket = await readSessionCookie(settings, request);
  const row = ticket && (await findSession(ctx, ticket.session));
  if (!row) return null;
  const signedIn = { issuer: row.issuer, clerk: row.clerk, session: row.id };
  switch (judgeToken(row, hashToken(ticket.token), ctx.now())) {
    case 'good':
      return { signedIn, cookie: null };
    case 'confirm':
      await ctx.db.update(sessions).set({ isConfirmed: true }).where(isUnchanged(row));
      return { signedIn, cookie: null };
    case 'rotate':
      return { signedIn, cookie: await rotate(ctx, settings, row, ticket) };
    case 'copied':
      await ctx.db.delete(sessions).where(isUnchanged(row));
      return null;
    case 'over':
      return null;
  }
}

/** Ends the sessions that a request shows, for every copy of their cookies. @returns the Set-Cookie that takes its own away */
export async function endSession(ctx: Context, settings: CookieSettings, request: Request): Promise<string> {
  for (const ticket of await readSessionCookies(settings, request)) {
    const hash = hashToken(ticket.token);
    await ctx.db.delete(sessions).where(and(eq(sessions.id, ticket.session), or(eq(sessions.token, hash), eq(sessions.previous, hash))));
  }
  return removeSessionCookie(settings);
}

/** Ends all sessions of a clerk, wherever they are. @returns the Set-Cookie that takes away the one of the request */
export async function endAllSessions(ctx: Context, settings: CookieSettings, { clerk }: SignedIn): Promise<string> {
  await ctx.db.delete(sessions).where(eq(sessions.clerk, clerk));
  return removeSessionCookie(settings);
}

/**
 * Ends one session of the clerk, this one or another.
 * @returns the Set-Cookie where it is this one @throws AppError SESSION_NOT_FOUND, for one of somebody else too
 */
export async function endOneSession(ctx: Context, settings: CookieSettings, signedIn: SignedIn, id: string): Promise<string | null> {
  const ended = isUuid(id)
    ? await ctx.db
        .delete(sessions)
        .where(and(eq(sessions.id, id), eq(sessions.clerk, signedIn.clerk)))
        .returning({ id: sessions.id })
    : [];
  if (ended.length === 0) throw new AppError('SESSION_NOT_FOUND');
  return id === signedIn.session ? removeSessionCookie(settings) : null;
}

/** The sessions of the clerk that are not over, newest first. */
export async function listSessions(ctx: Context, { clerk, session }: SignedIn): Promise<SessionView[]> {
  const rows = await ctx.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.clerk, clerk), gt(sessions.expiresAt, ctx.now())))
    .orderBy(desc(sessions.startedAt), sessions.id);
  return rows.map(({ id, startedAt, rotatedAt }) => ({ id, startedAt, activeAt: rotatedAt, isThis: id === session }));
}

/** Of several requests that rotate at once, one does; the others go on with what they have. */
async function rotate(ctx: Context, settings: CookieSettings, row: Row, shown: SessionTicket): Promise<string | null> {
  const now = ctx.now();
  const token = createToken();
  const expiresAt = Math.min(now + IDLE_SECONDS, row.startedAt + LONGEST_SECONDS);
  const next = { token: hashToken(token), previous: hashToken(shown.token), rotatedAt: now, isConfirmed: false, expiresAt };
  const rotated = await ctx.db.update(sessions).set(next).where(isUnchanged(row)).returning({ id: sessions.id });
  return rotated.length > 0 ? makeSessionCookie(settings, { session: row.id, token }, IDLE_SECONDS) : null;
}

/** A session of a clerk who is in: it may have been opened just as another removed them. */
async function findSession(ctx: Context, id: string): Promise<Row | null> {
  const isIt = and(eq(sessions.id, id), eq(clerks.state, 'in'));
  const [row] = isUuid(id) ? await ctx.db.select().from(sessions).innerJoin(clerks, eq(clerks.id, sessions.clerk)).where(isIt) : [];
  return row ? { ...row.sessions, issuer: row.clerks.issuer } : null;
}

/** That nobody has rotated a session since its row was read. */
function isUnchanged({ id, token }: Row) {
  return and(eq(sessions.id, id), eq(sessions.token, token));
}

function createToken(): string {
  return randomBytes(32).toString('base64url');
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
