import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { WORK_HEADER } from '#lib/api/work-stamp.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { type Permit, weekOf } from '#lib/protocol/permit/permit.ts';
import { createProofQueue } from '#lib/server/threads/proof-queue.ts';
import { createThreadPool } from '#lib/server/threads/thread-pool.ts';
import { JUNK_PROOF, makeJunk } from '../support/junk.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  prepareStatement,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

describe('a platform that has too much to check (T20)', () => {
  let platform: TestPlatform;
  let routes: Route[];
  let group: TestGroup;
  let open: OpenStatement;
  beforeAll(async () => {
    platform = await startPlatform({ seed: 'busy', proofQueue: 2 });
    connectRoutes(platform);
    routes = await loadRoutes();
    group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
  });
  afterAll(() => platform?.stop());

  it('says so with a time to come back, and a signer that comes back is served: nothing is lost', async () => {
    const entry = await signOn(open, group, 0);
    const salt = createListingSalt(systemRandom);
    const junk = Array.from({ length: 40 }, () => makeJunk(open.context.id, group.id));
    const { fetch, answers } = fetchFrom(routes);
    const impatient = createApi(ORIGIN, fetch);
    const flood = Promise.allSettled(junk.map((one) => impatient.postSignature(open.context.id, one, { patienceSeconds: 0 })));
    const waits: number[] = [];
    const receipt = await createApi(ORIGIN, fetchFrom(routes).fetch).postSignature(
      open.context.id,
      { entry, salt },
      {
        onWait: (seconds) => waits.push(seconds),
      },
    );
    expect(receipt.action).toBe('sign');
    const outcomes = (await flood).map((outcome) => (outcome as PromiseRejectedResult).reason.code);
    expect(new Set(outcomes)).toEqual(new Set(['BUSY', 'INVALID_PROOF']));
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(20);
    for (const answer of busy) expect(answer.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    expect(waits.length).toBeLessThan(10);
  });

  it('lets a permit that shows work go before a flood of others', async () => {
    const { statement, id } = prepareStatement(platform, [group], { count: 3 }).context;
    const { nullifier, ephemeral, sealed } = makeJunk(id, group.id).entry;
    const said = { action: 'open', group: group.id, statement: id } as const;
    const week = weekOf(platform.clock.now);
    const permit: Permit = { type: 'permit', week, slot: 0, said, nullifier, ephemeral, sealed, proof: JUNK_PROOF };
    const { proofs } = platform.ctx;
    const { check } = proofs;
    const shown: number[] = [];
    proofs.check = (toCheck) => {
      shown.push(toCheck.work);
      return check(toCheck);
    };
    const busy = () =>
      Response.json({ error: { code: 'BUSY', message: 'busy', work: 8 } }, { status: 503, headers: { 'Retry-After': '1' } });
    const { fetch } = fetchFrom(routes);
    const api = createApi(ORIGIN, async (input, init) => (new Headers(init.headers).has(WORK_HEADER) ? fetch(input, init) : busy()));
    await expect(api.openStatement({ statement, permit })).rejects.toMatchObject({ code: 'INVALID_PROOF' });
    proofs.check = check;
    expect(shown).toEqual([expect.any(Number)]);
    expect(shown[0]).toBeGreaterThanOrEqual(8);
  });
});

describe('the threads', () => {
  it('end a job that takes too long, report one that fails, and go on', async () => {
    const pool = createThreadPool({ hands: 1, queue: 4, timeLimitMs: 20_000 });
    const hurried = createThreadPool({ hands: 1, queue: 4, timeLimitMs: 1 });
    const key = (await import('../proof/current-key.ts')).loadCurrentKey;
    const input = {
      verificationKey: (await key()).hash,
      items: [{ proof: JUNK_PROOF, publicSignals: Array<Field>(11).fill(1n as Field) }],
    };
    await expect(hurried.run('verifyProofs', input)).rejects.toMatchObject({ code: 'BUSY' });
    await expect(pool.run('verifyProofs', { ...input, verificationKey: 'ab'.repeat(32) })).rejects.toThrow('KEY_UNKNOWN');
    expect(await pool.run('verifyProofs', input)).toEqual([0]);
    await Promise.all([pool.close(), hurried.close()]);
  });

  it('refuse more jobs than may wait', async () => {
    const pool = createThreadPool({ hands: 1, queue: 1, timeLimitMs: 20_000 });
    const input = { verificationKey: 'ab'.repeat(32), items: [] };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => pool.run('verifyProofs', input)));
    const reasons = outcomes.map((outcome) => String((outcome as PromiseRejectedResult).reason));
    expect(reasons.filter((reason) => reason.includes('BUSY'))).toHaveLength(1);
    await pool.close();
  });

  it('check proofs that wait together in one batch', async () => {
    const batches: number[] = [];
    let release = () => {};
    const first = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = async (_: string, { items }: { items: unknown[] }) => {
      batches.push(items.length);
      if (batches.length === 1) await first;
      return [];
    };
    const toCheck = (i: number) => ({
      name: `${i}`,
      statement: 'a',
      work: 0,
      verificationKey: 'ab'.repeat(32),
      proof: JUNK_PROOF,
      publicSignals: [],
    });
    const queue = createProofQueue({ run: run as never, waiting: 0, close: async () => {} }, 1, 100);
    const checks = Array.from({ length: 71 }, (_, i) => queue.check(toCheck(i)));
    release();
    expect(await Promise.all(checks)).toEqual(Array(71).fill(true));
    expect(batches).toEqual([1, 64, 6]);
  });

  it('check a proof once, also when it comes again while it waits or after it has failed', async () => {
    let checked = 0;
    const run = async (_: string, { items }: { items: unknown[] }) => {
      checked += items.length;
      return items.map((_, i) => i);
    };
    const queue = createProofQueue({ run: run as never, waiting: 0, close: async () => {} }, 1, 100);
    const toCheck = { name: 'a', statement: 'a', work: 0, verificationKey: 'ab'.repeat(32), proof: JUNK_PROOF, publicSignals: [] };
    expect(await Promise.all([queue.check(toCheck), queue.check(toCheck)])).toEqual([false, false]);
    expect(await queue.check({ ...toCheck, work: 20 })).toBe(false);
    expect(checked).toBe(1);
  });
});
