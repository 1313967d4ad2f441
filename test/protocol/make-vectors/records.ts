// SPEC §12: records of every outcome
import { headOf } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import { createKeySecrets, makeComplaint, makeConfirm, makeDeal } from '#lib/protocol/key/key-generation.ts';
import type { Deal } from '#lib/protocol/key/key-messages.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import { type Attested, signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { mixHash } from '#lib/protocol/reveal/mix.ts';
import { contentOf } from '#lib/protocol/reveal/wave-content.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { seeded } from '#test/circuits/signer.ts';
import { cosign, type PublishedBoard, publish, type RecordParts, type RevealedWave, reveal } from '#test/support/record-parts.ts';
import { unprovenEntry } from '#test/support/unproven-entries.ts';
import { type KeyCeremony, makeKey, type TestGroup } from '#test/support/world.ts';
import { type Prover, signOnce } from './prove-once.ts';
import { createScene, type Scene, type Setup } from './scene.ts';

/** Records, with the scene behind each: its seeds are what a test needs to sign a changed one again. */
export type RecordScene = { scene: Scene; parts: RecordParts; key: KeyCeremony; board: PublishedBoard | null };
export type RecordName = 'open' | 'revealed' | 'ended' | 'chains' | 'unopened' | 'unvouched' | 'destroyed' | 'aborted';
export type RecordScenes = Record<RecordName, RecordScene>;

const T0 = 1_800_002_000;

export async function makeRecordScenes(setup: Setup, prove: Prover): Promise<RecordScenes> {
  const revealed = await makeRevealed(setup, prove);
  const destroyed = makeDestroyed(setup);
  return {
    open: makeOpen(revealed),
    revealed,
    ended: makeEnded(revealed),
    chains: makeChains(revealed),
    unopened: makeUnopened(revealed),
    unvouched: makeUnvouched(destroyed),
    destroyed,
    aborted: makeAborted(setup),
  };
}

/**
 * Two of four trustees, two names together, two waves. One signature is withdrawn before it is covered, and one after it has
 * opened; one waits for a second of its group; one has a minimum that is not reached. Trustee 4 is away for the second wave.
 */
async function makeRevealed(setup: Setup, prove: Prover): Promise<RecordScene> {
  const trigger = (groups: readonly TestGroup[]) => ({ all: [{ count: 3 }, { group: groups[0]?.id as string, count: 2 }] });
  const change = { together: 2 };
  const scene = createScene('record revealed', { setup, threshold: 2, size: 4, members: [5, 9], trigger, change });
  const { context, random } = scene;
  const [a, b] = scene.groups as [TestGroup, TestGroup];
  const key = makeKey(context, scene.committee, random);
  const sign = (group: TestGroup, member: number) =>
    signOnce(prove, context, key.keyed, group, member, { action: 'sign', group: group.id }, random);
  /** Of entries that never open only the listed hash is in a record: these need no proof. */
  const withhold = (nullifier: number, said: Said) => unprovenEntry(context.id, nullifier, said);
  const a0 = await sign(a, 0);
  const first = [a0, withhold(1, { action: 'sign', group: b.id })];
  const second = [withhold(1, { action: 'withdraw', group: b.id }), await sign(a, 2), await sign(b, 1)];
  const third = [await sign(b, 2)];
  const withdrawnLate: Entry = { ...withhold(3, { action: 'withdraw', group: a.id }), nullifier: a0.nullifier };
  const fourth = [withhold(4, { action: 'sign', group: a.id, minimum: 9 }), withhold(5, { action: 'sign', group: b.id }), withdrawnLate];
  const fifth = [await sign(a, 3), await sign(a, 4)];
  const sixth = [withhold(6, { action: 'sign', group: b.id })];
  const board = publish(context, key.keyed, [first, second, third, fourth, fifth, sixth], T0);
  const [one, two] = board.waves as [(typeof board.waves)[0], (typeof board.waves)[0]];
  const from = { groups: scene.groups, random: seeded('mixes of the record revealed') };
  const waves = [
    reveal(context, key, from.groups, board, one, { mixers: [3, 1], openers: [1, 2, 3, 4], random: from.random }),
    reveal(context, key, from.groups, board, two, { mixers: [2, 3], openers: [2, 3], random: from.random }),
  ];
  const last = [6, 5, 5, 3].map((number, i) =>
    cosign(authorOf(key, i + 1), board.checkpoints[number - 1] as (typeof board.checkpoints)[0]),
  );
  return {
    ...{ scene, key, board },
    parts: {
      ...{ context, groups: scene.groups, keyMessages: [...key.commits, ...key.deals, ...key.confirms], waves },
      ...{ checkpoints: board.checkpoints, cosignatures: last, destroyed: [], writtenAt: T0 + 1000 },
    },
  };
}

/** The same board before the first wave is final. */
function makeOpen({ parts, ...rest }: RecordScene): RecordScene {
  const checkpoints = parts.checkpoints.slice(0, 3);
  const cosignatures = [1, 2].map((trustee) => cosign(authorOf(rest.key, trustee), checkpoints[2] as (typeof checkpoints)[0]));
  return { ...rest, parts: { ...parts, checkpoints, cosignatures, waves: [], writtenAt: T0 + 100 } };
}

/** The same after the end. Trustee 4 is shown to have cosigned another board. */
function makeEnded({ parts, ...rest }: RecordScene): RecordScene {
  const fork = signCosignature(authorOf(rest.key, 4), { number: 2, hash: 'f0'.repeat(32) });
  const end = destructionTime(parts.context.statement);
  const destroyed = [1, 2, 3].map((trustee) =>
    attest(rest.key, trustee, attested(parts, [6, 5, 5][trustee - 1] as number, parts.waves, true)),
  );
  return { ...rest, parts: { ...parts, cosignatures: [...parts.cosignatures, fork], destroyed, writtenAt: end + 100 } };
}

