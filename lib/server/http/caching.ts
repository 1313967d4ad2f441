/**
 * fresh: never kept. brief: the same for all who ask within a moment. immutable: named by its hash, so it is the same for ever;
 * with `maxAge`, for so many seconds, after which nobody may go on showing it, and with 0 never kept.
 */
export type Caching = 'fresh' | 'brief' | 'immutable' | { maxAge: number };

/** `no-transform`: what is signed or hashed must reach its reader as it was sent, so no cache or gateway may rewrite it on the way. */
export const CACHE_CONTROL = {
  fresh: 'no-store, no-transform',
  brief: 'public, max-age=2, no-transform',
  immutable: 'public, max-age=31536000, immutable, no-transform',
} as const;

export function cacheControl(caching: Caching): string {
  if (typeof caching === 'string') return CACHE_CONTROL[caching];
  return caching.maxAge > 0 ? `public, max-age=${caching.maxAge}, immutable, must-revalidate, no-transform` : CACHE_CONTROL.fresh;
}
