import { approveIssuer, type ClerkOf, findClerk } from '#db/approve-issuer.ts';
import { migrate } from '#db/migrate.ts';
import { rolls } from '#db/schema/membership.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { type Checkpoint, headOf, type ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import type { Entry, Said } from '#lib/protocol/board/signature.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { readBoardIndex, readSegment } from '#lib/server/board/read.ts';
import { type Context, createContext } from '#lib/server/context.ts';
import type { DomainPlaces } from '#lib/server/domains/domain-ports.ts';
import type { CeremonySettings, MailSettings } from '#lib/server/env.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';
import { acceptSignature } from '#lib/server/signatures/accept.ts';
import { openStatement as openFor } from '#lib/server/statements/open.ts';
import { seeded } from '../circuits/signer.ts';
import { startTestPostgres, type TestDatabase } from './postgres.ts';
import { signOnce } from './recorded-entries.ts';
import {
  type Committee,
  createCommittee,
  createStatement,
  type KeyCeremony,
  makeKey,
  PLATFORM_SEED,
  systemRandom,
  type TestGroup,
} from './world.ts';

/** A platform without a web server: verbs on a database of its own, and a clock that the test turns. */
export type TestPlatform = {
  ctx: Context;
  clock: { now: number };
  /** What groups, committees, statements and keys are drawn from; with a seed, the same in every run. */
  random: Random;
  /** An issuer that may keep groups, and its first clerk. */
  issuer: string;
  keeper: ClerkOf;
  databaseUrl: string;
  stop(): Promise<void>;
};

/** Any moment before the statements of `createStatement` must be keyed. */
export const START = 1_800_000_500;

/** With a seed everything that is opened here is the same in every run, so that its signatures can be kept: see `signOn`. */
type PlatformOptions = {
  seed?: string;
  proofQueue?: number;
  ceremony?: CeremonySettings;
  mail?: MailSettings;
  domains?: DomainPlaces;
  entryTickMs?: number;
  /** Its own, which `stop` stops. */
  database?: TestDatabase;
  /** Seconds that nobody sets; else the test's clock is turned without a jump. */
  monotonic?: () => number;
};

export async function startPlatform({ seed, database: own, ...options }: PlatformOptions = {}): Promise<TestPlatform> {
  const database = own ?? (await startTestPostgres());
  await migrate(database.url);
  const clock = { now: START };
  const ctx = await createContext({
    databaseUrl: database.url,
    publicUrl: 'https://platform.example',
    newIssuers: 'anybody',
    trial: false,
    graceMargin: 5,
    signingSeed: PLATFORM_SEED,
    trustees: [],
    entryTickMs: 0,
    now: () => clock.now,
    ...options,
  });
  const keeper = await newKeeper(ctx, 'test');
  return {
    ctx,
    clock,
    random: seed ? seeded(seed) : systemRandom,
    issuer: keeper.issuer,
    keeper,
    databaseUrl: database.url,
    stop: async () => {
      await ctx.close();
      await database.stop();
    },
  };
}

/** Another issuer, with its first clerk. @param signIn what nobody else has */
export async function newKeeper(ctx: Context, signIn: string): Promise<ClerkOf> {
  await approveIssuer(ctx.db, signIn);
  const clerk = await findClerk(ctx.db, signIn);
  if (!clerk) throw new Error('no clerk was made');
  return clerk;
}

/** Claims a group and publishes its first roll. */
export async function publishGroup(platform: TestPlatform, group: TestGroup): Promise<void> {
  const { ctx, keeper } = platform;
  await claimGroup(ctx, keeper, signGroupClaim(group.header.group.name, ctx.now(), group.seed));
  await publishRollOf(platform, group);
}

/** Publishes the roll of a claimed group as it stands. */
export function publishRollOf(
  { ctx, keeper }: TestPlatform,
  group: TestGroup,
  enrolled: readonly string[] = [],
  between: readonly RollHeader[] = [],
) {
  const roll = { header: group.header, leaves: group.leaves.map(formatField), enrolled, between };
  return publishRoll(ctx, keeper, group.id, roll, group.capsules);
}

