import { randomBytes } from 'node:crypto';
import { inviteMembers, ticketOf } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf } from '#lib/issuing/issuer-file.ts';
import { parseRoster } from '#lib/issuing/roster.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type Row, timeOf } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const NAME = 'All of the staff';

/** What an issuer's page does with a roster before it hands anything in: read and judge each row, draw invitations, make their tickets. */
export async function benchRoster(quick: boolean): Promise<Row> {
  const count = quick ? 2_048 : 65_536;
  const rows = Array.from({ length: count }, (_, i) => `"Person ${i} Number ${i % 977}, Ward ${i % 89}",person${i}@example.org`);
  const text = `name,email\n${rows.join('\n')}\n`;
  const added = addGroup(createIssuer(random), NAME, []);
  if (!added.ok) throw new Error(added.code);
  const [id] = groupIdsOf(added.value) as [string];
  let roster = parseRoster('', { group: NAME });
  const reading = await timeOf(() => {
    roster = parseRoster(text, { group: NAME });
  });
  const inviting = await timeOf(() => {
    const issuer = inviteMembers(added.value, id, roster.rows, random);
    for (const { secret } of findGroup(issuer, id).members) ticketOf(secret);
  });
  if (roster.rows.length !== count) throw new Error('a row was left out');
  return {
    name: `a roster of ${count.toLocaleString('en')} read and judged, with invitations and their tickets, one thread`,
    unit: 's',
    value: (reading + inviting) / 1000,
    baseline: { name: 'reading and judging its rows', value: reading / 1000 },
    ratio: (reading + inviting) / reading,
    goal: '65,536 imported in two minutes',
    holds: quick ? null : reading + inviting < 120_000,
  };
}
