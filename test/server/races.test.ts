import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkReceipt } from '#lib/protocol/board/board.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { type Context, createContext } from '#lib/server/context.ts';
import { acceptSignature } from '#lib/server/signatures/accept.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishGroup,
  readWholeBoard,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, PLATFORM_SEED, signForReal, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
/** A second web process on the same database. */
let second: Context;
let group: TestGroup;
let open: OpenStatement;
/** Two signatures of member 0, which share a nullifier, and one each of members 1, 2 and 3. */
let twins: [Entry, Entry];
let others: Entry[];

beforeAll(async () => {
  platform = await startPlatform();
  const { databaseUrl, clock } = platform;
  const settings = { databaseUrl, publicUrl: 'https://platform.example', trial: false, graceMargin: 5, signingSeed: PLATFORM_SEED };
  second = await createContext({ ...settings, trustees: [], now: () => clock.now });
  group = createGroup('Harbour pilots', inventNames(8), systemRandom);
  await publishGroup(platform, group);
  open = await openKeyedStatement(platform, [group], { count: 3 });
  const sign = (member: number, minimum?: number) =>
    signForReal(
      open.context,
      open.key.keyed.key,
      group,
      member,
      { action: 'sign', group: group.id, ...(minimum ? { minimum } : {}) },
      systemRandom,
    );
  twins = [await sign(0), await sign(0, 2)];
  others = [await sign(1), await sign(2), await sign(3)];
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
    const id = open.context.id;
    const outcomes = await Promise.allSettled([acceptSignature(platform.ctx, id, twins[0]), acceptSignature(second, id, twins[1])]);
    expect(codesOf(outcomes)).toEqual(['ALREADY_SIGNED', 'accepted']);
  });

  it('and are the same: all get the same receipt, and only one is kept', async () => {
    const [entry] = others as [Entry];
    const contexts = [platform.ctx, second, platform.ctx, second, platform.ctx, second];
    const accepted = await Promise.all(contexts.map((ctx) => acceptSignature(ctx, open.context.id, entry)));
    expect(new Set(accepted.map(({ receipt }) => JSON.stringify(receipt))).size).toBe(1);
    expect(accepted.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(checkReceipt(open.context, entryHash(entry), accepted[0]?.receipt).ok).toBe(true);
  });

  it('and cross the trigger: both are in one wave or in two, and none is lost or opened twice', async () => {
    await Promise.all([
      acceptSignature(platform.ctx, open.context.id, others[1]),
      acceptSignature(second, open.context.id, others[2]),
      publishCheckpoints(platform.ctx, START),
      publishCheckpoints(second, START),
    ]);
    platform.clock.now = START + 2;
    await Promise.all([publishCheckpoints(platform.ctx, START), publishCheckpoints(second, START)]);
    await publishAndCosign(platform, open, [1, 2]);
    const { waves, live } = await getStatementView(second, open.context.id);
    expect(live).toBe(4);
    const opened = waves.reduce((sum, wave) => sum + wave.size, 0);
    expect(opened).toBe(4);
    const checkpoints = await readWholeBoard(platform.ctx, open.context.id);
    expect(checkpoints.map(({ checkpoint }) => checkpoint.number)).toEqual(checkpoints.map((_, i) => i + 1));
    const hashes = checkpoints.flatMap(({ entries }) => entries);
    expect([hashes.length, new Set(hashes).size]).toEqual([4, 4]);
  });
});

describe('a signature at the deadline', () => {
  it('is accepted in its last second and published after it; one second later it is refused', async () => {
    const statement = await openKeyedStatement(platform, [group], { count: 3 });
    const said = { action: 'sign' as const, group: group.id };
    const [last, late] = [
      await signForReal(statement.context, statement.key.keyed.key, group, 4, said, systemRandom),
      await signForReal(statement.context, statement.key.keyed.key, group, 5, said, systemRandom),
    ];
    const { deadline, mergeDelay } = statement.context.statement;
    platform.clock.now = deadline;
    const { receipt } = await acceptSignature(platform.ctx, statement.context.id, last);
    expect(receipt.publishBy).toBeLessThanOrEqual(deadline + mergeDelay + 60);
    platform.clock.now = deadline + 1;
    await expect(acceptSignature(platform.ctx, statement.context.id, late)).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
    expect((await acceptSignature(platform.ctx, statement.context.id, last)).receipt).toEqual(receipt);
    await publishCheckpoints(platform.ctx, deadline);
    const checkpoints = await readWholeBoard(platform.ctx, statement.context.id);
    expect(checkpoints.map(({ entries }) => entries)).toEqual([[entryHash(last)]]);
  });

  it('whose deadline passes while its proof waits is refused', async () => {
    const statement = await openKeyedStatement(platform, [group], { count: 3 });
    const said = { action: 'sign' as const, group: group.id };
    const entry = await signForReal(statement.context, statement.key.keyed.key, group, 4, said, systemRandom);
    platform.clock.now = statement.context.statement.deadline;
    const check: Context['proofs']['check'] = (...args) => {
      platform.clock.now++;
      return platform.ctx.proofs.check(...args);
    };
    const slow = { ...platform.ctx, proofs: { check } };
    await expect(acceptSignature(slow, statement.context.id, entry)).rejects.toMatchObject({ code: 'STATEMENT_CLOSED' });
  });
});

describe('what is wrong with a signature', () => {
  it('is found before its proof is looked at, and the proof is checked all the same', async () => {
    const { context, key } = await openKeyedStatement(platform, [group], { count: 3 });
    const said = { action: 'sign' as const, group: group.id };
    const entry = await signForReal(context, key.keyed.key, group, 6, said, systemRandom);
    let checked = 0;
    const check: Context['proofs']['check'] = (...args) => {
      checked++;
      return platform.ctx.proofs.check(...args);
    };
    const ctx = { ...platform.ctx, proofs: { check } };
    const refusals: [unknown, string][] = [
      [{ ...entry, statement: 'ab'.repeat(32) }, 'OTHER_STATEMENT'],
      [{ ...entry, said: { ...said, group: 'ab'.repeat(32) } }, 'UNKNOWN_GROUP'],
      [{ ...entry, nullifier: `0${entry.nullifier}` }, 'BAD_SHAPE'],
      [{ ...entry, ephemeral: ['0', '1'] }, 'SEAL_OPEN_TO_ALL'],
      [{ ...entry, ephemeral: ['1', '1'] }, 'BAD_POINT'],
      [{ ...entry, said: { ...said, minimum: 9 } }, 'MINIMUM_UNREACHABLE'],
      [{ ...entry, said: { action: 'withdraw', group: group.id, withdraws: 'ab'.repeat(32) } }, 'NOTHING_TO_WITHDRAW'],
      [{ ...entry, proof: { ...entry.proof, a: ['1', '1'] } }, 'INVALID_PROOF'],
    ];
    for (const [value, code] of refusals) await expect(acceptSignature(ctx, context.id, value)).rejects.toMatchObject({ code });
    expect(checked).toBe(0);
    const swapped = { ...entry, ciphertext: [...entry.ciphertext].reverse() };
    await expect(acceptSignature(ctx, context.id, swapped)).rejects.toMatchObject({ code: 'INVALID_PROOF' });
    const minimum = { ...entry, said: { ...said, minimum: 3 } };
    await expect(acceptSignature(ctx, context.id, minimum)).rejects.toMatchObject({ code: 'INVALID_PROOF' });
    expect(checked).toBe(2);
    await acceptSignature(ctx, context.id, entry);
  });
});
