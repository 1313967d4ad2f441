import { beforeAll, describe, expect, it } from 'vitest';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { verifyProofs } from '#lib/proof/verify.ts';
import { type BoardHead, type Cosignature, signCheckpoint, signCosignature } from '#lib/protocol/board/board.ts';
import { compareEntries, type Entry, entryHash, type Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { finishSteps } from '#lib/protocol/messages/steps.ts';
import { lastCosignTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { type BoardView, createView, extendView, finalWaves, judgeCheckpoint } from '#lib/trustee/board-view.ts';
import { agreesWithCosigned, headToCosign, isKeyingOver, isShareOver, mayOpen } from '#lib/trustee/duty-policy.ts';
import { checkCosignatures } from '#lib/trustee/read-messages.ts';
import type { Journal } from '#lib/trustee/stored-shapes.ts';
import { seeded } from '../circuits/signer.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { createCommittee, createGroup, createStatement, makeKey, PLATFORM_SEED, type TestGroup } from '../support/world.ts';
import { signOnce } from './entries.ts';

const TIME = 1_800_000_100;
let context: StatementContext;
let keyed: Keyed;
let group: TestGroup;
let seeds: Uint8Array[];
let entries: Entry[];

beforeAll(async () => {
  const random = seeded('view');
  const manifest = await loadManifest(readFromDisk());
  if (!manifest.ok) throw new Error(manifest.code);
  const { verificationKey, transcript } = currentKey(manifest.value);
  group = createGroup('Sailors', ['Ann Example', 'Ben Beispiel', 'Chloé Exemple', 'Dana Przykład'], random);
  const committee = createCommittee(3, 2, random);
  seeds = committee.seeds;
  context = createStatement([group], committee, { count: 2 }, { verificationKey, setup: transcript, random });
  keyed = makeKey(context, committee, random).keyed;
  const said: Said = { action: 'sign', group: group.id };
  entries = [await sign(0, said), await sign(1, said)].sort(compareEntries);
});

const sign = (member: number, said: Said) => signOnce(context, keyed.key, group, member, said);
const show = (view: BoardView, bodies: Entry[], time = TIME, head: BoardHead = view.head) => ({
  checkpoint: signCheckpoint(context, head, bodies.map(entryHash), time, PLATFORM_SEED),
  bodies,
});
const judge = (view: BoardView, shown: { checkpoint: unknown; bodies: readonly unknown[] }) =>
  finishSteps(judgeCheckpoint(context, keyed, view.head, shown));
const codeOf = (result: { ok: boolean; code?: string }) => (result.ok ? 'ok' : result.code);
const add = (view: BoardView, bodies: Entry[]) => {
  const judged = judge(view, show(view, bodies));
  return judged.ok ? extendView(context, view, judged.value) : judged;
};
const emptyView = () => createView(keyed.transcript);
const cosign = (view: BoardView, trustee: number, number = view.head.number) =>
  signCosignature(context, trustee, { number, hash: view.hashes[number - 1] ?? '', time: TIME }, seeds[trustee - 1] as Uint8Array);

describe('a checkpoint is refused', () => {
  it('when the platform of the statement has not signed it', () => {
    const shown = show(emptyView(), entries);
    expect(codeOf(judge(emptyView(), { ...shown, checkpoint: { ...shown.checkpoint, time: TIME + 1 } }))).toBe('CHECKPOINT_SIGNATURE');
  });

  it('when it does not continue the chain in number, hash or time', () => {
    const view = emptyView();
    const { head } = view;
    expect(codeOf(judge(view, show(view, [], TIME, { ...head, number: 1 })))).toBe('CHECKPOINT_NUMBER');
    expect(codeOf(judge(view, show(view, [], TIME, { ...head, hash: 'f'.repeat(64) })))).toBe('CHECKPOINT_CHAIN');
    expect(codeOf(judge(view, show(view, [], lastCosignTime(context.statement) + 1)))).toBe('CHECKPOINT_TIME');
    expect(codeOf(add(view, []))).toBe('ok');
    expect(codeOf(judge(view, show(view, [], TIME - 1)))).toBe('CHECKPOINT_TIME');
  });

  it('when it shows other entries than it was signed for, or in another order', () => {
    const view = emptyView();
    const [first, second] = entries as [Entry, Entry];
    const shown = show(view, entries);
    expect(codeOf(judge(view, { ...shown, bodies: [first] }))).toBe('CHECKPOINT_ROOT');
    expect(codeOf(judge(view, { ...shown, bodies: [{ ...first, said: { ...first.said, minimum: 2 } }, second] }))).toBe('CHECKPOINT_ROOT');
    expect(codeOf(judge(view, show(view, [second, first])))).toBe('ENTRY_ORDER');
    expect(codeOf(judge(view, show(view, [first, first])))).toBe('ENTRY_ORDER');
  });

  it('when an entry is of another statement, a seal open to all, or a stub before its time', () => {
    const view = emptyView();
    const first = entries[0] as Entry;
    expect(codeOf(judge(view, show(view, [{ ...first, statement: 'a'.repeat(64) }])))).toBe('OTHER_STATEMENT');
    expect(codeOf(judge(view, show(view, [{ ...first, ephemeral: ['0', '1'] }])))).toBe('SEAL_OPEN_TO_ALL');
    expect(codeOf(judge(view, { ...show(view, [first]), bodies: [{ type: 'stub', entry: entryHash(first) }] }))).toBe('BAD_SHAPE');
  });

  it('when somebody signs twice, or withdraws what was not signed', async () => {
    const view = emptyView();
    const [first, second] = entries as [Entry, Entry];
    expect(codeOf(add(view, [first]))).toBe('ok');
    expect(codeOf(add(view, [first]))).toBe('ALREADY_SIGNED');
    const withdrawal = { ...second, said: { action: 'withdraw' as const, group: group.id, withdraws: entryHash(second) } };
    expect(codeOf(add(emptyView(), [withdrawal]))).toBe('NOTHING_TO_WITHDRAW');
  });
});

it('expects of each proof what follows from statement and key: the real ones hold, bent ones do not', async () => {
  const { key } = await loadCurrentKey();
  const judged = judge(emptyView(), show(emptyView(), entries));
  if (!judged.ok) throw new Error(judged.code);
  const [first, second] = judged.value.proofs as [(typeof judged.value.proofs)[0], (typeof judged.value.proofs)[0]];
  expect(await verifyProofs(key, [first, second], { random: seeded('batch') })).toEqual([]);
  const bent = { ...(entries[0] as Entry), ciphertext: (entries[1] as Entry).ciphertext };
  const again = judge(emptyView(), show(emptyView(), [bent]));
  if (!again.ok) throw new Error(again.code);
  expect(await verifyProofs(key, [second, ...again.value.proofs], { random: seeded('batch') })).toEqual([1]);
});

describe('waves', () => {
  it('come from the first checkpoint that meets the trigger, and open only once that is final by a quorum', () => {
    const view = emptyView();
    for (const entry of entries) add(view, [entry]);
    add(view, []);
    expect(view.waves.map(({ checkpointNumber, wave }) => [checkpointNumber, wave.number, wave.items.length])).toEqual([[2, 1, 2]]);
    expect(view.waves[0]?.wave.items.map(({ nullifier }) => nullifier)).toEqual(entries.map(({ nullifier }) => nullifier));
    expect(finalWaves(context, view, [cosign(view, 1, 2)])).toEqual([]);
    expect(finalWaves(context, view, [cosign(view, 1, 2), cosign(view, 1, 2)])).toEqual([]);
    expect(finalWaves(context, view, [cosign(view, 1, 1), cosign(view, 2, 1)])).toEqual([]);
    expect(finalWaves(context, view, [cosign(view, 1, 2), { ...cosign(view, 3, 2), checkpoint: 'e'.repeat(64) }])).toEqual([]);
    expect(finalWaves(context, view, [cosign(view, 1, 3), cosign(view, 3, 3)])).toHaveLength(1); // a later one makes it final too
  });

  it('are irrevocable: a withdrawal after the checkpoint does not touch them (T30)', async () => {
    const [first, second] = entries as [Entry, Entry];
    const taken = await sign(2, { action: 'sign', group: group.id });
    const back: Entry = { ...taken, said: { action: 'withdraw', group: group.id, withdraws: entryHash(taken) } };
    const story = [[first, taken].sort(compareEntries), [second], [back]];
    const early = emptyView();
    for (const bodies of story) add(early, bodies);
    expect(early.waves.map(({ checkpointNumber, wave }) => [checkpointNumber, wave.items.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(early.waves[0]?.wave.items.map(({ nullifier }) => nullifier)).toContain(taken.nullifier);
  });
});

describe('cosignatures', () => {
  const said = (trustee: number, number: number) => ({
    message: signCosignature(context, trustee, headAt(number), seeds[trustee - 1] as Uint8Array),
  });
  const headAt = (number: number) => ({ number, hash: hashes[number - 1] as string, time: TIME });
  const hashes = Array.from({ length: 50 }, (_, i) => String(i + 10).repeat(32));
  const journal = (cosigned?: Cosignature) => ({ stage: 'keyed', ...(cosigned ? { cosigned } : {}) }) as Journal;

  it('are looked at from the newest checkpoint down, and no further than the first that a quorum has cosigned', () => {
    const heard: { message: Cosignature; isGood?: boolean }[] = hashes.flatMap((_, i) => [said(2, i + 1), said(3, i + 1)]);
    const good = checkCosignatures({ context, journal: journal(), cosignatures: heard }, hashes, 1);
    expect(good.map(({ trustee, number }) => [trustee, number])).toEqual([
      [2, 50],
      [3, 50],
    ]);
    expect(heard.filter(({ isGood }) => isGood !== undefined)).toHaveLength(2);
  });

  it('that are forged, of another board, of one trustee alone or below the start make nothing final', () => {
    const own = said(1, 7).message;
    const forged = { message: { ...said(3, 9).message, trustee: 2 } };
    const foreign = { message: { ...said(2, 8).message, checkpoint: 'f'.repeat(64) } };
    const heard = [said(3, 9), forged, said(3, 8), foreign, said(2, 3), said(3, 3), said(2, 7)];
    const check = (from: number, cosignatures: typeof heard) =>
      checkCosignatures({ context, journal: journal(own), cosignatures }, hashes, from);
    expect(check(1, heard).map(({ trustee, number }) => [trustee, number])).toEqual([
      [1, 7],
      [2, 7],
    ]);
    expect(check(4, heard.slice(0, -1))).toEqual([]);
    expect(check(1, heard.slice(0, -1)).map(({ number }) => number)).toEqual([3, 3]);
  });
});

describe('the rules of signing and erasing', () => {
  const journal = (change: Partial<Journal> = {}): Journal => ({
    ...{ version: 1, statement: context.id, trustee: 1, openBy: 100, destroyAt: 1000, stage: 'keyed', messages: [] },
    ...change,
  });

  it('cosign the newest checkpoint, each number once, on one chain only, and never too late', () => {
    const view = emptyView();
    const { statement } = context;
    expect(headToCosign(statement, journal(), view, TIME)).toBeNull();
    add(view, [entries[0] as Entry]);
    const first = cosign(view, 1);
    expect(headToCosign(statement, journal(), view, TIME)).toEqual(view.head);
    expect(headToCosign(statement, journal({ cosigned: first }), view, TIME)).toBeNull();
    add(view, []);
    expect(headToCosign(statement, journal({ cosigned: first }), view, lastCosignTime(statement))).toEqual(view.head);
    expect(headToCosign(statement, journal({ cosigned: first }), view, lastCosignTime(statement) + 1)).toBeNull();
    expect(headToCosign(statement, journal({ cosigned: { ...first, number: 7 } }), view, TIME)).toBeNull();
    expect(headToCosign(statement, journal({ stage: 'confirmed' }), view, TIME)).toBeNull();

    const fork = emptyView();
    add(fork, [entries[1] as Entry]);
    add(fork, []);
    expect(agreesWithCosigned(view, first)).toBe(true);
    expect(agreesWithCosigned(fork, first)).toBe(false);
    expect(headToCosign(statement, journal({ cosigned: first }), fork, TIME)).toBeNull();
  });

  it('open strictly before deadline and grace, and erase from then on whatever the stage', () => {
    expect(mayOpen(journal(), 999)).toBe(true);
    expect(mayOpen(journal(), 1000)).toBe(false);
    expect(mayOpen(journal({ stage: 'destroyed' }), 10)).toBe(false);
    for (const stage of ['keying', 'confirmed', 'keyed'] as const) {
      expect(isShareOver(journal({ stage }), 999)).toBe(false);
      expect(isShareOver(journal({ stage }), 1000)).toBe(true);
    }
    expect(isShareOver(journal({ stage: 'aborted' }), 10)).toBe(true);
  });

  it('erase polynomial and sealing key with the confirm, or when the time for the key is over', () => {
    expect(isKeyingOver(journal({ stage: 'keying' }), 100)).toBe(false);
    expect(isKeyingOver(journal({ stage: 'keying' }), 101)).toBe(true);
    for (const stage of ['aborted', 'confirmed', 'keyed', 'destroyed'] as const) expect(isKeyingOver(journal({ stage }), 10)).toBe(true);
  });
});
