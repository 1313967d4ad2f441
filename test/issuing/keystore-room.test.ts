import { expect, it } from 'vitest';
import { createIssuer, type IssuedGroup, MOST_ON_ROSTER, type RosterMember } from '#lib/issuing/issuer-file.ts';
import { KeystoreFull, requireKeystoreRoom, shareOfRoom } from '#lib/issuing/keystore-room.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { systemRandom } from '../support/world.ts';

const invited: RosterMember = { name: 'Ann Quillfeather', email: 'ann.quillfeather@work.example', secret: 'a'.repeat(64) };
const admitted: RosterMember = {
  ...invited,
  ...{ commitment: '1'.repeat(77), membership: 'b'.repeat(64), place: 65_535, way: 1, since: 1_000_000, removed: true },
};
const groupOf = (member: RosterMember, size: number): IssuedGroup => ({ name: 'G', trustees: [], members: Array(size).fill(member) });
const issuer = createIssuer(systemRandom);

it('a keystore has its share of the room from the first invitation on, whatever is answered later', () => {
  const before = { ...issuer, groups: [groupOf(invited, MOST_ON_ROSTER), groupOf(invited, MOST_ON_ROSTER)] };
  expect(shareOfRoom(before)).toBe(shareOfRoom({ ...issuer, groups: before.groups.map(() => groupOf(admitted, MOST_ON_ROSTER)) }));
  expect(() => requireKeystoreRoom(before)).toThrow(KeystoreFull);
  const fewer = { ...issuer, groups: [groupOf(invited, MOST_ON_ROSTER), groupOf(invited, 50_000)] };
  expect(requireKeystoreRoom(fewer)).toBe(fewer);
});

it('what is counted is no less than what is written, with letters of four bytes, struck people and many rolls', () => {
  const long: RosterMember = { ...admitted, name: '𝔄'.repeat(50), email: `${'"\\'.repeat(30)}@e.org` };
  const trustees = Array(64).fill('c'.repeat(64));
  const header = {
    ...{ type: 'roll', number: 1_000_000, time: 1_800_000_000, size: 65_536, depth: 16 },
    ...{ group: { issuer: 'd'.repeat(64), name: 'Ω'.repeat(100) }, trustees, signature: 'e'.repeat(128) },
    ...{ previous: 'f'.repeat(64), root: '1'.repeat(77), names: 'f'.repeat(64), enrolled: 'f'.repeat(64) },
  } as unknown as RollHeader;
  const group = { ...groupOf(long, 100), name: 'Ω'.repeat(100), trustees, lastRoll: header, earlier: Array(50).fill(header) };
  const full = { ...issuer, groups: Array(50).fill(group) };
  const written = new TextEncoder().encode(JSON.stringify(full)).length;
  const room = shareOfRoom(full) * 60 * 2 ** 20;
  expect(room).toBeGreaterThan(written);
  expect(room).toBeLessThan(written * 1.3);
});
