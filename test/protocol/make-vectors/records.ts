// SPEC §12: records, and what a verifier says of them when one thing is wrong
import { type Cosignature, checkpointHash, signCosignature } from '#lib/protocol/board/board.ts';
import { type Entry, entryHash, testimonyHash } from '#lib/protocol/board/signature.ts';
import { createKeySecrets, makeComplaint, makeConfirm, makeDeal } from '#lib/protocol/key/key-generation.ts';
import type { Commit, Deal } from '#lib/protocol/key/key-messages.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import { compareCosignatures, selectCosignatures } from '#lib/protocol/record/record.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { type BoardPart, cosignAll, openAll, publish, type RecordParts, wavesOf } from '#test/support/record-parts.ts';
import { type KeyCeremony, makeKey, type TestGroup } from '#test/support/world.ts';
import { type Prover, signOnce } from './prove-once.ts';
import { createScene, type Scene, type Setup } from './scene.ts';

/** Records of every outcome, with the scene behind each: its seeds are what a test needs to sign a changed one again. */
export type RecordScene = { scene: Scene; parts: RecordParts; key: KeyCeremony | null };
export type RecordScenes = Record<'revealed' | 'ended' | 'unopened' | 'destroyed' | 'aborted' | 'hidden', RecordScene>;

const T0 = 1_800_002_000;

export async function makeRecordScenes(setup: Setup, prove: Prover): Promise<RecordScenes> {
  const revealed = await makeRevealed(setup, prove);
  return {
    revealed,
    ended: makeEnded(revealed),
    unopened: makeUnopened(revealed),
    destroyed: await makeDestroyed(setup, prove),
    aborted: makeAborted(setup),
    hidden: await makeHidden(setup, prove),
  };
}

/**
 * Two waves: two of three trustees are needed, the third is away for the second wave. One signature is withdrawn in time, one
 * after it opened; one has a personal minimum that the second wave meets, one a minimum that is never met.
 */
async function makeRevealed(setup: Setup, prove: Prover): Promise<RecordScene> {
  const trigger = (groups: readonly TestGroup[]) => ({ all: [{ count: 3 }, { group: groups[0]?.id as string, count: 2 }] });
  const scene = createScene('record revealed', { setup, threshold: 2, size: 4, members: [5, 9], trigger });
  const { context, random } = scene;
  const [a, b] = scene.groups as [TestGroup, TestGroup];
  const key = makeKey(context, scene.committee, random);
  const sign = (group: TestGroup, member: number, more: { minimum?: number; testimony?: string } = {}) =>
    signOnce(prove, context, key.keyed, group, member, { action: 'sign', group: group.id, ...more }, random);
  const withdraw = (group: TestGroup, member: number, entry: Entry) =>
    signOnce(prove, context, key.keyed, group, member, { action: 'withdraw', group: group.id, withdraws: entryHash(entry) }, random);

  const a0 = await sign(a, 0);
  const b0 = await sign(b, 0, { testimony: testimonyHash(context.id, '1', 'c0ffee') });
  const a1 = await sign(a, 1, { minimum: 5 });
  const second = [await withdraw(b, 0, b0), await sign(a, 2), await sign(b, 1)];
  const third = [await sign(b, 2), await withdraw(a, 0, a0)];
  const parts = publish(context, key.keyed, [[a0, b0, a1], second, third, [await sign(b, 3, { minimum: 10 })]], T0);
  const waves = wavesOf(context, parts);
  const present = key.authors.slice(0, 2);
  const all = [...cosignAll(context, key.authors, parts.slice(0, 3)), ...cosignAll(context, present, parts.slice(3))];
  const openings = [
    ...openAll(key.authors, key.shares, key.keyed, waves.slice(0, 1), random),
    ...openAll(present, key.shares, key.keyed, waves.slice(1), random),
  ];
  return {
    scene,
    key,
    parts: {
      ...{ context, groups: scene.groups, keyMessages: [...key.commits, ...key.deals, ...key.confirms], parts, waves, openings },
      ...{ cosignatures: cosignaturesOf(context, parts, waves, all), destroyed: [], writtenAt: T0 + 1000 },
    },
  };
}

function cosignaturesOf(
  context: Scene['context'],
  parts: readonly BoardPart[],
  waves: readonly { checkpoint: string }[],
  all: readonly Cosignature[],
): Cosignature[] {
  const hashes = parts.map((part) => checkpointHash(part.checkpoint));
  return selectCosignatures(
    context.statement,
    hashes,
    waves.map((wave) => wave.checkpoint),
    all,
  );
}

