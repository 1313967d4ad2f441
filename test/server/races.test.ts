import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listedHash } from '#lib/protocol/board/listed.ts';
import { checkReceipt } from '#lib/protocol/board/receipt.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { sizeOf } from '#lib/protocol/reveal/wave-content.ts';
import { followBoard } from '#lib/server/board/follower.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { type Context, createContext } from '#lib/server/context.ts';
import { acceptSignature } from '#lib/server/signatures/accept.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  readWholeBoard,
  START,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, PLATFORM_SEED, type TestGroup } from '../support/world.ts';

const SALT = 'ab'.repeat(32);

let platform: TestPlatform;
/** A second web process on the same database. */
let second: Context;
let group: TestGroup;
let open: OpenStatement;
/** Two signatures of member 0, which share a nullifier, and one each of members 1, 2 and 3. */
let twins: [Entry, Entry];
let others: Entry[];

beforeAll(async () => {
  platform = await startPlatform({ seed: 'races' });
  const { databaseUrl, clock } = platform;
  const settings = {
    databaseUrl,
    publicUrl: 'https://platform.example',
    newIssuers: 'anybody' as const,
    trial: false,
    graceMargin: 5,
    signingSeed: PLATFORM_SEED,
  };
  second = await createContext({ ...settings, trustees: [], now: () => clock.now });
  group = createGroup('Harbour pilots', inventNames(8), platform.random);
  await publishGroup(platform, group);
  open = await openKeyedStatement(platform, [group], { count: 3 });
  twins = [await signOn(open, group, 0), await signOn(open, group, 0, { action: 'sign', group: group.id, minimum: 2 })];
  others = [await signOn(open, group, 1), await signOn(open, group, 2), await signOn(open, group, 3)];
});
afterAll(async () => {
  await second?.close();
  await platform?.stop();
});
beforeEach(() => {
  platform.clock.now = START;
});

const codesOf = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'accepted' : (outcome.reason as { code: string }).code)).sort();

describe('signatures that come at once', () => {
  it('with one nullifier: one is accepted, the other refused, in two processes', async () => {
    const outcomes = await Promise.allSettled([postEntry(platform.ctx, twins[0]), postEntry(second, twins[1])]);
    expect(codesOf(outcomes)).toEqual(['ALREADY_SIGNED', 'accepted']);
  });

  it('and are the same: all get the same receipt, and only one is kept', async () => {
    const [entry] = others as [Entry];
    const contexts = [platform.ctx, second, platform.ctx, second, platform.ctx, second];
    const accepted = await Promise.all(contexts.map((ctx) => postEntry(ctx, entry, SALT)));
    expect(new Set(accepted.map(({ receipt }) => JSON.stringify(receipt))).size).toBe(1);
    expect(accepted.filter(({ isNew }) => isNew)).toHaveLength(1);
    const hash = entryHash(entry);
    const of = { entry: hash, listed: listedHash(hash, SALT), action: 'sign' as const };
    expect(checkReceipt(open.context, of, accepted[0]?.receipt, START).ok).toBe(true);
  });

  it('and cross the trigger: both are in one wave or in two, and none is lost or opened twice', async () => {
    await Promise.all([
      postEntry(platform.ctx, others[1]!),
      postEntry(second, others[2]!),
      publishCheckpoints(platform.ctx),
      publishCheckpoints(second),
    ]);
    platform.clock.now = START + 2;
    await Promise.all([publishCheckpoints(platform.ctx), publishCheckpoints(second)]);
    await publishAndCosign(platform, open, [1, 2, 3]);
    const { waves, live } = await getStatementView(second, open.context.id);
    expect(live).toBe(4);
    const due = await followBoard(second, open.context, open.key.keyed);
    expect(due.waves.reduce((sum, { wave }) => sum + (wave ? sizeOf(wave) : 0), 0)).toBe(4);
    expect(waves.length).toBe(due.waves.length);
    const checkpoints = await readWholeBoard(platform.ctx, open.context.id);
    expect(checkpoints.map(({ number }) => number)).toEqual(checkpoints.map((_, i) => i + 1));
    const hashes = checkpoints.flatMap(({ listed }) => listed);
    expect([hashes.length, new Set(hashes).size]).toEqual([4, 4]);
  });
});

