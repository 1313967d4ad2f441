import 'server-only';
import { sealData, unsealData } from 'iron-session';
import { AppError } from './errors.ts';

const COOKIE = 'round-robin-issuer';
const PATH = '/api/issuer';

export type CookieSettings = { sessionSecret: string; publicUrl: string };
/** What the cookie says: which session, and the token that shows it. */
export type SessionTicket = { session: string; token: string };

/** @param ttlSeconds after which neither browser nor seal holds it any more @returns the Set-Cookie */
export async function makeSessionCookie(settings: CookieSettings, ticket: SessionTicket, ttlSeconds: number): Promise<string> {
  return formatCookie(settings, await sealData(ticket, { password: settings.sessionSecret, ttl: ttlSeconds }), ttlSeconds);
}

/** The Set-Cookie that takes the cookie away. */
export function removeSessionCookie(settings: CookieSettings): string {
  return formatCookie(settings, '', 0);
}

/**
 * What the cookie of a request says; null without one, and for one that is forged or too old. Another site of this domain can set a
 * cookie of this name, with a session of its own, and nothing tells which of two is ours: `__Host-` would, and wants the path of the
 * whole site, where no cookie may go.
 * @throws AppError TWO_COOKIES
 */
export async function readSessionCookie(settings: CookieSettings, request: Request): Promise<SessionTicket | null> {
  const [value, ...others] = findCookies(request);
  if (others.length > 0) throw new AppError('TWO_COOKIES');
  return value === undefined ? null : readTicket(settings, value);
}

/** What all cookies of this name say that are good. */
export async function readSessionCookies(settings: CookieSettings, request: Request): Promise<SessionTicket[]> {
  const tickets = await Promise.all(findCookies(request).map((value) => readTicket(settings, value)));
  return tickets.filter((ticket) => ticket !== null);
}

function findCookies(request: Request): string[] {
  const cookies = (request.headers.get('Cookie') ?? '').split(';').map((part) => part.trim());
  const values = cookies.filter((part) => part.startsWith(`${COOKIE}=`)).map((part) => part.slice(COOKIE.length + 1));
  return values.filter((value) => value !== '');
}

async function readTicket({ sessionSecret }: CookieSettings, value: string): Promise<SessionTicket | null> {
  const sealed = await unsealData<Partial<SessionTicket>>(value, { password: sessionSecret }).catch(() => ({}) as Partial<SessionTicket>);
  const { session, token } = sealed;
  return typeof session === 'string' && typeof token === 'string' ? { session, token } : null;
}

function formatCookie({ publicUrl }: CookieSettings, value: string, maxAge: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=${PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}
