import { type FetchFile, loadVerificationKey } from '#lib/proof/artifacts.ts';
import { findKey, type Manifest } from '#lib/proof/manifest.ts';
import type { VerificationKey } from '#lib/proof/verification-key.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** A verification key with the setup that a statement must name beside it. */
export type AcceptedKey = { hash: Hex32; setup: Hex32; key: VerificationKey };

/** The verification keys under which a record may be checked, and no other. */
export type AcceptedKeys = {
  isListed(verificationKey: Hex32, setup: Hex32): boolean;
  /** @throws Error when the file of a listed key is missing or was altered */
  load(verificationKey: Hex32): Promise<VerificationKey>;
};

/**
 * The keys that came with this program: a record that brought its own key could have been forged by whoever made it (T37).
 * Key files are fetched when first needed and hash-checked.
 */
export function keysOfManifest(manifest: Manifest, fetchFile: FetchFile): AcceptedKeys {
  const keys = new Map<Hex32, Promise<VerificationKey>>();
  const load = async (hash: Hex32) => {
    const key = await loadVerificationKey(manifest, hash, fetchFile);
    if (!key.ok) throw new Error(`The verification key that came with this program cannot be used (${key.code}).`);
    return key.value;
  };
  return {
    isListed: (verificationKey, setup) => findKey(manifest, verificationKey)?.transcript === setup,
    load: (hash) => {
      const loading = keys.get(hash) ?? load(hash);
      keys.set(hash, loading);
      return loading;
    },
  };
}

/** Keys that the caller has at hand and has checked. */
export function keysAtHand(accepted: readonly AcceptedKey[]): AcceptedKeys {
  const find = (hash: Hex32) => accepted.find((one) => one.hash === hash);
  return {
    isListed: (verificationKey, setup) => find(verificationKey)?.setup === setup,
    load: async (hash) => {
      const found = find(hash);
      if (!found) throw new Error('This verification key is not among those that came with this program.');
      return found.key;
    },
  };
}

/** All keys of a manifest at once, so that they can be handed to other threads. @throws Error as `keysOfManifest` does */
export function loadAllKeys(manifest: Manifest, fetchFile: FetchFile): Promise<AcceptedKey[]> {
  const keys = keysOfManifest(manifest, fetchFile);
  return Promise.all(
    manifest.keys.map(async ({ verificationKey, transcript }) => ({
      hash: verificationKey,
      setup: transcript,
      key: await keys.load(verificationKey),
    })),
  );
}
