import 'client-only';
import type { Random } from '../protocol/random.ts';

/** The browser's own source of randomness. */
export const secureRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
