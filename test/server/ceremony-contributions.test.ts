import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from '@noble/hashes/utils.js';
import { describe, expect, it, vi } from 'vitest';
import { eq } from '#db/drizzle.cjs';
import { ceremonyPlaces } from '#db/schema/ceremony.ts';
import { encodeOffer } from '#lib/api/ceremony-offer.ts';
import { type Attestation, signAttestation } from '#lib/ceremony/attestation.ts';
import { findNewestKey } from '#lib/ceremony/disk.ts';
import { makeContribution, type RunningCeremony } from '#lib/ceremony/running.ts';
import { applyBeacon } from '#lib/ceremony/setup-steps.ts';
import { contribute } from '#scripts/setup-ceremony/contribute.ts';
import { BEACON, contributor, silent } from '../setup-ceremony/tiny-ceremony.ts';
import { changeSection, flipAt } from '../setup-ceremony/zkey-surgery.ts';
import { fetchFrom, loadRoutes } from '../support/routes.ts';
import { codeOf, own, SEED, serveCeremony, TURN } from '../support/serve-ceremony.ts';

const { at, take, takeTurn, checkFolder, makeOffer, bring, restart, readInitialKey } = serveCeremony();

describe('a contribution that is brought', () => {
  it('lies in the folder as the command would have written it, and the command goes on from it', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Ada');
    expect(await bring(token, key, attestation)).toEqual({ state: 'accepted', position: 1 });
    expect((await readdir(join(at.folder, 'keys'))).sort()).toEqual(['0000.zkey', '0001.zkey', 'circuit.r1cs']);
    expect(Buffer.from(key).equals(await readFile(join(at.folder, 'keys/0001.zkey')))).toBe(true);
    expect(JSON.parse(await readFile(join(at.folder, 'attestations/0001.json'), 'utf8'))).toEqual(attestation);
    expect(await readFile(join(at.folder, 'attestations/0001.txt'), 'utf8')).toContain('I, Ada, made contribution 1');
    await contribute(at.folder, { ...contributor(at.folder, 'Blaise'), identity: join(at.folder, 'contributor.key') }, silent);
    expect((await at.api.describe()).contributions.map(({ position, name }) => [position, name])).toEqual([
      [1, 'Ada'],
      [2, 'Blaise'],
    ]);
  });

  it('is taken once, however often it is sent', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Grace');
    const offer = encodeOffer(key, attestation);
    const answers = await Promise.all([codeOf(at.api.offer(token, offer)), codeOf(at.api.offer(token, offer))]);
    expect(answers.sort()).toEqual(['NOT_YOUR_TURN', 'accepted']);
    await vi.waitUntil(async () => (await at.api.askPlace(token)).state === 'accepted', { timeout: 60_000 });
    const newest = await findNewestKey(at.folder);
    // The answer was lost, and a later turn brings the same again.
    expect(await bring(await takeTurn(), key, attestation)).toEqual({ state: 'accepted', position: newest });
    expect(await findNewestKey(at.folder)).toBe(newest);
  });

  const bad: [string, RegExp, () => Promise<{ key: Uint8Array; attestation: Attestation }>][] = [
    [
      'with one byte of a point changed',
      /key: section 8/,
      async () => {
        const made = await makeOffer('Eve');
        return { ...made, key: changeSection(made.key, 8, flipAt(3)) };
      },
    ],
    [
      'that is not the key that its attestation names',
      /newest key/,
      async () => {
        const [one, other] = [await makeOffer('Eve'), await makeOffer('Eve')];
        const { contribution } = other.attestation;
        const { type: _, key: __, signature: ___, ...said } = one.attestation;
        return { key: other.key, attestation: signAttestation({ ...said, contribution }, SEED) };
      },
    ],
    [
      'that leaves the accepted contributions out',
      /attestation 1/,
      async () => {
        const position = (await findNewestKey(at.folder)) ?? 0;
        let running: RunningCeremony = { ...(await checkFolder(position)), key: await readInitialKey(), contributions: [] };
        let made = await makeContribution(running, own('Ada'));
        for (let i = 1; i <= position; i++) {
          running = { ...running, key: made.key, contributions: [...running.contributions, { name: 'Ada', hash: '', beacon: null }] };
          made = await makeContribution(running, own('Ada'));
        }
        return made;
      },
    ],
    [
      'that is only the newest key again',
      /contributions instead of/,
      async () => {
        const { key } = await checkFolder((await findNewestKey(at.folder)) ?? 0);
        return { ...(await makeOffer('Eve')), key };
      },
    ],
    [
      'that is a beacon',
      /beacon/,
      async () => {
        const { key } = await checkFolder((await findNewestKey(at.folder)) ?? 0);
        return { ...(await makeOffer('Eve')), key: await applyBeacon(key, 'Eve', { value: BEACON }, 10) };
      },
    ],
    ['that is no key at all', /key:/, async () => ({ ...(await makeOffer('Eve')), key: randomBytes(5_000) })],
  ];
  it.each(bad)('is refused %s, and the folder stays as it was', async (_, reason, make) => {
    const before = await findNewestKey(at.folder);
    const token = await takeTurn();
    const next = await take();
    const { key, attestation } = await make();
    const status = await bring(token, key, attestation);
    expect(status).toEqual({ state: 'refused', reason: expect.stringMatching(reason) });
    expect(await findNewestKey(at.folder)).toBe(before);
    expect((await readdir(join(at.folder, 'attestations'))).filter((name) => name.endsWith('.json'))).toHaveLength(before ?? 0);
    expect((await at.api.askPlace(next)).state).toBe('called');
  });

  it('is refused before any checking when it is too large, malformed, forged, or without a turn', async () => {
    const { key, attestation } = await makeOffer('Eve');
    const waiting = [await takeTurn(), await take()][1] as string;
    expect(await codeOf(at.api.offer(waiting, encodeOffer(key, attestation)))).toBe('NOT_YOUR_TURN');
    await at.platform.ctx.db.delete(ceremonyPlaces);
    const token = await takeTurn();
    expect(await codeOf(at.api.offer(token, encodeOffer(randomBytes(key.length + 9_000), attestation)))).toBe('BODY_TOO_LARGE');
    expect(await codeOf(at.api.offer(token, new Uint8Array([255, 255, 255, 255, 1])))).toBe('BAD_SHAPE');
    expect(await codeOf(at.api.offer(token, encodeOffer(key, { ...attestation, extra: 1 })))).toBe('BAD_SHAPE');
    expect(await codeOf(at.api.offer(token, encodeOffer(key, { ...attestation, name: 'Mallory' })))).toBe('ATTESTATION_SIGNATURE');
    expect(await at.api.askPlace(token)).toEqual({ state: 'contributing', secondsLeft: TURN });
  });

  it('can be sent again when the server was restarted while it checked', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Survivor');
    // What a process leaves behind that ends in the middle: a place that is being checked by nobody.
    await at.platform.ctx.db.update(ceremonyPlaces).set({ state: 'checking' }).where(eq(ceremonyPlaces.state, 'contributing'));
    await restart();
    expect(await at.api.askPlace(token)).toEqual({ state: 'contributing', secondsLeft: TURN });
    expect((await bring(token, key, attestation)).state).toBe('accepted');
  });
});

describe('the files of a ceremony', () => {
  const get = async (path: string) => (await fetchFrom(await loadRoutes()).fetch(`/api/ceremony/files/${path}`)).status;

  it('are given out: what is public, and nothing else that lies in the folder', async () => {
    for (const path of ['description.json', 'powers-of-tau.ptau', 'keys/circuit.r1cs', 'keys/0000.zkey']) expect(await get(path)).toBe(200);
    expect(await readdir(at.folder)).toContain('contributor.key');
    for (const path of ['contributor.key', 'phase1/started.ptau', 'keys/9999.zkey', '..%2Fx', '']) expect(await get(path)).toBe(404);
  });
});
