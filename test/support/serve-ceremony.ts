import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, beforeEach, expect, vi } from 'vitest';
import { ceremonyPlaces } from '#db/schema/ceremony.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { type CeremonyApi, createCeremonyApi } from '#lib/api/ceremony-client.ts';
import { encodeOffer } from '#lib/api/ceremony-offer.ts';
import type { Attestation } from '#lib/ceremony/attestation.ts';
import { findNewestKey } from '#lib/ceremony/disk.ts';
import { checkRunningKey, makeContribution, type RunningCeremony } from '#lib/ceremony/running.ts';
import { RUNNING_CIRCUIT, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { readDescription } from '#lib/ceremony/verify-ceremony.ts';
import { openDesk } from '#lib/server/ceremony/open-desk.ts';
import { readFrom } from '#scripts/setup-ceremony/folder.ts';
import { prepareTiny, removeFolders } from '../setup-ceremony/tiny-ceremony.ts';
import { START, startPlatform, type TestPlatform } from './platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from './routes.ts';

export const ABSENT = 120;
export const TURN = 1_200;
/** Of the key that signs the attestations of these tests. */
export const SEED = new Uint8Array(32).fill(7);

/** A platform that serves a tiny ceremony to the tests of one file, each of which finds its queue empty. */
export function serveCeremony() {
  const at = {} as { platform: TestPlatform; api: CeremonyApi; folder: string };
  beforeAll(async () => {
    at.folder = await prepareTiny();
    at.platform = await startPlatform({ ceremony: { folder: at.folder, absentSeconds: ABSENT, turnSeconds: TURN } });
    connectRoutes(at.platform);
    at.api = createCeremonyApi(ORIGIN, fetchFrom(await loadRoutes()).fetch);
  });
  afterAll(async () => {
    await at.platform?.stop();
    await removeFolders();
  });
  beforeEach(async () => {
    at.platform.clock.now = START;
    await at.platform.ctx.db.delete(ceremonyPlaces);
  });

  const take = async () => (await at.api.takePlace(drawToken())).token;

  /** A place whose turn has begun. */
  async function takeTurn(): Promise<string> {
    const token = await take();
    expect(await at.api.beginTurn(token)).toEqual({ state: 'contributing', secondsLeft: TURN });
    return token;
  }

  async function checkFolder(position: number): Promise<RunningCeremony> {
    const ceremony = readFrom(at.folder);
    const description = await readDescription(ceremony);
    if (typeof description === 'string') throw new Error(description);
    const [key, r1cs, powersOfTau] = await Promise.all([runningKeyPath(position), RUNNING_CIRCUIT, 'powers-of-tau.ptau'].map(ceremony));
    const checked = await checkRunningKey({ key: key!, r1cs: r1cs!, powersOfTau: powersOfTau!, ceremony }, description, position);
    if (!checked.ok) throw new Error(checked.detail);
    return checked.value;
  }

  async function makeOffer(name: string) {
    return makeContribution(await checkFolder((await findNewestKey(at.folder)) ?? 0), own(name));
  }

  /** Brings an offer and waits until it has been checked. */
  async function bring(token: string, key: Uint8Array, attestation: Attestation) {
    const status = await at.api.offer(token, encodeOffer(key, attestation));
    if (status.state !== 'checking') return status;
    return vi.waitUntil(
      async () => {
        const now = await at.api.askPlace(token);
        return now.state === 'checking' ? false : now;
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  /** What a new process finds: the database and the folder, and nothing of what the one before it had in mind. */
  async function restart(): Promise<void> {
    await at.platform.ctx.ceremony?.close();
    at.platform.ctx.ceremony = await openDesk({ folder: at.folder, absentSeconds: ABSENT, turnSeconds: TURN });
  }

  const readInitialKey = async () => new Uint8Array(await readFile(join(at.folder, runningKeyPath(0))));
  return { at, take, takeTurn, checkFolder, makeOffer, bring, restart, readInitialKey };
}

export const drawToken = () => Buffer.from(randomBytes(32)).toString('hex');
export const own = (name: string) => ({ name, typed: 'wild movements', seed: SEED, now: START });

/** The code with which the platform refused, or `accepted`. */
export const codeOf = (refused: Promise<unknown>) =>
  refused.then(
    () => 'accepted',
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );
