import 'client-only';
import type { Random } from '#lib/protocol/numbers/random.ts';

/** The browser's own source of randomness. */
export const secureRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