/** The same statement after the end: all that opened in no wave is a hash. Trustee 3 is shown to have cosigned another board. */
function makeEnded({ scene, parts, key }: RecordScene): RecordScene {
  const { context } = scene;
  const end = destructionTime(context.statement);
  const authors = authorsOf(scene);
  const opened = new Set(parts.waves.flatMap((wave) => wave.items.map((item) => item.nullifier)));
  const stubs = parts.parts
    .flatMap((part) => part.entries)
    .filter((entry) => entry.said.action === 'withdraw' || !opened.has(entry.nullifier))
    .map(entryHash);
  const fork = signCosignature(context, 3, { number: 3, hash: 'f0'.repeat(32), time: 0 }, authors[2]?.seed as Uint8Array);
  return {
    scene,
    key,
    parts: {
      ...parts,
      cosignatures: [...parts.cosignatures, fork].sort(compareCosignatures),
      destroyed: authors.map((author) => signDestroyed(author, end + author.trustee)),
      writtenAt: end + 100,
      stubs: new Set(stubs),
    },
  };
}

/** Only one trustee opened the waves, and the time is over. */
function makeUnopened({ scene, parts, key }: RecordScene): RecordScene {
  const openings = parts.openings.filter((opening) => opening.trustee === 1);
  return { scene, key, parts: { ...parts, openings, writtenAt: destructionTime(scene.context.statement) } };
}

/** Too few signed: hashes remain, and both trustees say that they destroyed their shares. */
async function makeDestroyed(setup: Setup, prove: Prover): Promise<RecordScene> {
  const scene = createScene('record destroyed', { setup, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
  const { context, random } = scene;
  const [group] = scene.groups as [TestGroup];
  const key = makeKey(context, scene.committee, random);
  const end = destructionTime(context.statement);
  const entries: Entry[] = [];
  for (const member of [0, 1])
    entries.push(await signOnce(prove, context, key.keyed, group, member, { action: 'sign', group: group.id }, random));
  const parts = publish(context, key.keyed, [[], entries], T0);
  return {
    scene,
    key,
    parts: {
      ...{ context, groups: scene.groups, keyMessages: [...key.commits, ...key.deals, ...key.confirms], parts, waves: [], openings: [] },
      cosignatures: cosignaturesOf(context, parts, [], cosignAll(context, key.authors, parts)),
      destroyed: key.authors.map((author) => signDestroyed(author, end)),
      writtenAt: end + 5,
      stubs: new Set(entries.map(entryHash)),
    },
  };
}

/** Trustee 2 dealt a bad share to trustee 3, who shows it; trustee 1 had confirmed. */
function makeAborted(setup: Setup): RecordScene {
  const scene = createScene('record aborted', { setup, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
  const { context, random } = scene;
  const key = makeKey(context, scene.committee, random);
  const authors = authorsOf(scene);
  const [one, two, three] = authors as [(typeof authors)[0], (typeof authors)[0], (typeof authors)[0]];
  const stranger = makeDeal(two, createKeySecrets(2, random), key.commits as Commit[], random);
  const honest = key.deals[1] as Deal;
  const { signature: _, ...body } = honest;
  const bad = signMessage('deal', { ...body, shares: [honest.shares[0], stranger.shares[1]] }, two.seed) as Deal;
  const deals = [key.deals[0] as Deal, bad, key.deals[2] as Deal];
  const complaint = makeComplaint(three, key.secrets[2] as (typeof key.secrets)[0], bad, random);
  const confirm = makeConfirm(one, key.shares[0] as Scalar, key.commits, deals, random);
  return {
    scene,
    key,
    parts: {
      ...{ context, groups: scene.groups, keyMessages: [...key.commits, ...deals, complaint, confirm], parts: [], waves: [] },
      ...{ openings: [], cosignatures: [], destroyed: [], writtenAt: T0 },
    },
  };
}

/** A statement that hides its count, still open. */
async function makeHidden(setup: Setup, prove: Prover): Promise<RecordScene> {
  const scene = createScene('record hidden', {
    setup,
    threshold: 2,
    size: 2,
    members: [5],
    trigger: { count: 3 },
    change: { count: 'hidden' },
  });
  const { context, random } = scene;
  const [group] = scene.groups as [TestGroup];
  const key = makeKey(context, scene.committee, random);
  const entry = await signOnce(prove, context, key.keyed, group, 0, { action: 'sign', group: group.id }, random);
  const parts = publish(context, key.keyed, [[entry]], T0);
  return {
    scene,
    key,
    parts: {
      ...{ context, groups: scene.groups, keyMessages: [...key.commits, ...key.deals, ...key.confirms], parts, waves: [], openings: [] },
      ...{ cosignatures: cosignaturesOf(context, parts, [], cosignAll(context, key.authors, parts)), destroyed: [], writtenAt: T0 + 10 },
    },
  };
}

function authorsOf({ context, committee }: Scene) {
  return committee.seeds.map((seed, i) => ({ context, trustee: i + 1, seed }));
}
