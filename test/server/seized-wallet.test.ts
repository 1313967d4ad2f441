import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries } from '#db/schema/board.ts';
import { createListingSalt, listedHash } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash, fieldOf } from '#lib/protocol/board/signature.ts';
import { CAPSULE_BYTES, capsuleRollOf, hashCapsules, makeCapsule } from '#lib/protocol/member/capsule.ts';
import { blindingOf, commitmentOf, type Identity, leafOf, nullifierOf } from '#lib/protocol/member/credential.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fieldToBytes, formatField } from '#lib/protocol/numbers/field.ts';
import { coordinates } from '#lib/protocol/numbers/point.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { prepareEntry, sayAye, sayWithdrawn } from '#lib/signing/make-entry.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishGroup,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { askOn, publishChallenge } from '../support/publish-challenge.ts';
import { readEverythingPublic } from '../support/read-everything-public.ts';
import { mixWave, openingOf } from '../support/reveal.ts';
import { connectRoutes, loadRoutes, type Route } from '../support/routes.ts';
import { createGroup, placeOf, systemRandom, type TestGroup } from '../support/world.ts';

const WITHDRAWN = 3;
let platform: TestPlatform;
let group: TestGroup;
let open: OpenStatement;
let challenge: Hex32;
let routes: Route[];

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
  group = createGroup('Harbour pilots', inventNames(8), systemRandom);
  await publishGroup(platform, group);
  const context = askOn(platform, [group]);
  await publishChallenge(platform, context);
  challenge = context.id;
});
afterAll(() => platform?.stop());

/** An entry as its wallet makes it, stored as if its proof had been checked. */
async function store(member: number, said = sayAye(group.id)): Promise<Entry> {
  const { context, key } = open;
  const { unproven } = prepareEntry({ context, key: key.keyed, ...placeOf(group, member), said }, systemRandom);
  const entry: Entry = { ...unproven, proof: { a: ['1', '2'], b: [['1', '2'], ['1', '2']], c: ['1', '2'] } }; // biome-ignore format: short
  const salt = createListingSalt(systemRandom);
  const hash = entryHash(entry);
  const place = { statement: context.id, nullifier: fieldOf(entry.nullifier), action: said.action, groupId: group.id };
  const row = { ...place, hash, salt, listed: listedHash(hash, salt), body: entry, publishBy: context.statement.deadline };
  await platform.ctx.db.insert(entries).values(row);
  return entry;
}

/** All that a wallet's secret gives, by name: what it says about membership, and what it says about a signature. */
function derive({ identity, name }: { identity: Identity; name: string }): Map<string, bigint | string> {
  const token = tokenOf(membershipOf(identity, group.id), group.id, name);
  const capsule = makeCapsule(capsuleRollOf(group.header), membershipOf(identity, group.id), name);
  const { x, y } = coordinates(clearToken(token.point));
  const own = coordinates(token.point);
  return new Map<string, bigint | string>([
    ['secret', identity.secret],
    ['u', membershipOf(identity, group.id)],
    ['blinding', blindingOf(identity, group.id)],
    ['commitment', commitmentOf(identity, group.id)],
    ['leaf', leafOf(commitmentOf(identity, group.id), token.point)],
    ['capsule hash', hashCapsules(capsule)[0] as string],
    ['capsule', bytesToHex(capsule.subarray(0, CAPSULE_BYTES))],
    ['tag', bytesToHex(capsule.subarray(0, 32))],
    ['token x', own.x],
    ['token y', own.y],
    ['salt', token.salt],
    ['T x', x],
    ['T y', y],
    ['nullifier', nullifierOf(identity, open.context.scope)],
  ]);
}

/** Which of them stand in a text: as decimals, or as hex from either end. */
function findIn(text: string, derived: ReadonlyMap<string, bigint | string>): string[] {
  const spellings = (value: bigint | string) => {
    if (typeof value === 'string') return [value];
    const bytes = fieldToBytes(value as Parameters<typeof fieldToBytes>[0]);
    return [`"${formatField(value as Parameters<typeof formatField>[0])}"`, bytesToHex(bytes), bytesToHex(bytes.toReversed())];
  };
  return [...derived].filter(([, value]) => spellings(value).some((one) => text.includes(one))).map(([what]) => what);
}