/** The first wave alone, mixed in two chains that two trustees have opened both: the record holds the one with the lower last hash. */
function makeChains({ scene, parts, key, board }: RecordScene): RecordScene {
  const random = seeded('competing mixes');
  const due = (board as PublishedBoard).waves[0] as PublishedBoard['waves'][0];
  const mix = (mixers: number[]) =>
    reveal(parts.context, key, scene.groups, board as PublishedBoard, due, { mixers, openers: [1, 4], random });
  const [chosen] = [mix([1, 2]), mix([4, 3])].sort((one, other) => (lastHash(one) < lastHash(other) ? -1 : 1)) as [RevealedWave];
  const checkpoints = parts.checkpoints.slice(0, 3);
  const cosignatures = [1, 2, 3].map((trustee) => cosign(authorOf(key, trustee), checkpoints[2] as (typeof checkpoints)[0]));
  return { scene, key, board, parts: { ...parts, checkpoints, cosignatures, waves: [chosen], writtenAt: T0 + 100 } };
}

/** A wave was due, as two trustees say, and nobody opened it in time. */
function makeUnopened({ parts, ...rest }: RecordScene): RecordScene {
  const checkpoints = parts.checkpoints.slice(0, 3);
  const cosignatures = [1, 2, 3].map((trustee) => cosign(authorOf(rest.key, trustee), checkpoints[2] as (typeof checkpoints)[0]));
  const seen = attested(parts, 3, parts.waves.slice(0, 1), false);
  const destroyed = [attest(rest.key, 1, seen), attest(rest.key, 2, seen), attest(rest.key, 3, { ...seen, waves: [] })];
  const writtenAt = destructionTime(parts.context.statement);
  return { ...rest, parts: { ...parts, checkpoints, cosignatures, waves: [], destroyed, writtenAt } };
}

/** Too few signed: the lists remain, and three of four trustees say that they destroyed their shares. */
function makeDestroyed(setup: Setup): RecordScene {
  const scene = createScene('record destroyed', { setup, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
  const { context, random } = scene;
  const [group] = scene.groups as [TestGroup];
  const key = makeKey(context, scene.committee, random);
  const entries = [1, 2].map((nullifier) => unprovenEntry(context.id, nullifier, { action: 'sign', group: group.id }));
  const board = publish(context, key.keyed, [[], entries], T0);
  const cosignatures = key.authors.map((author) => cosign(author, board.checkpoints[1] as (typeof board.checkpoints)[0]));
  const parts: RecordParts = {
    ...{ context, groups: scene.groups, keyMessages: [...key.commits, ...key.deals, ...key.confirms], waves: [], destroyed: [] },
    ...{ checkpoints: board.checkpoints, cosignatures, writtenAt: destructionTime(context.statement) + 5 },
  };
  const destroyed = [1, 2, 4].map((trustee) => attest(key, trustee, attested(parts, 2, [], false)));
  return { scene, key, board, parts: { ...parts, destroyed } };
}

/** The same with the word of two trustees: too few to rule out that one more wave was opened elsewhere. */
function makeUnvouched({ parts, ...rest }: RecordScene): RecordScene {
  return { ...rest, parts: { ...parts, destroyed: parts.destroyed.slice(0, 2) } };
}

/** Trustee 2 dealt a bad share to trustee 3, who shows it; trustee 1 had confirmed. */
function makeAborted(setup: Setup): RecordScene {
  const scene = createScene('record aborted', { setup, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
  const { context, random } = scene;
  const key = makeKey(context, scene.committee, random);
  const stranger = makeDeal(authorOf(key, 2), createKeySecrets(2, random), key.commits, random);
  const honest = key.deals[1] as Deal;
  const { signature: _, ...body } = honest;
  const shares = [honest.shares[0], stranger.shares[1], honest.shares[2]];
  const bad = signMessage('deal', { ...body, shares }, authorOf(key, 2).seed) as Deal;
  const deals = key.deals.map((deal) => (deal.trustee === 2 ? bad : deal));
  const complaint = makeComplaint(authorOf(key, 3), key.secrets[2] as (typeof key.secrets)[0], bad, random);
  const confirm = makeConfirm(authorOf(key, 1), key.shares[0] as Scalar, key.commits, deals, random);
  return {
    ...{ scene, key, board: null },
    parts: {
      ...{ context, groups: scene.groups, keyMessages: [...key.commits, ...deals, complaint, confirm], waves: [] },
      ...{ checkpoints: [], cosignatures: [], destroyed: [], writtenAt: T0 },
    },
  };
}

function authorOf(key: KeyCeremony, trustee: number) {
  return key.authors[trustee - 1] as (typeof key.authors)[0];
}

function attest(key: KeyCeremony, trustee: number, said: Attested) {
  const author = authorOf(key, trustee);
  return signDestroyed(author, said, destructionTime(author.context.statement) + trustee);
}

/** What a trustee says that cosigned up to a checkpoint and found these waves due. */
function attested({ checkpoints }: RecordParts, number: number, waves: readonly RevealedWave[], opened: boolean): Attested {
  const { hash } = headOf(checkpoints[number - 1] as (typeof checkpoints)[0]);
  return {
    head: { number, checkpoint: hash },
    waves: waves.map(({ wave }) => ({ number: wave.number, content: contentOf(wave), opened })),
  };
}

function lastHash({ steps }: RevealedWave): string {
  return mixHash((steps.at(-1) as RevealedWave['steps'][0]).mix);
}
