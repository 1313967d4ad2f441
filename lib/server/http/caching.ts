/**
 * fresh: never kept. brief: the same for all who ask within a moment. minutes: what nobody needs at once. immutable: named by its
 * hash, so it is the same for ever.
 */
export type Caching = keyof typeof CACHE_CONTROL;

/** `no-transform`: what is signed or hashed must reach its reader as it was sent, so no cache or gateway may rewrite it on the way. */
export const CACHE_CONTROL = {
  fresh: 'no-store, no-transform',
  brief: 'public, max-age=2, no-transform',
  minutes: 'public, max-age=300, no-transform',
  immutable: 'public, max-age=31536000, immutable, no-transform',
} as const;