/** A group of so many that nobody stands in it: for boards on which nobody looks at proofs or names. */
export async function publishCrowd({ ctx, keeper }: TestPlatform, name: string, size: number): Promise<TestGroup> {
  const seed = systemRandom(32);
  const group = { issuer: publicKeyOf(seed), name };
  const id = groupId(group);
  const leaves = Array.from({ length: size }, (_, i) => BigInt(i + 1) as Field);
  const header = signRoll({ group, number: 1, time: START, trustees: [], leaves, names: 'ab'.repeat(32) }, seed);
  await claimGroup(ctx, keeper, signGroupClaim(name, ctx.now(), seed));
  const file = encodeRollFile(plantTree(leaves, header.depth));
  const row = { hash: rollHash(header), groupId: id, number: 1, size, header, file, names: new Uint8Array(32 * size) };
  await ctx.db.insert(rolls).values(row);
  return { header, id, members: [], leaves, capsules: new Uint8Array(), seed };
}

export type OpenStatement = { context: StatementContext; committee: Committee; key: KeyCeremony };

/** A statement on published groups, with its key not yet made. */
export function prepareStatement(
  { ctx, random }: TestPlatform,
  groups: readonly TestGroup[],
  trigger: Trigger,
  change: Partial<Statement> = {},
  committee: Committee = createCommittee(4, 2, random),
): { context: StatementContext; committee: Committee } {
  const current = currentKey(ctx.manifest);
  const options = { verificationKey: current.verificationKey, setup: current.transcript, random, change };
  return { context: createStatement(groups, committee, trigger, options), committee };
}

/** Opens a statement in the name of the account that keeps the first of its groups. */
export function openStatement(ctx: Context, statement: Statement) {
  return openFor(ctx, statement, { by: 'account', group: statement.rolls[0]?.group ?? '' });
}

/** A statement whose committee has made its key, so that it can be signed. */
export async function openKeyedStatement(
  platform: TestPlatform,
  groups: readonly TestGroup[],
  trigger: Trigger,
  change: Partial<Statement> = {},
): Promise<OpenStatement> {
  const { context, committee } = prepareStatement(platform, groups, trigger, change);
  await openStatement(platform.ctx, context.statement);
  const key = makeKey(context, committee, platform.random);
  for (const message of [...key.commits, ...key.deals, ...key.confirms]) await acceptMessage(platform.ctx, context.id, message);
  return { context, committee, key };
}

/** A signature of a member with a real proof, kept from run to run if the platform has a seed. */
export function signOn({ context, key }: OpenStatement, group: TestGroup, member: number, said?: Said, again?: string): Promise<Entry> {
  return signOnce(context, key.keyed.key, group, member, said, again);
}

/** Posts an entry with a salt of its own, as a wallet does. */
export function postEntry(ctx: Context, entry: Entry, salt = createListingSalt(systemRandom)) {
  return acceptSignature(ctx, entry.statement, { entry, salt });
}

/** Publishes what waits, and has these trustees cosign every checkpoint. */
export async function publishAndCosign({ ctx }: TestPlatform, { context, key }: OpenStatement, trustees: readonly number[]): Promise<void> {
  await publishCheckpoints(ctx);
  for (const checkpoint of await listCheckpoints(ctx, context.id)) {
    for (const author of key.authors.filter(({ trustee }) => trustees.includes(trustee)))
      await acceptMessage(ctx, context.id, signCosignature(author, headOf(checkpoint)));
  }
}

/** A board as whoever reads it from its beginning gets it. */
export async function readWholeBoard(ctx: Context, id: string): Promise<ListedCheckpoint[]> {
  const all: ListedCheckpoint[] = [];
  const { segments } = await readBoardIndex(ctx, id, 0);
  for (const { from, hash } of segments) {
    const bytes = await readSegment(ctx, id, String(from), hash);
    all.push(...(JSON.parse(new TextDecoder().decode(bytes)) as { checkpoints: ListedCheckpoint[] }).checkpoints);
  }
  return all;
}

export async function listCheckpoints(ctx: Context, id: string): Promise<Checkpoint[]> {
  return (await readWholeBoard(ctx, id)).map(({ listed: _, ...checkpoint }) => checkpoint);
}

/** Names for members where it does not matter who they are. */
export function inventNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `Member Number ${i + 1}`);
}
