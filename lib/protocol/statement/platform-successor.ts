// SPEC §13.8: how a platform's key changes
import { z } from 'zod';
import { isSignedBy, publicKeyOf, type Signed, signMessage, verifyEd25519 } from '../messages/ed25519.ts';
import { type Hex32, taggedBytes } from '../messages/hash.ts';
import { checkShape, hex32, hex64 } from '../messages/shape.ts';

export const platformSuccessorShape = z.strictObject({
  type: z.literal('platform-successor'),
  platform: hex32,
  /** The key under which new statements are opened from now on. */
  successor: hex32,
  /** Made with the successor's key, so that nobody can name a stranger's key as the next one. */
  consent: hex64,
  signature: hex64,
});
/** A platform key's own word that another takes its place for new statements. It has no time: the same two keys sign the same bytes. */
export type PlatformSuccessor = z.infer<typeof platformSuccessorShape>;

/** Changes of key that a platform can show. */
export const MOST_PLATFORM_KEYS = 100;

/** Signs that the key of `seed` is followed by that of `successor`; both are Ed25519 seeds. */
export function signPlatformSuccessor(seed: Uint8Array, successor: Uint8Array): Signed<PlatformSuccessor> {
  const agreed = { platform: publicKeyOf(seed), successor: publicKeyOf(successor) };
  const { signature: consent } = signMessage('platform-consent', agreed, successor);
  return signMessage('platform-successor', { type: 'platform-successor' as const, ...agreed, consent }, seed);
}

/** Whether a message holds: signed by the key that it ends, and agreed to by the one that follows. */
function isPlatformSuccessor(value: unknown): value is PlatformSuccessor {
  const shaped = checkShape(platformSuccessorShape, value);
  if (!shaped.ok) return false;
  const { platform, successor, consent } = shaped.value;
  const agreed = taggedBytes('platform-consent', { platform, successor });
  return platform !== successor && verifyEd25519(consent, agreed, successor) && isSignedBy('platform-successor', shaped.value, platform);
}

/**
 * Whether each key from `pinned` on has signed the next, up to `shown`. The messages may be in any order, and others among them count
 * for nothing. SPEC §13.8.
 */
export function leadsToPlatform(pinned: Hex32, shown: Hex32, messages: readonly unknown[]): boolean {
  const next = new Map(messages.filter(isPlatformSuccessor).map(({ platform, successor }) => [platform, successor]));
  let at: Hex32 | undefined = pinned;
  for (let steps = 0; at !== undefined && at !== shown && steps < MOST_PLATFORM_KEYS; steps++) at = next.get(at);
  return at === shown;
}
