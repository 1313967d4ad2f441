import { describe, expect, it } from 'vitest';
import { type AcceptedKeys, keysAtHand, keysOfManifest, loadAllKeys } from '#lib/checking/accepted-keys.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { hashVerificationKey } from '#lib/proof/verification-key.ts';

const disk = readFromDisk();
const loaded = await loadManifest(disk);
if (!loaded.ok) throw new Error(loaded.code);
const manifest = loaded.value;
const { verificationKey, transcript } = currentKey(manifest);
const OTHER = 'ab'.repeat(32);

describe('the keys under which a record is checked', () => {
  it.each<[string, () => AcceptedKeys | Promise<AcceptedKeys>]>([
    ['of the program', () => keysOfManifest(manifest, disk)],
    ['handed to a thread', async () => keysAtHand(await loadAllKeys(manifest, disk))],
  ])('T37: %s are those of its manifest, each with the setup that made it, and no other', async (_, make) => {
    const keys = await make();
    expect(keys.isListed(verificationKey, transcript)).toBe(true);
    for (const [key, setup] of [
      [OTHER, transcript],
      [verificationKey, OTHER],
      [OTHER, OTHER],
      [transcript, verificationKey],
    ] as const)
      expect([key, setup, keys.isListed(key, setup)]).toEqual([key, setup, false]);
    expect(hashVerificationKey(await keys.load(verificationKey))).toBe(verificationKey);
    await expect(keys.load(OTHER)).rejects.toThrow(/verification key/);
  });

  it('T37: are refused where a file of the program is another than its manifest says', async () => {
    const altered = async (path: string) => (await disk(path)).map((byte, i) => (i === 40 ? byte ^ 1 : byte));
    await expect(keysOfManifest(manifest, altered).load(verificationKey)).rejects.toThrow('ARTIFACT_ALTERED');
  });
});
