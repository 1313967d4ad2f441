import { utf8ToBytes } from '@noble/hashes/utils.js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { compareEntries, type Entry } from '#lib/protocol/board/signature.ts';
import { blindingOf, commitmentOf, createIdentity } from '#lib/protocol/member/credential.ts';
import { createInvitation, enrolmentId, enrolmentTicket, type Invitation, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { packName } from '#lib/protocol/member/name.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { makeOpening } from '#lib/protocol/reveal/opening.ts';
import { followBoard } from '#lib/server/board/follower.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { addInvitations } from '#lib/server/enrolments/invite.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { type OpenStatement, openKeyedStatement, publishAndCosign, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import { createGroup, signForReal, systemRandom, type TestGroup } from '../support/world.ts';

const SIGNERS = ['Xenia Quarles', 'Øyvind Ängström', '欧阳明月'];
const OTHERS = ['Wanda Nobody', 'Piet Silent', 'Ulla Unseen', 'Igor Absent', 'Nora Quiet'];
const AGENT = { 'User-Agent': 'Sekret-Agent/7.1', 'X-Forwarded-For': '203.0.113.77', 'X-Real-IP': '203.0.113.77', Cookie: 'who=jane-roe' };
const CADENCE = 3_600;
/** Seconds at which members act: none is a whole hour. */
const ENROLLED_AT = 1_799_998_231;
const SIGNED_AT = [1_800_003_611, 1_800_004_127, 1_800_006_389];

/** Whoever takes the database and the logs, before the reveal and after it (T25). */
describe('a dump of database and logs', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let invitations: Invitation[];
  const logs: string[] = [];
  const dumps: Record<'before' | 'after', string> = { before: '', after: '' };
  let order: string[];

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        logs.push(String(text));
        return true;
      });
    }
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...parts) => void logs.push(parts.map(String).join(' ')));
    platform = await startPlatform();
    connectRoutes(platform);
    const { ctx, clock, issuer, databaseUrl } = platform;
    const api = createApi(ORIGIN, fetchFrom(await loadRoutes(), AGENT).fetch);

    clock.now = ENROLLED_AT;
    const names = [...SIGNERS, ...OTHERS];
    const identities = names.map(() => createIdentity(systemRandom));
    group = createGroup('Harbour pilots', names, systemRandom, identities);
    await claimGroup(ctx, issuer, signGroupClaim('Harbour pilots', clock.now, group.seed));
    invitations = names.map((name) => createInvitation(name, group.header.group, systemRandom));
    const tickets = invitations.map((invitation) => enrolmentTicket(enrolmentId(invitation)));
    await addInvitations(ctx, issuer, group.id, { tickets });
    clock.now = ENROLLED_AT + 77;
    for (const [i, invitation] of invitations.entries())
      await api.postEnrolment(sealEnrolment(invitation, commitmentOf(identities[i]!, group.id), systemRandom));
    dumps.before += await dumpDatabase(databaseUrl);
    clock.now = 1_800_000_100;
    const enrolled = tickets.slice(0, 7); // one answer is still there at the end
    await publishRoll(ctx, issuer, group.id, { header: group.header, leaves: group.leaves.map(formatField), enrolled });

    open = await openKeyedStatement(platform, [group], { count: 3 }, { cadence: CADENCE, mergeDelay: 7_200, grace: 9_000 });
    const signed: Entry[] = [];
    for (const member of SIGNERS.keys())
      signed.push(await signForReal(open.context, open.key.keyed.key, group, member, { action: 'sign', group: group.id }, systemRandom));
    // The highest nullifier first: what is kept in the order in which it came is then never in the order of nullifiers.
    signed.sort((a, b) => compareEntries(b, a));
    for (const [i, entry] of signed.entries()) {
      clock.now = SIGNED_AT[i]!;
      await api.postSignature(open.context.id, entry);
      await expect(api.postSignature(open.context.id, { ...entry, said: { ...entry.said, group: 'ab'.repeat(32) } })).rejects.toThrow();
    }
    dumps.before += await dumpDatabase(databaseUrl);
    clock.now = 1_800_007_200;
    await publishCheckpoints(ctx, clock.now - 1);
    await publishAndCosign(platform, open, [1, 2]);
    dumps.before += await dumpDatabase(databaseUrl);
    order = await readOrder(databaseUrl);

    const [wave] = (await followBoard(ctx, open.context)).waves;
    const { number, checkpoint, items } = wave!;
    for (const author of open.key.authors.slice(0, 2)) {
      const share = open.key.shares[author.trustee - 1]!;
      await api.postMessage(open.context.id, makeOpening(author, open.key.keyed, share, { number, checkpoint, items }, systemRandom));
    }
    dumps.after = await dumpDatabase(databaseUrl);
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
    ...packName(name).slice(0, 1).flatMap(spell),
  ];
  const found = (needles: readonly string[], ...haystacks: string[]) =>
    needles.filter((needle) => haystacks.some((text) => text.toLowerCase().includes(needle.toLowerCase())));

  it('holds what it should: tickets, leaves, nullifiers, and after the reveal the names of those who signed', () => {
    expect(found([group.id, open.context.id, enrolmentTicket(enrolmentId(invitations[0]!))], dumps.before)).toHaveLength(3);
    expect(
      found(
        group.leaves.map((leaf) => leaf.toString(16).padStart(64, '0')),
        dumps.before,
      ),
    ).toHaveLength(8);
    expect(found(SIGNERS, dumps.after)).toEqual(SIGNERS);
  });

  it('holds no name before the reveal, and after it none of those who did not sign', () => {
    const logged = logs.join('\n');
    expect(found(SIGNERS.flatMap(spellName), dumps.before, logged)).toEqual([]);
    expect(found(OTHERS.flatMap(spellName), dumps.before, dumps.after, logged)).toEqual([]);
  });

  it('never holds a secret, a commitment or what an invitation carries', () => {
    const secrets = group.members.flatMap(({ identity }) => [
      ...spell(identity.secret),
      ...spell(blindingOf(identity, group.id)),
      ...spell(commitmentOf(identity, group.id)),
    ]);
    const carried = invitations.map(({ secret }) => secret);
    const keys = [...open.key.shares.flatMap(spell), ...open.key.secrets.flatMap((one) => one.coefficients.flatMap(spell))];
    expect(found([...secrets, ...carried, ...keys], dumps.before, dumps.after, logs.join('\n'))).toEqual([]);
  });

  it('never holds an address, a user agent, a cookie, or a time at which somebody enrolled or signed', () => {
    const times = [...SIGNED_AT, ENROLLED_AT + 77];
    const spelled = times.flatMap((time) => [String(time), time.toString(16), new Date(time * 1000).toISOString().slice(0, 16)]);
    const traces = ['203.0.113.77', 'Sekret-Agent', 'jane-roe', ...spelled];
    expect(found(traces, dumps.before, dumps.after, logs.join('\n'))).toEqual([]);
  });

  it('does not tell by the place of rows on the disk in which order signatures came', () => {
    expect(order).toHaveLength(3);
    expect(order).toEqual([...order].sort());
  });
});

async function readOrder(databaseUrl: string): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const rows = await sql<{ nullifier: Buffer }[]>`select nullifier from board.entries order by ctid`;
  await sql.end();
  return rows.map(({ nullifier }) => nullifier.toString('hex'));
}
