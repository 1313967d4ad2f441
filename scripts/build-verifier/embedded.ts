import type { AcceptedKey } from '#lib/checking/accepted-keys.ts';
import type { Manifest } from '#lib/proof/manifest.ts';

declare const EMBEDDED_KEYS: { manifest: Manifest; accepted: AcceptedKey[] };

/** The manifest and the verification keys that the build put into the program. */
export const { manifest, accepted } = EMBEDDED_KEYS;
