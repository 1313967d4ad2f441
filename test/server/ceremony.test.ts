import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from '@noble/hashes/utils.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ceremonyPlaces } from '#db/schema/ceremony.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { type CeremonyApi, createCeremonyApi } from '#lib/api/ceremony-client.ts';
import { encodeOffer } from '#lib/api/ceremony-offer.ts';
import { makeStamp } from '#lib/api/work-stamp.ts';
import { type Attestation, signAttestation } from '#lib/ceremony/attestation.ts';
import { findNewestKey } from '#lib/ceremony/disk.ts';
import { checkRunningKey, makeContribution, type RunningCeremony } from '#lib/ceremony/running.ts';
import { applyBeacon } from '#lib/ceremony/setup-steps.ts';
import { RUNNING_CIRCUIT, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { readDescription } from '#lib/ceremony/verify-ceremony.ts';
import { openDesk } from '#lib/server/ceremony/desk.ts';
import { hashPlaceToken, takePlace } from '#lib/server/ceremony/queue.ts';
import { contribute } from '#scripts/setup-ceremony/contribute.ts';
import { readFrom } from '#scripts/setup-ceremony/folder.ts';
import { BEACON, contributor, prepareTiny, removeFolders, silent } from '../setup-ceremony/tiny-ceremony.ts';
import { changeSection, flipAt } from '../setup-ceremony/zkey-surgery.ts';
import { START, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';

const ABSENT = 120;
const TURN = 1_200;

let platform: TestPlatform;
let api: CeremonyApi;
let folder: string;

beforeAll(async () => {
  folder = await prepareTiny();
  platform = await startPlatform({ ceremony: { folder, absentSeconds: ABSENT, turnSeconds: TURN } });
  connectRoutes(platform);
  api = createCeremonyApi(ORIGIN, fetchFrom(await loadRoutes()).fetch);
});
afterAll(async () => {
  await platform?.stop();
  await removeFolders();
});
beforeEach(async () => {
  platform.clock.now = START;
  await platform.ctx.db.delete(ceremonyPlaces);
});

const draw = () => Buffer.from(randomBytes(32)).toString('hex');
const take = async () => (await api.takePlace(draw())).token;
const later = (seconds: number) => {
  platform.clock.now += seconds;
};

/** A place whose turn has begun. */
async function takeTurn(): Promise<string> {
  const token = await take();
  expect(await api.beginTurn(token)).toEqual({ state: 'contributing', secondsLeft: TURN });
  return token;
}

async function checkFolder(position: number, at = folder): Promise<RunningCeremony> {
  const ceremony = readFrom(at);
  const description = await readDescription(ceremony);
  if (typeof description === 'string') throw new Error(description);
  const [key, r1cs, powersOfTau] = await Promise.all([runningKeyPath(position), RUNNING_CIRCUIT, 'powers-of-tau.ptau'].map(ceremony));
  const checked = await checkRunningKey({ key: key!, r1cs: r1cs!, powersOfTau: powersOfTau!, ceremony }, description, position);
  if (!checked.ok) throw new Error(checked.detail);
  return checked.value;
}

const SEED = new Uint8Array(32).fill(7);
const own = (name: string) => ({ name, typed: 'wild movements', seed: SEED, now: START });

async function makeOffer(name: string, position?: number) {
  return makeContribution(await checkFolder(position ?? (await findNewestKey(folder)) ?? 0), own(name));
}

/** Brings an offer and waits until it has been checked. */
async function bring(token: string, key: Uint8Array, attestation: Attestation) {
  const status = await api.offer(token, encodeOffer(key, attestation));
  if (status.state !== 'checking') return status;
  return vi.waitUntil(
    async () => {
      const now = await api.askPlace(token);
      return now.state === 'checking' ? false : now;
    },
    { timeout: 60_000, interval: 100 },
  );
}

const codeOf = (refused: Promise<unknown>) =>
  refused.then(
    () => 'accepted',
    (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
  );

describe('the queue of a ceremony', () => {
  it('gives one turn at a time, in the order of arrival', async () => {
    const [first, second, third] = [await take(), await take(), await take()];
    expect(await api.askPlace(first)).toEqual({ state: 'called', secondsLeft: ABSENT });
    expect(await api.askPlace(second)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await api.askPlace(third)).toEqual({ state: 'waiting', ahead: 2 });
    expect(await codeOf(api.beginTurn(second))).toBe('NOT_YOUR_TURN');
    expect((await api.describe()).standing).toBe(3);
    await api.leavePlace(first);
    expect((await api.askPlace(second)).state).toBe('called');
    expect(await api.askPlace(third)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await codeOf(api.askPlace(first))).toBe('PLACE_LOST');
  });

  it('goes on without whoever was called and does not begin', async () => {
    const [absent, next] = [await take(), await take()];
    later(ABSENT - 1);
    expect((await api.askPlace(next)).state).toBe('waiting');
    later(1);
    expect((await api.askPlace(next)).state).toBe('called');
    expect(await codeOf(api.beginTurn(absent))).toBe('PLACE_LOST');
  });

  it('goes on without whoever began and brings nothing in time', async () => {
    const [slow, next] = [await takeTurn(), await take()];
    for (let waited = 0; waited < TURN; waited += 60) {
      expect((await api.askPlace(next)).state).toBe('waiting');
      expect((await api.askPlace(slow)).state).toBe('contributing');
      later(60);
    }
    expect((await api.askPlace(next)).state).toBe('called');
    const { key, attestation } = await makeOffer('Too Late');
    expect(await codeOf(api.offer(slow, encodeOffer(key, attestation)))).toBe('PLACE_LOST');
  });

  it('forgets those who wait and are not heard of any more', async () => {
    const [turn, gone, here] = [await takeTurn(), await take(), await take()];
    later(ABSENT - 1);
    for (const present of [turn, here]) await api.askPlace(present);
    later(1);
    expect(await api.askPlace(here)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await codeOf(api.askPlace(gone))).toBe('PLACE_LOST');
  });

  it('gives one turn when many ask at once, and says when it is full', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, take));
    const invented = Array.from({ length: 80 }, () => ({ ceremony: platform.ctx.ceremony!.id, token: draw(), expiresAt: START + ABSENT }));
    await platform.ctx.db.insert(ceremonyPlaces).values(invented);
    const states = await Promise.all(tokens.slice(0, 20).map(async (token) => (await api.askPlace(token)).state));
    expect(states.filter((state) => state === 'called')).toHaveLength(1);
    expect(await codeOf(take())).toBe('CEREMONY_FULL');
  });

  it('gives no place without some work, the more the longer it is, and the same place to who asks again', async () => {
    const ask = (token: string, stamp: string | null) =>
      takePlace(platform.ctx, token, stamp).then(() => 'taken', ({ code, work }) => [code, work]); // biome-ignore format: one thing
    const token = draw();
    expect(await ask(token, null)).toEqual(['BUSY', 14]);
    const stamp = await makeStamp(hashPlaceToken(token), 14);
    expect(await ask(draw(), stamp)).toEqual(['BUSY', 14]);
    expect([await ask(token, stamp), await ask(token, stamp)]).toEqual(['taken', 'taken']);
    expect((await api.describe()).standing).toBe(1);
    for (let i = 0; i < 9; i++) await take();
    expect(await ask(draw(), null)).toEqual(['BUSY', 15]);
  });

  it('goes on without whoever has begun and is not heard of any more', async () => {
    const [silent, next] = [await takeTurn(), await take()];
    later(ABSENT - 1);
    expect((await api.askPlace(silent)).state).toBe('contributing');
    expect((await api.askPlace(next)).state).toBe('waiting');
    later(ABSENT - 1);
    expect((await api.askPlace(next)).state).toBe('waiting');
    later(1);
    expect((await api.askPlace(next)).state).toBe('called');
    expect(await codeOf(api.askPlace(silent))).toBe('PLACE_LOST');
  });

  it('knows no place by a token that nobody was given, and keeps only hashes of tokens', async () => {
    const token = await take();
    expect(await codeOf(api.askPlace('ab'.repeat(32)))).toBe('PLACE_LOST');
    expect(await codeOf(api.askPlace('no token'))).toBe('PLACE_LOST');
    const [row] = await platform.ctx.db.select().from(ceremonyPlaces);
    expect(JSON.stringify(row)).not.toContain(token);
  });

  it('is closed once the moment of the beacon has come', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Who Knows The Beacon');
    platform.clock.now = 1_800_003_600;
    expect((await api.describe()).isClosed).toBe(true);
    expect(await codeOf(take())).toBe('CEREMONY_CLOSED');
    const again = await platform.ctx.db.update(ceremonyPlaces).set({ expiresAt: 1_800_009_000 }).returning();
    expect(again).toHaveLength(1);
    platform.ctx.ceremony?.heard.clear(); // it has not been silent all the while
    expect(await codeOf(api.offer(token, encodeOffer(key, attestation)))).toBe('CEREMONY_CLOSED');
  });
});

