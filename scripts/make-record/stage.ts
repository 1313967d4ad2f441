import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { type Author, collectShare, createKeySecrets, makeCommit, makeConfirm, makeDeal } from '#lib/protocol/key/key-generation.ts';
import { judgeKeyGeneration, type Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeyMessage } from '#lib/protocol/key/key-messages.ts';
import { hashCapsules, joinCapsules } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, createIdentity, type Identity } from '#lib/protocol/member/credential.ts';
import { type Enlisted, enlist } from '#lib/protocol/member/enlist.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { MAX_DEPTH, type RollHeader, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { checkStatement, leastGrace, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';

/** A time at which everything begins: records of one size differ only in what is random. Unix seconds. */
export const BEGIN = 1_800_000_000;
/** What platforms and trustees of the bench ask for beyond the least grace, in seconds. */
export const GRACE_MARGIN = 5;
const LEAST_MEMBERS = 8;

export type MadeGroup = {
  id: string;
  header: RollHeader;
  leaves: Field[];
  /** The file of the roll's capsules. */
  capsules: Uint8Array;
  identities: Identity[];
  names: string[];
  seed: Uint8Array;
};
export type MadeCommittee = { authors: Author[]; shares: Scalar[]; messages: KeyMessage[]; keyed: Keyed };
export type KeyToUse = { verificationKey: string; setup: string };

/** Groups with rolls of as many members as sign, each full but the last. */
export function makeGroups(members: number, random: Random): MadeGroup[] {
  const groups: MadeGroup[] = [];
  for (let left = Math.max(members, LEAST_MEMBERS); left > 0; left -= 2 ** MAX_DEPTH) {
    groups.push(makeGroup(`Ward ${groups.length + 1}`, Math.max(Math.min(left, 2 ** MAX_DEPTH), LEAST_MEMBERS), random));
  }
  return groups;
}

function makeGroup(name: string, size: number, random: Random): MadeGroup {
  const seed = random(32);
  const group = { issuer: publicKeyOf(seed), name };
  const id = groupId(group);
  const identities = Array.from({ length: size }, () => createIdentity(random));
  const names = identities.map((_, i) => `Synthetic Member ${i + 1}, ${name}`);
  const enlisted = identities.map((identity, i) => {
    const candidate = { name: names[i] as string, commitment: commitmentOf(identity, id), membership: membershipOf(identity, id) };
    return enlist({ group: id, number: 1 }, candidate) as Enlisted;
  });
  const leaves = enlisted.map(({ leaf }) => leaf);
  const capsules = joinCapsules(enlisted.map(({ capsule }) => capsule));
  const header = signRoll({ group, number: 1, time: BEGIN, trustees: [], leaves, names: merkleRoot(hashCapsules(capsules)) }, seed);
  return { id, header, leaves, capsules, identities, names, seed };
}

/** A statement over the groups, open from its beginning, with as high a threshold as its committee allows: 2 of 4. */
export function makeStatement(
  groups: readonly MadeGroup[],
  trigger: Trigger,
  platform: Uint8Array,
  trustees: readonly Uint8Array[],
  { verificationKey, setup }: KeyToUse,
  random: Random,
): StatementContext {
  const members = groups.reduce((sum, { leaves }) => sum + leaves.length, 0);
  const threshold = Math.floor((trustees.length + 2) / 3);
  const times = { mergeDelay: 600, clockSkew: 60, stepTime: 1, together: 1 };
  const statement: Statement = {
    version: 2,
    nonce: Buffer.from(random(32)).toString('hex'),
    text: [{ language: 'en', title: 'A synthetic statement', body: 'Nobody signed this: it was made to measure.' }],
    trigger,
    openBy: BEGIN + 1_000,
    deadline: BEGIN + 100_000,
    grace: leastGrace({ ...times, committee: { threshold } }, members) + GRACE_MARGIN,
    cadence: 0,
    ...times,
    rolls: groups.map(({ id, header }) => ({ group: id, roll: rollHash(header) })).sort((a, b) => (a.group < b.group ? -1 : 1)),
    committee: {
      threshold,
      trustees: trustees.map((seed, i) => ({ name: `Trustee ${i + 1}`, contact: 'nobody', key: publicKeyOf(seed) })),
    },
    platform: publicKeyOf(platform),
    verificationKey,
    setup,
  };
  const headers = groups.map(({ header }) => header);
  const context = checkStatement(statement, headers);
  if (!context.ok) throw new Error(`${context.code}: ${context.detail}`);
  return context.value;
}

/** The key of the statement, made by trustees who all keep to the rules. */
export function makeCommittee(context: StatementContext, seeds: readonly Uint8Array[], random: Random): MadeCommittee {
  const authors = seeds.map((seed, i) => ({ context, trustee: i + 1, seed }));
  const secrets = authors.map(() => createKeySecrets(context.statement.committee.threshold, random));
  const commits = authors.map((author, i) => makeCommit(author, secrets[i] as (typeof secrets)[number], random));
  const deals = authors.map((author, i) => makeDeal(author, secrets[i] as (typeof secrets)[number], commits, random));
  const shares = authors.map((author, i) => {
    const collected = collectShare(author, secrets[i] as (typeof secrets)[number], deals);
    if (!collected.ok) throw new Error(`bad share of trustee ${collected.dealer}`);
    return collected.share;
  });
  const confirms = authors.map((author, i) => makeConfirm(author, shares[i] as Scalar, commits, deals, random));
  const messages = [...commits, ...deals, ...confirms];
  const keyed = judgeKeyGeneration(context, messages);
  if (keyed.status !== 'keyed') throw new Error('the committee made no key');
  return { authors, shares, messages, keyed };
}
