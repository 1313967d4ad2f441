// SPEC §4.5: capsules
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import {
  CAPSULE_BYTES,
  checkCapsules,
  checkOpenedName,
  findOwnCapsule,
  hashCapsules,
  makeCapsule,
  type OpenedName,
  openCapsule,
} from '#lib/protocol/member/capsule.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { seeded } from '#test/circuits/signer.ts';
import { createGroup } from '#test/support/world.ts';
import { type Case, type Chapter, computed, judged, read } from './chapter.ts';

const NAMES = ['Ada Lovelace', 'Žofie Nováková', '李小龍', 'é'.repeat(100), 'a'];
const group = createGroup('Capsules', NAMES, seeded('capsules'));
const { header, capsules: bytes } = group;
const secrets = group.members.map(({ identity, name }) => ({ u: membershipOf(identity, group.id), name }));
const hex = bytesToHex(bytes);
const hashes = hashCapsules(bytes);
const opened = (member: number): OpenedName => {
  const { u, name } = secrets[member] as { u: string; name: string };
  const file = checkCapsules(header, bytes);
  if (!file.ok) throw new Error(file.code);
  return openCapsule(file.value, formatPoint(clearToken(tokenOf(u, group.id, name).point))) as OpenedName;
};
const one = opened(0);
const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
const piece = (i: number) => hex.slice(2 * CAPSULE_BYTES * i, 2 * CAPSULE_BYTES * (i + 1));
const file = (name: string, expect: string, text: string): Case => ({ name, input: { header, file: text } as Json, expect });
const own = (name: string, expect: string, list: readonly string[], member: object): Case => ({
  name,
  input: { header, hashes: list, ...member } as Json,
  expect,
});
const shown = (name: string, expect: string, change: object): Case => ({
  name,
  input: { header, name: { ...one, ...change } } as Json,
  expect,
});

export const capsules: Chapter = {
  file: 'capsules.json',
  section: '4.5',
  operations: {
    capsule: {
      about: 'output is the capsule, in hex, of the member with input.u and input.name in the roll input.roll of the group input.group',
      replay: ({ u, name, group, roll }) => computed(bytesToHex(makeCapsule({ group, number: roll }, u, name))),
      cases: [
        ...secrets.map((secret, i) => ({ name: `member ${i + 1}`, input: { ...secret, group: group.id, roll: 1 }, expect: 'ok' })),
        { name: 'the first member in the next roll', input: { ...(secrets[0] as object), group: group.id, roll: 2 } as Json, expect: 'ok' },
      ],
    },
    'capsule-file': {
      about: 'whether input.file, in hex, holds the capsules of input.header; output is the hashes of the capsules',
      replay: ({ header, file }) => judged(checkCapsules(header, hexToBytes(file)), ({ bytes }) => hashCapsules(bytes)),
      cases: [
        file('as the issuer made it', 'ok', hex),
        file('T45: two capsules exchanged', 'BAD_CAPSULES', piece(1) + piece(0) + hex.slice(4 * CAPSULE_BYTES)),
        file('T45: one missing', 'BAD_CAPSULES', hex.slice(2 * CAPSULE_BYTES)),
        file('T45: one twice', 'BAD_CAPSULES', piece(0) + hex.slice(0, -2 * CAPSULE_BYTES)),
        file('T45: one too many', 'BAD_CAPSULES', hex + 'ff'.repeat(CAPSULE_BYTES)),
        file('T45: a changed tag', 'BAD_CAPSULES', flip(hex, 60)),
        file('T45: a changed body', 'BAD_CAPSULES', flip(hex, 200)),
        file('cut off', 'BAD_CAPSULES', hex.slice(0, -2)),
        file('empty', 'BAD_CAPSULES', ''),
      ],
    },
    'own-capsule': {
      about: 'the place of the capsule of input.u and input.name in input.hashes, which input.header commits to',
      replay: ({ header, hashes, u, name }) => judged(findOwnCapsule(header, hashes, { membership: u, name })),
      cases: [
        own('the first member', 'ok', hashes, secrets[0] as object),
        own('T45: no capsule for this name', 'CAPSULE_MISSING', hashes, { ...(secrets[0] as object), name: 'Ada' }),
        own('T45: no capsule for this u', 'CAPSULE_MISSING', hashes, { ...(secrets[0] as object), u: '00'.repeat(32) }),
        own('T45: a hash exchanged', 'BAD_CAPSULES', [...hashes.slice(0, 4), '00'.repeat(32)], secrets[0] as object),
        own('T45: a hash missing', 'BAD_CAPSULES', hashes.slice(1), secrets[0] as object),
      ],
    },
    'open-capsule': {
      about: 'output is the name of the opened point input.token out of input.file, with its path',
      replay: ({ header, file, token }) => {
        const checked = checkCapsules(header, hexToBytes(file));
        return checked.ok ? read(openCapsule(checked.value, token), (value) => value as unknown as Json) : judged(checked);
      },
      cases: [
        ...NAMES.map((name, i) => ({
          name: `member ${i + 1}, ${name.slice(0, 20)}`,
          input: { header, file: hex, token: opened(i).token } as Json,
          expect: 'ok',
        })),
        { name: 'a token without a capsule', input: { header, file: hex, token: ['0', '1'] } as Json, expect: 'refused' },
      ],
    },
    'opened-name': {
      about: 'whether input.name is proven for its token and lies in the roll of input.header',
      replay: ({ header, name }) => judged(checkOpenedName(header, name)),
      cases: [
        shown('as it was opened', 'ok', {}),
        ...[1, 2, 3, 4].map((member) => shown(`member ${member + 1}`, 'ok', opened(member))),
        shown('T44: another name', 'NAME_UNPROVEN', { name: 'Ada' }),
        shown('T44: another salt', 'NAME_UNPROVEN', { salt: opened(1).salt }),
        shown('T44: the other sign', 'NAME_UNPROVEN', { sign: 1 }),
        shown('T44: another token', 'NAME_UNPROVEN', { token: opened(1).token }),
        shown('another blind', 'NAME_UNLISTED', { blind: '00'.repeat(32) }),
        shown('another place', 'NAME_UNLISTED', { index: one.index + 1 }),
        shown('a place beyond the roll', 'NAME_UNLISTED', { index: 5 }),
        shown('another path', 'NAME_UNLISTED', { path: [...one.path.slice(0, -1), '00'.repeat(32)] }),
        shown('a shorter path', 'NAME_UNLISTED', { path: one.path.slice(0, -1) }),
        shown('a longer path', 'NAME_UNLISTED', { path: [...one.path, '00'.repeat(32)] }),
      ],
    },
  },
};
