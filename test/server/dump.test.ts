import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { createListingSalt, listedHash } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash } from '#lib/protocol/board/signature.ts';
import { blindingOf, commitmentOf, createIdentity, type Identity } from '#lib/protocol/member/credential.ts';
import { createInvitation, enrolmentId, enrolmentTicket, type Invitation, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { coordinates } from '#lib/protocol/numbers/point.ts';
import { compareNullifiers } from '#lib/protocol/reveal/waves.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { addInvitations } from '#lib/server/enrolments/invite.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import {
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishRollOf,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { revealByTrustees } from '../support/reveal.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import { createGroup, type Member, systemRandom, type TestGroup } from '../support/world.ts';

const SIGNERS = ['Xenia Quarles', 'Øyvind Ängström', '欧阳明月'];
const OTHERS = ['Wanda Nobody', 'Piet Silent', 'Ulla Unseen', 'Igor Absent', 'Nora Quiet'];
const AGENT = { 'User-Agent': 'Sekret-Agent/7.1', 'X-Forwarded-For': '203.0.113.77', 'X-Real-IP': '203.0.113.77', Cookie: 'who=jane-roe' };
const CADENCE = 3_600;
/** Seconds at which members act: none is a whole hour. */
const ENROLLED_AT = 1_799_998_231;
const MERGE_DELAY = 7_200;
const SIGNED_AT = [1_800_003_611, 1_800_004_127, 1_800_006_389];

/** Signs after the others, in a wave that nobody opens. */
const LATECOMER = 3;

/** Whoever takes the database and the logs: before the reveal, after it, and when the time is over (T25). */
describe('a dump of database and logs', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let invitations: Invitation[];
  const logs: string[] = [];
  const dumps: Record<'before' | 'after' | 'end', string> = { before: '', after: '', end: '' };
  const bodies: { entry: Entry; salt: string }[] = [];
  let unopened: { entry: Entry; salt: string };
  const orders: string[][] = [];

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        logs.push(String(text));
        return true;
      });
    }
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...parts) => void logs.push(parts.map(String).join(' ')));
    platform = await startPlatform({ seed: 'dump' });
    connectRoutes(platform);
    const { ctx, clock, keeper, databaseUrl } = platform;
    const api = createApi(ORIGIN, fetchFrom(await loadRoutes(), AGENT).fetch);

    clock.now = ENROLLED_AT;
    const names = [...SIGNERS, ...OTHERS];
    const identities = names.map(() => createIdentity(platform.random));
    group = createGroup('Harbour pilots', names, platform.random, identities);
    await claimGroup(ctx, keeper, signGroupClaim('Harbour pilots', clock.now, group.seed));
    const { publicKey } = createHpkeKeyPair(systemRandom);
    invitations = names.map((name) => createInvitation(name, group.header.group, bytesToHex(publicKey), systemRandom));
    const tickets = invitations.map((invitation) => enrolmentTicket(enrolmentId(invitation)));
    await addInvitations(ctx, keeper, group.id, { tickets });
    clock.now = ENROLLED_AT + 77;
    for (const [i, invitation] of invitations.entries())
      await api.postEnrolment(sealEnrolment(invitation, enrolledOf(identities[i]!), systemRandom));
    dumps.before += await dumpDatabase(databaseUrl);
    clock.now = 1_800_000_100;
    const enrolled = tickets.slice(0, 7); // one answer is still there at the end
    await publishRollOf(platform, group, enrolled);

    open = await openKeyedStatement(platform, [group], { count: 3 }, { cadence: CADENCE, mergeDelay: MERGE_DELAY, grace: 9_000 });
    const signed: Entry[] = [];
    for (const member of SIGNERS.keys()) signed.push(await signOn(open, group, member));
    // The highest nullifier first: what is kept in the order in which it came is then never in the order of nullifiers.
    signed.sort((a, b) => compareNullifiers(b.nullifier, a.nullifier));
    for (const [i, entry] of signed.entries()) {
      clock.now = SIGNED_AT[i]!;
      const body = { entry, salt: createListingSalt(systemRandom) };
      await api.postSignature(open.context.id, body);
      const wrong = { ...entry, said: { ...entry.said, group: 'ab'.repeat(32) } };
      await expect(api.postSignature(open.context.id, { ...body, entry: wrong })).rejects.toThrow();
      bodies.push(body);
    }
    dumps.before += await dumpDatabase(databaseUrl);
    clock.now = 1_800_007_200;
    await publishCheckpoints(ctx);
    await publishAndCosign(platform, open, [1, 2, 3]);
    dumps.before += await dumpDatabase(databaseUrl);
    orders.push(await readOrder(databaseUrl, 'entries'));

    await revealByTrustees(platform, open, [4, 2], [1, 2]);
    dumps.after += await dumpDatabase(databaseUrl);
    orders.push(await readOrder(databaseUrl, 'opened_entries'));
    unopened = { entry: await signOn(open, group, LATECOMER), salt: createListingSalt(systemRandom) };
    await api.postSignature(open.context.id, unopened);
    clock.now += CADENCE;
    await publishAndCosign(platform, open, [1, 2, 3]);
    await revealByTrustees(platform, open, [1, 3], [1], 2);
    dumps.after += await dumpDatabase(databaseUrl);
    clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    dumps.end = await dumpDatabase(databaseUrl);
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await platform?.stop();
  });

  /** Every spelling in which a number may stand. */
  const spell = (value: bigint) => [value.toString(), value.toString(16), value.toString(16).padStart(64, '0')];
  const spellName = (name: string) => [
    name,
    Buffer.from(utf8ToBytes(name)).toString('hex'),
    Buffer.from(utf8ToBytes(name)).toString('base64'),
    JSON.stringify(name).slice(1, -1),
  ];
  const found = (needles: readonly string[], ...haystacks: string[]) =>
    needles.filter((needle) => haystacks.some((text) => text.toLowerCase().includes(needle.toLowerCase())));

  const enrolledOf = (identity: Identity) => ({
    commitment: commitmentOf(identity, group.id),
    membership: membershipOf(identity, group.id),
  });
  const tokenOfMember = ({ identity, name }: Member) => tokenOf(membershipOf(identity, group.id), group.id, name);
  /** What leads from a person to what is sealed: the token, what is opened of it, and what makes it. */
  const tokensOf = (members: readonly Member[]) =>
    members.flatMap((member) => {
      const { point, salt } = tokenOfMember(member);
      const [own, clear] = [coordinates(point), coordinates(clearToken(point))];
      return [salt, own.x, own.y, clear.x, clear.y].flatMap(spell);
    });

  it('holds what it should: tickets, leaves, nullifiers, and after the reveal the names of those who signed', () => {
    expect(found([group.id, open.context.id, enrolmentTicket(enrolmentId(invitations[0]!))], dumps.before)).toHaveLength(3);
    const leaves = group.leaves.map((leaf) => leaf.toString(16).padStart(64, '0'));
    expect(found(leaves, dumps.before)).toHaveLength(8);
    expect(
      found(
        bodies.map(({ entry }) => entry.nullifier),
        dumps.before,
      ),
    ).toHaveLength(3);
    expect(found(SIGNERS, dumps.after)).toEqual(SIGNERS);
    expect(found(SIGNERS, dumps.end)).toEqual(SIGNERS);
  });

  it('holds no name before the reveal, and after it none of those who did not sign, or were not opened', () => {
    const logged = logs.join('\n');
    expect(found(SIGNERS.flatMap(spellName), dumps.before, logged)).toEqual([]);
    expect(found(OTHERS.flatMap(spellName), dumps.before, dumps.after, dumps.end, logged)).toEqual([]);
  });

  it('never holds a secret, u, a commitment or what an invitation carries, nor a token that was not opened', () => {
    const secrets = group.members.flatMap(({ identity }) => [
      ...spell(identity.secret),
      membershipOf(identity, group.id),
      ...spell(blindingOf(identity, group.id)),
      ...spell(commitmentOf(identity, group.id)),
    ]);
    const carried = invitations.map(({ secret }) => secret);
    const keys = [...open.key.shares.flatMap(spell), ...open.key.secrets.flatMap((one) => one.coefficients.flatMap(spell))];
    const all = [dumps.before, dumps.after, dumps.end, logs.join('\n')];
    expect(found([...secrets, ...carried, ...keys], ...all)).toEqual([]);
    expect(found(tokensOf(group.members), dumps.before, logs.join('\n'))).toEqual([]);
    expect(found(tokensOf(group.members.slice(SIGNERS.length)), ...all)).toEqual([]);
  });

  it('tells when the time is over of no signature that was not opened, and of none in which checkpoint it stood', () => {
    const said = (of: typeof bodies) =>
      of.map(({ entry, salt }) => [entry.nullifier, entryHash(entry), listedHash(entryHash(entry), salt), salt]);
    const [gone] = said([unopened]) as [string[]];
    expect(found(gone, dumps.after)).toEqual(gone);
    expect(found(gone.slice(0, 2), dumps.end)).toEqual([]);
    const salts = [...bodies, unopened].map(({ salt }) => salt);
    expect(found(salts, dumps.after)).toHaveLength(4);
    expect(found(salts, dumps.end)).toEqual([]); // what leads from an entry to its place in the lists
    for (const [nullifier, hash, listed] of said(bodies)) expect(found([nullifier!, hash!, listed!], dumps.end)).toHaveLength(3);
  });

  it('never holds an address, a user agent, a cookie, or a time at which somebody enrolled or signed (T13)', () => {
    // A receipt’s time is the merge delay after a step of the schedule: were it after the signing, it would tell that.
    const times = [...SIGNED_AT, ...SIGNED_AT.map((time) => time + MERGE_DELAY), ENROLLED_AT + 77];
    const spelled = times.flatMap((time) => [String(time), time.toString(16), new Date(time * 1000).toISOString().slice(0, 16)]);
    const traces = ['203.0.113.77', 'Sekret-Agent', 'jane-roe', ...spelled];
    expect(found(traces, dumps.before, dumps.after, dumps.end, logs.join('\n'))).toEqual([]);
  });

  it('does not tell by the place of rows on the disk in which order signatures came', () => {
    const byListed = bodies.map(({ entry, salt }) => [listedHash(entryHash(entry), salt), entryHash(entry)]).sort();
    expect(orders[0]).toEqual(byListed.map(([, hash]) => hash));
    const byNullifier = bodies.map(({ entry }) => entry).sort((a, b) => compareNullifiers(a.nullifier, b.nullifier));
    expect(orders[1]).toEqual(byNullifier.map(entryHash));
  });
});

/** The hashes of entries in the order in which a table has them. */
async function readOrder(databaseUrl: string, table: 'entries' | 'opened_entries'): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const rows = await sql<{ hash: Buffer }[]>`select hash from board.${sql(table)} order by ctid`;
  await sql.end();
  return rows.map(({ hash }) => hash.toString('hex'));
}
