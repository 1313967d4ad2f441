import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  admitPerson,
  noteAnswers,
  orderStock,
  revokeInvitation,
  stockArrived,
  type Verified,
  withdrawAnswered,
} from '#lib/agent/admission.ts';
import { createAgentKeystore, openAgentKeystore } from '#lib/agent/keystore.ts';
import { type Agency, ledgerOf } from '#lib/agent/ledger.ts';
import { createDisk, type Disk } from '#lib/host/disk.ts';
import { inviteMembers, ticketOf } from '#lib/issuing/invite.ts';
import { addGroup, findGroup, groupIdsOf } from '#lib/issuing/issuer-file.ts';
import { value } from '../signing/stage.ts';
import { systemRandom } from '../support/world.ts';

const TERMS = { now: 1_000, invitationSeconds: 500 };
const [ANN, CY] = ['a', 'c'].map((letter) => letter.repeat(64)) as [string, string];
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The secret of somebody on the roster. */
const secretOf = ({ issuer }: Agency, group: string, name: string) =>
  findGroup(issuer, group).members.find((one) => one.name === name && !one.removed)?.secret as string;

/** How the two come back with the sign-in by which they were admitted: one stands on the roster, the other does not. */
const people: Record<string, (agency: Agency, group: string) => Verified> = {
  Ann: (agency, group) => ({ way: 3, row: secretOf(agency, group, 'Ann'), mark: ANN }),
  Cy: () => ({ way: 3, name: 'Cy', email: 'cy@work.example', mark: CY }),
};

/** What changes keystore and ledger together, for somebody whose invitation has the secret. */
const changes: Record<string, (agency: Agency, group: string, name: string) => Agency> = {
  'a fresh invitation': (agency, group, name) =>
    value(admitPerson(agency, group, (people[name] as (typeof people)[string])(agency, group), TERMS)).agency,
  'an invitation taken back': (agency, group, name) => value(revokeInvitation(agency, group, secretOf(agency, group, name), systemRandom)),
  'a stranger’s answer withdrawn': (agency, group, name) => {
    const secret = secretOf(agency, group, name);
    return value(withdrawAnswered(noteAnswers(agency, group, new Set([ticketOf(secret)])), group, secret, TERMS)).agency;
  },
};

/** A folder in which the two were admitted. */
async function setUp(): Promise<{ disk: Disk; group: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'agent-keystore-'));
  folders.push(folder);
  const disk = createDisk(folder);
  const created = value(addGroup(await createAgentKeystore(disk, systemRandom), 'Staff council', []));
  const group = groupIdsOf(created)[0] as string;
  const store = await openAgentKeystore(disk);
  const roster = ['Ann', 'Bo'].map((name, i) => ({ row: i + 2, name, email: `${name.toLowerCase()}@work.example` }));
  await store.issuerStore.update(() => inviteMembers(created, group, roster, systemRandom));
  await store.update((agency) => orderStock(agency, group, 5, systemRandom));
  await store.update((agency) => stockArrived(agency, group, ledgerOf(agency, group).ordered));
  for (const verified of Object.values(people))
    await store.update((agency) => value(admitPerson(agency, group, verified(agency, group), TERMS)).agency);
  return { disk, group };
}

/** The same disk, full after so many files. */
function fullAfter(disk: Disk, files: number): Disk {
  let written = 0;
  return {
    ...disk,
    write: async (name, text) => {
      if (++written > files) throw new Error('no space left on device');
      await disk.write(name, text);
    },
  };
}

describe.each(Object.keys(people))('%s, when the agent’s disk is full or it is killed in the middle of', (name) => {
  it.each(Object.entries(changes))('%s, is known by the same sign-in afterwards, and by no other', async (_, change) => {
    for (const files of [0, 1, 2]) {
      const { disk, group } = await setUp();
      const store = await openAgentKeystore(fullAfter(disk, files));
      const done = store.update((agency) => change(agency, group, name));
      if (files < 2) await expect(done).rejects.toThrow('no space left');
      else await done;
      const verified = people[name] as (typeof people)[string];
      let agency = (await openAgentKeystore(disk)).now();
      for (const round of [1, 2]) {
        const other = { way: 3 as const, row: secretOf(agency, group, name), mark: 'f'.repeat(64) };
        expect([files, round, admitPerson(agency, group, other, TERMS)]).toMatchObject([files, round, { code: 'ROW_TAKEN' }]);
        const admitted = admitPerson(agency, group, verified(agency, group), TERMS);
        expect([files, round, admitted]).toMatchObject([files, round, { ok: true }]);
        agency = value(admitted).agency;
      }
      const live = findGroup(agency.issuer, group).members.filter((member) => member.name === name && !member.removed);
      expect(live).toHaveLength(1);
    }
  });
});

it('somebody whose first admission was broken off is admitted at the next sign-in', async () => {
  const { disk, group } = await setUp();
  const dee = { way: 3 as const, name: 'Dee', email: 'dee@work.example', mark: 'd'.repeat(64) };
  const store = await openAgentKeystore(fullAfter(disk, 1));
  const admit = (agency: Agency) => ({ agency: value(admitPerson(agency, group, dee, TERMS)).agency, result: true });
  await expect(store.change(admit)).rejects.toThrow('no space left');
  const again = await openAgentKeystore(disk);
  expect(await again.change(admit)).toBe(true);
});
