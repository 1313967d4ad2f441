import 'server-only';

/** Seconds after which a session that is used gets another token, and for which the one before is still taken afterwards. */
const ROTATION_SECONDS = 600;
const OVERLAP_SECONDS = 60;
/** A session ends so long after its last rotation. */
export const IDLE_SECONDS = 3_600;

/** The tokens of a session, by their hashes. */
export type TokenState = {
  token: string;
  previous: string | null;
  /** Unix seconds. */
  rotatedAt: number;
  /** Whether its browser has shown the newest token: until then the browser may never have got it. */
  isConfirmed: boolean;
  expiresAt: number;
};

/**
 * What a token that a request shows means for its session. A token that was replaced is taken for a minute, for requests that were on
 * their way; after that, when its successor has been seen too, two browsers have copies of one cookie, and nobody can say which is the
 * thief's: the session is over for both.
 * @param hash of the token that is shown @param now Unix seconds
 */
export function judgeToken(state: TokenState, hash: string, now: number): 'good' | 'confirm' | 'rotate' | 'copied' | 'over' {
  if (state.expiresAt <= now) return 'over';
  const age = now - state.rotatedAt;
  if (hash === state.token) {
    if (age >= ROTATION_SECONDS) return 'rotate';
    return state.isConfirmed ? 'good' : 'confirm';
  }
  if (hash !== state.previous) return 'copied';
  if (age < OVERLAP_SECONDS) return 'good';
  return state.isConfirmed ? 'copied' : 'rotate';
}
