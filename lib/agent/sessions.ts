// Sessions of browsers, in memory only: a restart ends them, and nothing of them ever reaches a disk
import { createHash } from 'node:crypto';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Random, randomBelow } from '#lib/protocol/numbers/random.ts';
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
/** RFC 6265bis §4.1.3.2: browsers take such a cookie from this host alone, so that none beside it, under one domain, can set it. */
const HOST_ONLY = '__Host-';
/** As long as the words of a mail are good. */
const LIFE_SECONDS = 86_400;
/** About 50 MB. */
const MOST_SESSIONS = 100_000;
/** Of how many sessions that are drawn by lot the one goes that is missed least. */
const DRAWN = 64;

/** `at`: its place among the keys. */
type Kept = { session: BrowserSession; at: number };

/** @param isSecure whether browsers reach the agent by https @param most sessions at a time */
export function createSessions(isSecure: boolean, random: Random, most = MOST_SESSIONS): Sessions {
  // By the hash of the cookie, in the order in which they began; the keys in any order, so that some can be drawn by lot.
  const sessions = new Map<string, Kept>();
  const keys: string[] = [];
  const name = isSecure ? `${HOST_ONLY}${COOKIE}` : COOKIE;
  const draw = () => Buffer.from(random(32)).toString('base64url');
  const keyOf = (cookieHeader: string | undefined) => {
    const parts = (cookieHeader ?? '').split(';').map((part) => part.trim());
    const value = parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
    return value ? hashOf(value) : null;
  };
  const remove = (key: string) => {
    const kept = sessions.get(key);
    const last = keys.at(-1);
    if (!kept || last === undefined) return;
    keys[kept.at] = last;
    (sessions.get(last) as Kept).at = kept.at;
    keys.pop();
    sessions.delete(key);
  };
  const findLeastMissed = (now: number) => {
    const drawn = Array.from({ length: DRAWN }, () => keys[randomBelow(keys.length, random)] as string);
    const worth = (key: string) => worthOf((sessions.get(key) as Kept).session, now);
    return drawn.reduce((least, key) => (worth(key) < worth(least) ? key : least));
  };
  return {
    find(cookieHeader, now) {
      const session = sessions.get(keyOf(cookieHeader) ?? '')?.session;
      return session && session.expires > now ? session : null;
    },
    open(now, isClerk = false) {
      for (const [key, { session }] of sessions) {
        if (session.expires > now) break;
        remove(key);
      }
      if (sessions.size >= most) remove(findLeastMissed(now));
      const value = draw();
      const session = { formToken: draw(), expires: now + LIFE_SECONDS, isClerk };
      sessions.set(hashOf(value), { session, at: keys.push(hashOf(value)) - 1 });
      // Lax and not Strict: a sign-in service sends the browser back from another site.
      const cookie = `${name}=${value}; Path=/; Max-Age=${LIFE_SECONDS}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
      return { session, cookie };
    },
    end: (cookieHeader) => remove(keyOf(cookieHeader) ?? ''),
  };
}

/**
 * How much a session would be missed, by what it took to have it: a clerk's code, a proof of who somebody is, a mail to somebody who may
 * join; words and the like, which anybody gets for asking; nothing. Whoever asks for pages, however many, ends nobody's admission.
 */
function worthOf({ isClerk, code, words, signIn, given }: BrowserSession, now: number): number {
  const isPending = (pending: { expires: number } | undefined) => pending !== undefined && pending.expires > now;
  if (isClerk) return 4;
  if (given !== undefined) return 3;
  if (isPending(code) && code?.hash !== null) return 2;
  return [code, words, signIn].some(isPending) ? 1 : 0;
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
