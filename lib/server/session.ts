import 'server-only';
import { randomBytes } from 'node:crypto';
import { and, eq, gt, lte } from 'drizzle-orm';
import { sealData, unsealData } from 'iron-session';
import { sessions } from '#db/schema/membership.ts';
import { hashToken } from '#db/sign-in-link.ts';
import type { Context } from './context.ts';

// Nothing on the anonymous routes may reach this file: the import arrows forbid it, and the cookie's path keeps browsers from
// sending it there.

const COOKIE = 'round-robin-issuer';
const PATH = '/api/issuer';
const TTL_SECONDS = 12 * 3600;

type Settings = { sessionSecret: string; publicUrl: string };
type Sealed = { session?: unknown };

/**
 * Signs an account in for twelve hours. The cookie is sealed and carries a token whose hash is a row in the database: a copy of it
 * is worth nothing once the row is gone.
 * @returns the Set-Cookie
 */
export async function openSession(ctx: Context, settings: Settings, issuer: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = ctx.now() + TTL_SECONDS;
  await ctx.db.delete(sessions).where(lte(sessions.expiresAt, ctx.now()));
  await ctx.db.insert(sessions).values({ token: hashToken(token), issuer, expiresAt });
  const value = await sealData({ session: token }, { password: settings.sessionSecret, ttl: TTL_SECONDS });
  return cookie(settings, value, TTL_SECONDS);
}

/** Ends the session of a request, if it has one, for every copy of its cookie. @returns the Set-Cookie that takes it away */
export async function endSession(ctx: Context, settings: Settings, request: Request): Promise<string> {
  const token = await readToken(settings, request);
  if (token !== null) await ctx.db.delete(sessions).where(eq(sessions.token, hashToken(token)));
  return cookie(settings, '', 0);
}

/** Ends all sessions of an account, wherever they are. @returns the Set-Cookie that takes away the one of the request */
export async function endAllSessions(ctx: Context, settings: Settings, issuer: string): Promise<string> {
  await ctx.db.delete(sessions).where(eq(sessions.issuer, issuer));
  return cookie(settings, '', 0);
}

/** The account that a request's cookie signs in; null for none, an old one, a forged one, and one whose session was ended. */
export async function readSession(ctx: Context, settings: Settings, request: Request): Promise<string | null> {
  const token = await readToken(settings, request);
  if (token === null) return null;
  const [session] = await ctx.db
    .select({ issuer: sessions.issuer })
    .from(sessions)
    .where(and(eq(sessions.token, hashToken(token)), gt(sessions.expiresAt, ctx.now())));
  return session?.issuer ?? null;
}

async function readToken({ sessionSecret }: Settings, request: Request): Promise<string | null> {
  const cookies = (request.headers.get('Cookie') ?? '').split(';').map((part) => part.trim());
  const value = cookies.find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  if (!value) return null;
  const sealed = await unsealData<Sealed>(value, { password: sessionSecret, ttl: TTL_SECONDS }).catch((): Sealed => ({}));
  return typeof sealed.session === 'string' ? sealed.session : null;
}

function cookie({ publicUrl }: Settings, value: string, maxAge: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=${PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}