describe('a contribution that is brought', () => {
  it('lies in the folder as the command would have written it, and the command goes on from it', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Ada');
    expect(await bring(token, key, attestation)).toEqual({ state: 'accepted', position: 1 });
    expect((await readdir(join(folder, 'keys'))).sort()).toEqual(['0000.zkey', '0001.zkey', 'circuit.r1cs']);
    expect(Buffer.from(key).equals(await readFile(join(folder, 'keys/0001.zkey')))).toBe(true);
    expect(JSON.parse(await readFile(join(folder, 'attestations/0001.json'), 'utf8'))).toEqual(attestation);
    expect(await readFile(join(folder, 'attestations/0001.txt'), 'utf8')).toContain('I, Ada, made contribution 1');
    await contribute(folder, { ...contributor(folder, 'Blaise'), identity: join(folder, 'contributor.key') }, silent);
    expect((await api.describe()).contributions.map(({ position, name }) => [position, name])).toEqual([
      [1, 'Ada'],
      [2, 'Blaise'],
    ]);
  });

  it('is taken once, however often it is sent', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Grace');
    const offer = encodeOffer(key, attestation);
    const answers = await Promise.all([codeOf(api.offer(token, offer)), codeOf(api.offer(token, offer))]);
    expect(answers.sort()).toEqual(['NOT_YOUR_TURN', 'accepted']);
    await vi.waitUntil(async () => (await api.askPlace(token)).state === 'accepted', { timeout: 60_000 });
    const newest = await findNewestKey(folder);
    // The answer was lost, and a later turn brings the same again.
    expect(await bring(await takeTurn(), key, attestation)).toEqual({ state: 'accepted', position: newest });
    expect(await findNewestKey(folder)).toBe(newest);
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
        const position = (await findNewestKey(folder)) ?? 0;
        let running: RunningCeremony = { ...(await checkFolder(position)), ...(await initialOnly()) };
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
        const { key } = await checkFolder((await findNewestKey(folder)) ?? 0);
        return { ...(await makeOffer('Eve')), key };
      },
    ],
    [
      'that is a beacon',
      /beacon/,
      async () => {
        const { key } = await checkFolder((await findNewestKey(folder)) ?? 0);
        return { ...(await makeOffer('Eve')), key: await applyBeacon(key, 'Eve', { value: BEACON }, 10) };
      },
    ],
    ['that is no key at all', /key:/, async () => ({ ...(await makeOffer('Eve')), key: randomBytes(5_000) })],
  ];
  it.each(bad)('is refused %s, and the folder stays as it was', async (_, reason, make) => {
    const before = await findNewestKey(folder);
    const token = await takeTurn();
    const next = await take();
    const { key, attestation } = await make();
    const status = await bring(token, key, attestation);
    expect(status).toEqual({ state: 'refused', reason: expect.stringMatching(reason) });
    expect(await findNewestKey(folder)).toBe(before);
    expect((await readdir(join(folder, 'attestations'))).filter((name) => name.endsWith('.json'))).toHaveLength(before ?? 0);
    expect((await api.askPlace(next)).state).toBe('called');
  });

  async function initialOnly() {
    return { key: new Uint8Array(await readFile(join(folder, runningKeyPath(0)))), contributions: [] as RunningCeremony['contributions'] };
  }

  it('is refused before any checking when it is too large, malformed, forged, or without a turn', async () => {
    const { key, attestation } = await makeOffer('Eve');
    const waiting = [await takeTurn(), await take()][1] as string;
    expect(await codeOf(api.offer(waiting, encodeOffer(key, attestation)))).toBe('NOT_YOUR_TURN');
    await platform.ctx.db.delete(ceremonyPlaces);
    const token = await takeTurn();
    expect(await codeOf(api.offer(token, encodeOffer(randomBytes(key.length + 9_000), attestation)))).toBe('BODY_TOO_LARGE');
    expect(await codeOf(api.offer(token, new Uint8Array([255, 255, 255, 255, 1])))).toBe('BAD_SHAPE');
    expect(await codeOf(api.offer(token, encodeOffer(key, { ...attestation, extra: 1 })))).toBe('BAD_SHAPE');
    expect(await codeOf(api.offer(token, encodeOffer(key, { ...attestation, name: 'Mallory' })))).toBe('ATTESTATION_SIGNATURE');
    expect(await api.askPlace(token)).toEqual({ state: 'contributing', secondsLeft: TURN });
  });

  it('can be sent again when the server was restarted while it checked', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Survivor');
    // What a process leaves behind that ends in the middle: a place that is being checked by nobody.
    await platform.ctx.db.update(ceremonyPlaces).set({ state: 'checking' }).where(eq(ceremonyPlaces.state, 'contributing'));
    await restarted(async () => {
      expect(await api.askPlace(token)).toEqual({ state: 'contributing', secondsLeft: TURN });
      expect((await bring(token, key, attestation)).state).toBe('accepted');
    });
  });
});

