import { describe, expect, it } from 'vitest';
import { type FetchFile, loadManifest, loadProvingFiles, loadVerificationKey } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey, findKey, type Manifest, type ManifestKey, parseManifest } from '#lib/proof/manifest.ts';
import { hashJson, hashVerificationKey, type VerificationKey } from '#lib/proof/verification-key.ts';

const disk = readFromDisk();
const loaded = await loadManifest(disk);
if (!loaded.ok) throw new Error(loaded.code);
const manifest = loaded.value;
const current = currentKey(manifest);

/** The same files with one of them changed on the way. */
const altering =
  (path: string, change: (bytes: Uint8Array) => Uint8Array): FetchFile =>
  async (asked) => {
    const bytes = await disk(asked);
    return asked === path ? change(Uint8Array.from(bytes)) : bytes;
  };
const flip = (bytes: Uint8Array) => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1);

describe('the committed artifacts', () => {
  it('are listed in a manifest and hold what it says, for every key', async () => {
    for (const key of manifest.keys) {
      expect(await loadVerificationKey(manifest, key.verificationKey, disk)).toMatchObject({ ok: true });
      expect(await loadProvingFiles(manifest, key.verificationKey, disk)).toMatchObject({ ok: true });
    }
  });

  it('say honestly how they were set up', () => {
    for (const key of manifest.keys) expect(key.setup).toBe('dev');
  });
});

describe('loading', () => {
  const { verificationKey, wasm, zkey } = current.files;

  it('refuses a key that the manifest does not list, as a record with its own trapdoor would bring (T37)', async () => {
    const unknown = hashJson('mine');
    expect(findKey(manifest, unknown)).toBeNull();
    expect(await loadVerificationKey(manifest, unknown, disk)).toMatchObject({ ok: false, code: 'KEY_UNKNOWN' });
    expect(await loadProvingFiles(manifest, unknown, disk)).toMatchObject({ ok: false, code: 'KEY_UNKNOWN' });
  });

  it('still finds an earlier key, so that statements opened under it live on', async () => {
    const newer: ManifestKey = { ...current, verificationKey: hashJson('newer') };
    const next = parseManifest({ current: newer.verificationKey, keys: [newer, ...manifest.keys] });
    if (!next.ok) throw new Error(next.code);
    expect(await loadVerificationKey(next.value, current.verificationKey, disk)).toMatchObject({ ok: true });
  });

  it.each([flip, (bytes: Uint8Array) => bytes.slice(1), () => new Uint8Array()])(
    'refuses altered bytes before anything uses them (T15)',
    async (change) => {
      const hash = current.verificationKey;
      expect(await loadProvingFiles(manifest, hash, altering(wasm.path, change))).toMatchObject({
        code: 'ARTIFACT_ALTERED',
        detail: wasm.path,
      });
      expect(await loadProvingFiles(manifest, hash, altering(zkey.path, change))).toMatchObject({
        code: 'ARTIFACT_ALTERED',
        detail: zkey.path,
      });
      const key = await loadVerificationKey(manifest, hash, altering(verificationKey.path, change));
      expect(key).toMatchObject({ code: 'ARTIFACT_ALTERED', detail: verificationKey.path });
    },
  );

  it('refuses a key whose file is listed under the hash of another', async () => {
    const renamed = { ...current, verificationKey: hashJson('another') };
    const lying: Manifest = { current: renamed.verificationKey, keys: [renamed] };
    expect(await loadVerificationKey(lying, renamed.verificationKey, disk)).toMatchObject({ code: 'ARTIFACT_ALTERED' });
  });

  it('refuses a listed key without a contribution', async () => {
    const key = JSON.parse(new TextDecoder().decode(await disk(verificationKey.path))) as VerificationKey;
    const trapdoor = new TextEncoder().encode(JSON.stringify({ ...key, vk_delta_2: key.vk_gamma_2 }));
    const hash = hashVerificationKey(JSON.parse(new TextDecoder().decode(trapdoor)));
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256').update(trapdoor).digest('hex');
    const entry = {
      ...current,
      verificationKey: hash,
      files: { ...current.files, verificationKey: { path: 'k.json', sha256, bytes: trapdoor.length } },
    };
    expect(await loadVerificationKey({ current: hash, keys: [entry] }, hash, async () => trapdoor)).toMatchObject({
      code: 'KEY_WITHOUT_CONTRIBUTION',
    });
  });
});

describe('a manifest', () => {
  const changed = (change: Partial<Record<keyof ManifestKey, unknown>>) => ({ ...manifest, keys: [{ ...current, ...change }] });

  it('is refused when something is missing or of another form', async () => {
    const wrong: unknown[] = [
      ...[null, [], {}, { current: manifest.current }, { ...manifest, keys: [] }, { ...manifest, current: hashJson('other') }],
      { ...manifest, keys: [...manifest.keys, current] },
      changed({ setup: 'trusted' }),
      changed({ transcript: 'abc' }),
      changed({ r1cs: current.r1cs.toUpperCase() }),
      changed({ date: 'yesterday' }),
      changed({ constraints: 1.5 }),
      changed({ contributions: [{ name: 'A', hash: '12' }] }),
      changed({ beacon: { value: 'xyz', iterations: 10, source: 'drand' } }),
      changed({ files: { ...current.files, zkey: { ...current.files.zkey, path: '../../etc/passwd' } } }),
      changed({ files: { ...current.files, zkey: { ...current.files.zkey, path: '/etc/passwd' } } }),
      changed({ files: { wasm: current.files.wasm } }),
    ];
    for (const input of wrong) expect(parseManifest(input)).toMatchObject({ ok: false, code: 'MANIFEST_MALFORMED' });
    expect(await loadManifest(async () => new TextEncoder().encode('{'))).toMatchObject({ code: 'MANIFEST_MALFORMED' });
    expect(await loadManifest(async () => Uint8Array.of(0xff))).toMatchObject({ code: 'MANIFEST_MALFORMED' });
  });
});
