import 'server-only';
import { sealData, unsealData } from 'iron-session';

// Nothing on the anonymous routes may reach this file: the import arrows forbid it, and the cookie's path keeps browsers from
// sending it there.

const COOKIE = 'round-robin-issuer';
const PATH = '/api/issuer';
const TTL_SECONDS = 12 * 3600;

type Settings = { sessionSecret: string; publicUrl: string };
type Session = { issuer?: unknown };

/** The Set-Cookie that signs an account in for twelve hours. */
export async function sealSession(settings: Settings, issuer: string): Promise<string> {
  const value = await sealData({ issuer }, { password: settings.sessionSecret, ttl: TTL_SECONDS });
  return cookie(settings, value, TTL_SECONDS);
}

/** The Set-Cookie that signs out. */
export function clearSession(settings: Settings): string {
  return cookie(settings, '', 0);
}

/** The account that a request's cookie signs in; null for none, an old one or a forged one. */
export async function readSession({ sessionSecret }: Settings, request: Request): Promise<string | null> {
  const cookies = (request.headers.get('Cookie') ?? '').split(';').map((part) => part.trim());
  const value = cookies.find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  if (!value) return null;
  const session = await unsealData<Session>(value, { password: sessionSecret, ttl: TTL_SECONDS }).catch((): Session => ({}));
  return typeof session.issuer === 'string' ? session.issuer : null;
}

function cookie({ publicUrl }: Settings, value: string, maxAge: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${value}; Path=${PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}
