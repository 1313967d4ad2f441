import { randomBytes } from 'node:crypto';
import { proveSign } from '#lib/proof/prover.ts';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import {
  type Author,
  collectShare,
  createKeySecrets,
  type KeySecrets,
  makeCommit,
  makeConfirm,
  makeDeal,
} from '#lib/protocol/key/key-generation.ts';
import { judgeKeyGeneration, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Commit, Confirm, Deal } from '#lib/protocol/key/key-messages.ts';
import { hashCapsules, joinCapsules, makeCapsule } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, createIdentity, type Identity, leafOf } from '#lib/protocol/member/credential.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { findPath, type RollHeader, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { middleLevel, plantTree } from '#lib/protocol/member/roll-tree.ts';
import { membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { Point, Scalar } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { checkStatement, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { prepareEntry } from '#lib/signing/make-entry.ts';
import { loadCurrentKey } from '../proof/current-key.ts';

export const systemRandom: Random = (length) => new Uint8Array(randomBytes(length));

export type Member = { identity: Identity; name: string };
export type TestGroup = {
  header: RollHeader;
  id: string;
  members: Member[];
  leaves: Field[];
  capsules: Uint8Array<ArrayBuffer>;
  seed: Uint8Array;
};

/** A group with its first roll. */
export function createGroup(
  name: string,
  names: readonly string[],
  random: Random,
  identities?: readonly Identity[],
  recognised: Hex32[] = [],
): TestGroup {
  const members = names.map((text, i) => ({ identity: identities?.[i] ?? createIdentity(random), name: text }));
  const seed = random(32);
  return makeRoll({ issuer: publicKeyOf(seed), name }, members, seed, { number: 1, trustees: recognised });
}

/** The same group with its next roll, of these members. */
export function nextRoll({ header, seed }: TestGroup, members: readonly Member[], time = header.time): TestGroup {
  return makeRoll(header.group, members, seed, { number: header.number + 1, previous: rollHash(header), time });
}

/** Another roll with the number of this one, signed by the issuer for somebody alone. */
export function forkRoll({ header, seed, leaves }: TestGroup): RollHeader {
  const { type: _, signature: __, depth: ___, size: ____, root: _____, ...terms } = header;
  return signRoll({ ...terms, time: header.time + 1, leaves }, seed);
}

function makeRoll(
  group: RollHeader['group'],
  members: readonly Member[],
  seed: Uint8Array,
  terms: { number: number; previous?: string; time?: number; trustees?: Hex32[] },
): TestGroup {
  const id = groupId(group);
  const leaves = members.map(({ identity, name }) =>
    leafOf(commitmentOf(identity, id), tokenOf(membershipOf(identity, id), id, name).point),
  );
  const place = { group: id, number: terms.number };
  const capsules = joinCapsules(members.map(({ identity, name }) => makeCapsule(place, membershipOf(identity, id), name)));
  const header = signRoll({ group, time: 1_800_000_000, trustees: [], ...terms, leaves, names: merkleRoot(hashCapsules(capsules)) }, seed);
  return { header, id, members: [...members], leaves, capsules, seed };
}

export type Committee = { seeds: Uint8Array[]; threshold: number };

export const PLATFORM_SEED = new Uint8Array(32).fill(7);

/** A statement that is checked and ready, with times around 1,800,000,000. */
export function createStatement(
  groups: readonly TestGroup[],
  committee: Committee,
  trigger: Trigger,
  options: { verificationKey: string; setup: string; random: Random; change?: Partial<Statement> },
): StatementContext {
  const statement: Statement = {
    version: 2,
    nonce: Buffer.from(options.random(32)).toString('hex'),
    text: [{ language: 'en', title: 'A fair count', body: 'We ask for a *fair* count.' }],
    trigger,
    openBy: 1_800_001_000,
    deadline: 1_800_100_000,
    grace: 10_000,
    cadence: 0,
    mergeDelay: 600,
    clockSkew: 60,
    together: 1,
    stepTime: 1,
    rolls: groups.map((group) => ({ group: group.id, roll: rollHash(group.header) })).sort((a, b) => (a.group < b.group ? -1 : 1)),
    committee: {
      threshold: committee.threshold,
      trustees: committee.seeds.map((seed, i) => ({ name: `Trustee ${i + 1}`, contact: 'by post', key: publicKeyOf(seed) })),
    },
    platform: publicKeyOf(PLATFORM_SEED),
    verificationKey: options.verificationKey,
    setup: options.setup,
    ...options.change,
  };
  const context = checkStatement(
    statement,
    groups.map((group) => group.header),
  );
  if (!context.ok) throw new Error(`${context.code}: ${context.detail}`);
  return context.value;
}

export function createCommittee(size: number, threshold: number, random: Random): Committee {
  return { seeds: Array.from({ length: size }, () => random(32)), threshold };
}

export type KeyCeremony = {
  authors: Author[];
  secrets: KeySecrets[];
  commits: Commit[];
  deals: Deal[];
  confirms: Confirm[];
  shares: Scalar[];
  keyed: Keyed;
};

/** An honest key generation from start to end. */
export function makeKey(context: StatementContext, committee: Committee, random: Random): KeyCeremony {
  const authors = committee.seeds.map((seed, i) => ({ context, trustee: i + 1, seed }));
  const secrets = authors.map(() => createKeySecrets(committee.threshold, random));
  const commits = authors.map((author, i) => makeCommit(author, secrets[i] as KeySecrets, random));
  const deals = authors.map((author, i) => makeDeal(author, secrets[i] as KeySecrets, commits, random));
  const shares = authors.map((author, i) => {
    const collected = collectShare(author, secrets[i] as KeySecrets, deals);
    if (!collected.ok) throw new Error(`bad share of trustee ${collected.dealer}`);
    return collected.share;
  });
  const confirms = authors.map((author, i) => makeConfirm(author, shares[i] as Scalar, commits, deals, random));
  const keyed = judgeKeyGeneration(context, [...commits, ...deals, ...confirms]);
  if (keyed.status !== 'keyed') throw new Error(`not keyed: ${JSON.stringify(keyed)}`);
  return { authors, secrets, commits, deals, confirms, shares, keyed };
}

/** A signature with a real proof, made exactly as a wallet makes it. Takes seconds. */
export async function signForReal(
  context: StatementContext,
  key: Point,
  group: TestGroup,
  member: number,
  said: Said,
  random: Random,
): Promise<Entry> {
  const { files } = await loadCurrentKey();
  const { unproven, job } = prepareEntry({ context, key: { key }, ...placeOf(group, member), said }, random);
  const proved = await proveSign(job.input, files, { random });
  if (proved.publicSignals.join() !== job.expected.join()) throw new Error('the circuit and the protocol disagree');
  return { ...unproven, proof: proved.proof };
}

/** Who a member is and where it stands in the roll, as its wallet finds it. */
export function placeOf(group: TestGroup, member: number) {
  const { identity, name } = group.members[member] as Member;
  const path = findPath(group.header, group.leaves, middleLevel(plantTree(group.leaves, group.header.depth)), member);
  if (!path) throw new Error('no path');
  return { identity, place: { group: group.id, header: group.header, membership: { name }, path } };
}
