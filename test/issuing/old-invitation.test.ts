import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.cjs';
import { invitations as invitationRows } from '#db/schema/membership.ts';
import { type Api, createApi } from '#lib/api/client.ts';
import { decodeNames } from '#lib/api/roll-file.ts';
import { invitationOf, inviteMembers } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf, type Issuer } from '#lib/issuing/issuer-file.ts';
import { publishNextRoll, registerGroup, sendTickets } from '#lib/issuing/run-group.ts';
import { checkCapsules, hashCapsules, makeCapsule, openCapsule, tagOf } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, leafOf } from '#lib/protocol/member/credential.ts';
import { type Enrolment, enrolmentId, enrolmentTicket, type Invitation, openEnrolment } from '#lib/protocol/member/enrolment.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { hashHex } from '#lib/protocol/messages/hash.ts';
import { createHpkeKeyPair, hpkeKeyPairOf } from '#lib/protocol/messages/hpke.ts';
import { toField } from '#lib/protocol/numbers/field.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { acceptInvitation, createWallet, identityOf } from '#lib/signing/wallet.ts';
import { value } from '../signing/stage.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { inventNames, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient } from '../support/sign-in.ts';
import { systemRandom } from '../support/world.ts';

const NAMES = ['Xenia Quarles', ...inventNames(9)];