describe('a signature at the deadline', () => {
  it('is accepted in its last second and published after it; one second later it is refused', async () => {
    const statement = await openKeyedStatement(platform, [group], { count: 3 });
    const [last, late] = [await signOn(statement, group, 4), await signOn(statement, group, 5)];
    const { deadline, mergeDelay } = statement.context.statement;
    platform.clock.now = deadline;
    const { receipt } = await postEntry(platform.ctx, last, SALT);
    expect(receipt.publishBy).toBeLessThanOrEqual(deadline + mergeDelay);
    platform.clock.now = deadline + 1;
    await expect(postEntry(platform.ctx, late)).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
    expect((await postEntry(platform.ctx, last, SALT)).receipt).toEqual(receipt);
    await publishCheckpoints(platform.ctx);
    const checkpoints = await readWholeBoard(platform.ctx, statement.context.id);
    expect(checkpoints.map(({ listed }) => listed)).toEqual([[listedHash(entryHash(last), SALT)]]);
  });

  it('whose deadline passes while its proof waits is refused', async () => {
    const statement = await openKeyedStatement(platform, [group], { count: 3 });
    const entry = await signOn(statement, group, 4);
    platform.clock.now = statement.context.statement.deadline;
    const check: Context['proofs']['check'] = (...args) => {
      platform.clock.now++;
      return platform.ctx.proofs.check(...args);
    };
    const slow = { ...platform.ctx, proofs: { ...platform.ctx.proofs, check } };
    await expect(postEntry(slow, entry)).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
  });
});

describe('what is wrong with a signature', () => {
  it('is found before its proof is looked at, and the proof is checked all the same', async () => {
    const statement = await openKeyedStatement(platform, [group], { count: 3 });
    const { context } = statement;
    const said = { action: 'sign' as const, group: group.id };
    const entry = await signOn(statement, group, 6);
    let checked = 0;
    const check: Context['proofs']['check'] = (...args) => {
      checked++;
      return platform.ctx.proofs.check(...args);
    };
    const ctx = { ...platform.ctx, proofs: { ...platform.ctx.proofs, check } };
    const refusals: [unknown, string][] = [
      [{ ...entry, statement: 'ab'.repeat(32) }, 'OTHER_STATEMENT'],
      [{ ...entry, said: { ...said, group: 'ab'.repeat(32) } }, 'UNKNOWN_GROUP'],
      [{ ...entry, nullifier: `0${entry.nullifier}` }, 'BAD_SHAPE'],
      [{ ...entry, ephemeral: ['0', '1'] }, 'SEAL_OPEN_TO_ALL'],
      [{ ...entry, ephemeral: ['1', '1'] }, 'BAD_POINT'],
      [{ ...entry, sealed: ['1', '1'] }, 'BAD_POINT'],
      [{ ...entry, sealed: ['0', '1'] }, 'BAD_POINT'],
      [{ ...entry, said: { ...said, minimum: 9 } }, 'MINIMUM_UNREACHABLE'],
      [{ ...entry, said: { action: 'withdraw', group: group.id } }, 'NOTHING_TO_WITHDRAW'],
      [{ ...entry, proof: { ...entry.proof, a: ['1', '1'] } }, 'INVALID_PROOF'],
    ];
    for (const [value, code] of refusals)
      await expect(acceptSignature(ctx, context.id, { entry: value, salt: SALT })).rejects.toMatchObject({ code });
    expect(checked).toBe(0);
    const swapped = { ...entry, sealed: entry.ephemeral };
    await expect(postEntry(ctx, swapped)).rejects.toMatchObject({ code: 'INVALID_PROOF' });
    const minimum = { ...entry, said: { ...said, minimum: 3 } };
    await expect(postEntry(ctx, minimum)).rejects.toMatchObject({ code: 'INVALID_PROOF' });
    expect(checked).toBe(2);
    await postEntry(ctx, entry);
  });
});
