import 'server-only';
import { sealData, unsealData } from 'iron-session';

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

/** What the cookie of a request says; null without one, and for one that is forged or too old. */
export async function readSessionCookie({ sessionSecret }: CookieSettings, request: Request): Promise<SessionTicket | null> {
  const cookies = (request.headers.get('Cookie') ?? '').split(';').map((part) => part.trim());
  const value = cookies.find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  if (!value) return null;
  const sealed = await unsealData<Partial<SessionTicket>>(value, { password: sessionSecret }).catch(() => ({}) as Partial<SessionTicket>);
  const { session, token } = sealed;
  return typeof session === 'string' && typeof token === 'string' ? { session, token } : null;
}

function formatCookie({ publicUrl }: CookieSettings, value: string, maxAge: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=${PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}