/** Nine people join and stand in roll 1; the tenth joins, and roll 2 is made for that one alone. */
describe('what an old invitation and a revealed name lead to', () => {
  let platform: TestPlatform;
  let routes: Route[];
  let api: Api;
  let issuer: Issuer;
  let group: string;
  let invitations: Invitation[];
  let wallets: Wallet[];
  let headers: RollHeader[];
  const enrolments: Enrolment[] = [];
  const dumps = { waiting: '', after: '' };

  beforeAll(async () => {
    platform = await startPlatform();
    connectRoutes(platform);
    routes = await loadRoutes();
    api = createApi(ORIGIN, fetchFrom(routes).fetch);
    const issuerApi = await openClient(platform, routes, platform.keeper);
    const created = value(addGroup(createIssuer(systemRandom), 'Harbour pilots', []));
    group = groupIdsOf(created)[0] as string;
    const rows = NAMES.map((name, i) => ({ row: i + 2, name, email: '' }));
    issuer = inviteMembers(created, group, rows, systemRandom);
    const store = {
      update: async (change: (now: Issuer) => Issuer | Promise<Issuer>) => {
        issuer = await change(issuer);
        return issuer;
      },
    };
    const now = platform.ctx.now();
    await registerGroup(issuerApi, issuer, group, now);
    await sendTickets(issuerApi, issuer, group);
    const issued = findGroup(issuer, group);
    invitations = issued.members.map((member) => invitationOf(issuer, issued, member));
    wallets = invitations.map(() => createWallet(systemRandom));
    const join = async (at: number) => {
      const { enrolment } = value(acceptInvitation(wallets[at] as Wallet, invitations[at] as Invitation, ORIGIN));
      enrolments[at] = enrolment;
      await api.postEnrolment(enrolment);
    };
    const publish = async () =>
      value(await publishNextRoll(issuerApi, store, group, { time: now, trustees: [], random: systemRandom })).header;
    for (const at of [7, 2, 0, 4, 8, 1, 3, 6, 5]) await join(at);
    dumps.waiting = await dumpDatabase(platform.databaseUrl);
    const first = await publish();
    await join(9);
    headers = [first, await publish()];
    dumps.after = await dumpDatabase(platform.databaseUrl);
  });
  afterAll(() => platform?.stop());

  const membershipAt = (at: number) => membershipOf(identityOf(wallets[at] as Wallet), group);
  const publicFiles = async () => {
    const files = await Promise.all(
      headers.map(async (header) => [await api.getLeaves(rollHash(header)), await api.getNames(rollHash(header))]),
    );
    return `${files.flat().map(bytesToHex).join('\n')}\n${JSON.stringify(await api.getGroup(group))}`;
  };
  const found = (needles: readonly string[], text: string) => needles.filter((needle) => text.toLowerCase().includes(needle.toLowerCase()));

  /** What lies in a roll for somebody with this u: leaf, tag and hash of the capsule, as they are written. */
  const tracesOf = (u: string, name: string, commitments: bigint[]) => {
    const token = tokenOf(u, group, name).point;
    const leaves = commitments.map((commitment) => leafOf(toField(commitment), token).toString(16).padStart(64, '0'));
    const capsules = headers.map(({ number }) => makeCapsule({ group, number }, u, name));
    return [...leaves, ...capsules.flatMap((capsule) => [bytesToHex(tagOf(capsule)), hashCapsules(capsule)[0] as string])];
  };

  it('T67: in the database only to a used ticket, which is in no other table and says no more than that it was used', async () => {
    const { secret, name } = invitations[0] as Invitation;
    const id = enrolmentId(invitations[0] as Invitation);
    const ticket = enrolmentTicket(id);
    expect(found([ticket, id], dumps.waiting)).toEqual([ticket, id]);
    expect(found([secret, id, name, Buffer.from(name).toString('hex'), enrolments[0]?.ciphertext as string], dumps.after)).toEqual([]);
    expect(dumps.after.split(ticket)).toHaveLength(2);
    const rows = await platform.ctx.db.select().from(invitationRows);
    expect(rows.find((row) => row.ticket === ticket)).toEqual({
      ticket,
      groupId: group,
      state: 'enrolled',
      enrolmentId: null,
      ciphertext: null,
    });
  });

  it('T67: to nothing in any roll, for nothing in a roll is made of what the link carries', async () => {
    const invitation = invitations[0] as Invitation;
    const { secret, name } = invitation;
    const everywhere = `${dumps.waiting}\n${dumps.after}\n${await publicFiles()}`;
    const own = tracesOf(membershipAt(0), name, [commitmentOf(identityOf(wallets[0] as Wallet), group)]);
    const [leaf, firstTag, ...rest] = own;
    // Whoever has the wallet finds all but the tag of roll 1, whose capsules went when roll 2 came.
    expect(found([leaf as string, ...rest], everywhere)).toHaveLength(4);
    expect(found([firstTag as string], everywhere)).toEqual([]);
    const guesses = [secret, enrolmentId(invitation), hashHex('membership', { secret, group }), invitation.enrolmentKey];
    for (const guess of guesses) {
      const asCommitment = BigInt(`0x${guess}`) % 2n ** 250n;
      expect(found(tracesOf(guess, name, [asCommitment]), everywhere)).toEqual([]);
    }
  });

  it('T67: nor to the answer while it waited: the link that admitted cannot open it', () => {
    const [invitation, enrolment] = [invitations[0] as Invitation, enrolments[0] as Enrolment];
    expect(dumps.waiting).toContain(enrolment.ciphertext);
    const wrong = [createHpkeKeyPair(() => hexToBytes(invitation.secret)), hpkeKeyPairOf(hexToBytes(invitation.secret))];
    for (const keys of wrong) expect(openEnrolment(invitation, enrolment, keys)).toMatchObject({ ok: false, code: 'ENROLMENT_FORGED' });
  });

  it('T67: used tickets lie in the order of their hashes, and all as if the last roll had used them', async () => {
    const rows = await platform.ctx.db.execute<{ ticket: string; xmin: string }>(
      sql`select encode(ticket, 'hex') as ticket, xmin::text as xmin from membership.invitations where state = 'enrolled' order by ctid`,
    );
    const tickets = rows.map(({ ticket }) => ticket);
    expect(tickets).toHaveLength(NAMES.length);
    expect(tickets).toEqual([...tickets].sort());
    expect(new Set(rows.map(({ xmin }) => xmin)).size).toBe(1);
  });

  it('T61: a revealed name leads to its capsule in the roll of its statement, and to none in another roll', async () => {
    const [name, u] = [NAMES[0] as string, membershipAt(0)];
    const [row] = await platform.ctx.db.execute<{ capsules: Buffer }>(
      sql`select capsules from membership.rolls where capsules is not null`,
    );
    const file = value(checkCapsules(headers[1] as RollHeader, new Uint8Array(row?.capsules ?? [])));
    const opened = openCapsule(file, formatPoint(clearToken(tokenOf(u, group, name).point)));
    expect(opened?.name).toBe(name);
    const listed = decodeNames(await api.getNames(rollHash(headers[0] as RollHeader))) ?? [];
    expect(listed).toContain(hashCapsules(makeCapsule({ group, number: 1 }, u, name))[0]); // with u, which nobody publishes
    const everywhere = await publicFiles();
    const shown = [
      opened?.blind as string,
      BigInt(opened?.salt as string)
        .toString(16)
        .padStart(64, '0'),
    ];
    expect(found(shown, everywhere)).toEqual([]);
    const asBefore = hashHex('capsule-blind', { secret: opened?.blind as string, group, roll: 1 });
    for (const guess of [opened?.blind as string, asBefore]) expect(found(tracesOf(guess, name, []), everywhere)).toEqual([]);
  });

  it('T47: whole lists are all that there is to be asked for: no address, query or range gives one capsule', async () => {
    const tag = bytesToHex(tagOf(makeCapsule({ group, number: 1 }, membershipAt(0), NAMES[0] as string)));
    const parameters = routes
      .filter(({ pattern }) => pattern.includes('/anonymous/rolls'))
      .map(({ pattern }) => pattern.match(/\[\w+\]/g)?.join());
    expect(parameters).toEqual(['[hash]', '[hash]', '[hash]']);
    const { fetch } = fetchFrom(routes, { Range: 'bytes=0-31' });
    for (const header of headers) {
      const address = `/api/anonymous/rolls/${rollHash(header)}/names`;
      const whole = bytesToHex(await api.getNames(rollHash(header)));
      expect(whole.length).toBe(64 * header.size);
      for (const query of ['', `?tag=${tag}`, `?index=0&path=1&after=3`]) {
        const answer = await fetch(address + query);
        expect([answer.status, bytesToHex(new Uint8Array(await answer.arrayBuffer()))]).toEqual([200, whole]);
      }
      await expect(fetch(`${address}/${tag}`)).rejects.toThrow('no route');
    }
  });
});
