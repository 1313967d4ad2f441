// Sessions of browsers, in memory only: a restart ends them, and nothing of them ever reaches a disk
import { createHash } from 'node:crypto';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { PendingSignIn } from './openid.ts';
import type { PendingCode } from './work-code.ts';
import type { DrawnWords } from './work-mail.ts';

/** What belongs to one browser. */
export type BrowserSession = {
  /** Goes with each form, so that no other page can send one. */
  formToken: string;
  expires: number;
  isClerk: boolean;
  code?: PendingCode | undefined;
  words?: (DrawnWords & { group: Hex32 }) | undefined;
  signIn?: (PendingSignIn & { group: Hex32 }) | undefined;
  /** The invitation that this browser was given or has answered: by its secret. */
  given?: { group: Hex32; secret: Hex32 } | undefined;
};

export type Sessions = {
  find(cookieHeader: string | undefined, now: number): BrowserSession | null;
  /** Opens a session. @returns the value of Set-Cookie */
  open(now: number, isClerk?: boolean): { session: BrowserSession; cookie: string };
  end(cookieHeader: string | undefined): void;
};

const COOKIE = 'round-robin-agent';
/** As long as the words of a mail are good. */
const LIFE_SECONDS = 86_400;
const MOST_SESSIONS = 20_000;

/** @param isSecure whether browsers reach the agent by https */
export function createSessions(isSecure: boolean, random: Random): Sessions {
  // By the hash of the cookie, in the order in which they began.
  const sessions = new Map<string, BrowserSession>();
  const draw = () => Buffer.from(random(32)).toString('base64url');
  const keyOf = (cookieHeader: string | undefined) => {
    const parts = (cookieHeader ?? '').split(';').map((part) => part.trim());
    const value = parts.find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
    return value ? hashOf(value) : null;
  };
  return {
    find(cookieHeader, now) {
      const session = sessions.get(keyOf(cookieHeader) ?? '');
      return session && session.expires > now ? session : null;
    },
    open(now, isClerk = false) {
      for (const [key, { expires }] of sessions) {
        if (expires > now) break;
        sessions.delete(key);
      }
      if (sessions.size >= MOST_SESSIONS) sessions.delete(leastMissed(sessions, now));
      const value = draw();
      const session = { formToken: draw(), expires: now + LIFE_SECONDS, isClerk };
      sessions.set(hashOf(value), session);
      // Lax and not Strict: a sign-in service sends the browser back from another site.
      const cookie = `${COOKIE}=${value}; Path=/; Max-Age=${LIFE_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
      return { session, cookie };
    },
    end: (cookieHeader) => void sessions.delete(keyOf(cookieHeader) ?? ''),
  };
}

/**
 * Of too many sessions the one that goes: the oldest that holds nothing, else the oldest that is no clerk's. Whoever only opens pages,
 * however many, ends nobody's admission.
 */
function leastMissed(sessions: ReadonlyMap<string, BrowserSession>, now: number): string {
  let oldest: string | undefined;
  for (const [key, { isClerk, code, words, signIn, given }] of sessions) {
    const isUnderWay = [code, words, signIn].some((pending) => pending !== undefined && pending.expires > now);
    if (!isClerk && !isUnderWay && given === undefined) return key;
    if (!isClerk) oldest ??= key;
  }
  return oldest ?? (sessions.keys().next().value as string);
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