/** The listed hashes that entries and any 32 bytes in the text as a salt would lead to, as far as they are listed. */
function findCheckpoints(text: string, of: readonly Entry[]): string[] {
  const candidates = new Set(text.match(/\b[0-9a-f]{64}\b/g));
  const guesses = of.flatMap((entry) => [...candidates].map((salt) => listedHash(entryHash(entry), salt)));
  return guesses.filter((hash) => candidates.has(hash));
}

/** The numbers of an entry and its hash, by which whoever has seen it knows it again. */
function tracesOf(entry: Entry): string[] {
  const column = bytesToHex(fieldToBytes(fieldOf(entry.nullifier)));
  return [column, entry.nullifier, ...entry.ephemeral, ...entry.sealed, entryHash(entry)];
}

/** Whoever takes the platform's database after the end finds of entries what is public, and no salt, place or nullifier besides. */
async function expectNothingStored(signed: readonly Entry[]): Promise<void> {
  const stored = await dumpDatabase(platform.databaseUrl);
  const text = await readEverythingPublic(routes, open.context, group, challenge);
  expect(signed.flatMap(tracesOf).filter((trace) => stored.includes(trace) && !text.includes(trace))).toEqual([]);
  expect(findCheckpoints(`${stored}\n${text}`, signed)).toEqual([]);
}

// The roll and the capsules' hashes say that somebody is a member; of that a wallet makes no secret.
const MEMBERSHIP = ['leaf', 'capsule hash'];
const search = async (member: number) =>
  findIn(await readEverythingPublic(routes, open.context, group, challenge), derive(group.members[member]!));

describe('a wallet that was seized, and everything that is public (T50)', () => {
  it('finds nothing of a signature until k have opened (T49), and then what was revealed, but not its checkpoint', async () => {
    const { ctx } = platform;
    open = await openKeyedStatement(platform, [group], { count: 3 }, { together: 3 });
    const signed: Entry[] = [];
    for (const members of [[0, WITHDRAWN], [1], [2]]) {
      for (const member of members) signed.push(await store(member));
      if (members.length === 1 && members[0] === 1) await store(WITHDRAWN, sayWithdrawn(group.id));
      if (members[0] === 2) for (const member of [0, 1, 2, WITHDRAWN]) expect(await search(member)).toEqual(MEMBERSHIP);
      platform.clock.now += 5;
      await publishAndCosign(platform, open, [1, 2, 3]);
    }
    for (const member of [0, 1, 2, WITHDRAWN]) expect(await search(member)).toEqual(MEMBERSHIP);

    const { setting, chain } = await mixWave(platform, open, [2, 4]);
    const mixed = chain.flatMap(({ lists }) => lists.flatMap(({ items }) => items.flat(2)));
    await acceptMessage(ctx, open.context.id, openingOf(open, setting, chain, 1));
    const unopened = await readEverythingPublic(routes, open.context, group, challenge);
    expect([...signed.flatMap(tracesOf), ...mixed].filter((trace) => unopened.includes(trace))).toEqual([]); // (T49)
    await acceptMessage(ctx, open.context.id, openingOf(open, setting, chain, 3));
    const text = await readEverythingPublic(routes, open.context, group, challenge);
    expect(mixed.filter((number) => !text.includes(number))).toEqual([]);
    for (const member of [0, 1, 2])
      expect(findIn(text, derive(group.members[member]!))).toEqual([...MEMBERSHIP, 'salt', 'T x', 'T y', 'nullifier']);
    expect(findCheckpoints(text, signed)).toEqual([]);
    expect(findIn(text, derive(group.members[WITHDRAWN]!))).toEqual(MEMBERSHIP);
    expect(findIn(text, derive(group.members[7]!))).toEqual(MEMBERSHIP);

    platform.clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    expect(await search(WITHDRAWN)).toEqual(MEMBERSHIP);
    await expectNothingStored(signed);
  });

  it('finds nothing of a signature under a statement that was destroyed', async () => {
    const { ctx, clock } = platform;
    clock.now = 1_800_000_600;
    open = await openKeyedStatement(platform, [group], { count: 3 }, { together: 3 });
    const signed = [await store(0), await store(1)];
    await publishAndCosign(platform, open, [1, 2, 3]);
    clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    await expectNothingStored(signed);
    for (const author of open.key.authors) await acceptMessage(ctx, open.context.id, signDestroyed(author, { waves: [] }, clock.now));
    for (const member of [0, 1]) expect(await search(member)).toEqual(MEMBERSHIP);
    expect(findCheckpoints(await readEverythingPublic(routes, open.context, group, challenge), signed)).toEqual([]);
  });
});