it('holds the places of those who could not be heard while the server was away', async () => {
  const [first, second] = [await take(), await take()];
  later(10 * ABSENT);
  await restarted(async () => {
    expect(await api.askPlace(second)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await api.askPlace(first)).toEqual({ state: 'called', secondsLeft: ABSENT });
    later(ABSENT);
    expect(await codeOf(api.askPlace(first))).toBe('PLACE_LOST');
  });
});

it('is served by one process: another would take for absent whom it has not heard itself', async () => {
  await expect(openDesk({ folder, absentSeconds: ABSENT, turnSeconds: TURN })).rejects.toThrow('another process coordinates this ceremony');
});

/** What a new process finds: the database and the folder, and nothing of what the one before it had in mind. */
async function restarted(work: () => Promise<void>): Promise<void> {
  await platform.ctx.ceremony?.close();
  platform.ctx.ceremony = await openDesk({ folder, absentSeconds: ABSENT, turnSeconds: TURN });
  await work();
}

describe('the files of a ceremony', () => {
  const get = async (path: string) => (await fetchFrom(await loadRoutes()).fetch(`/api/ceremony/files/${path}`)).status;

  it('are given out: what is public, and nothing else that lies in the folder', async () => {
    for (const path of ['description.json', 'powers-of-tau.ptau', 'keys/circuit.r1cs', 'keys/0000.zkey']) expect(await get(path)).toBe(200);
    expect(await readdir(folder)).toContain('contributor.key');
    for (const path of ['contributor.key', 'phase1/started.ptau', 'keys/9999.zkey', '..%2Fx', '']) expect(await get(path)).toBe(404);
  });
});
