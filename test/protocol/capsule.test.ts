import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import {
  CAPSULE_BYTES,
  CAPSULE_FILE_BYTES,
  type CapsuleFile,
  checkCapsules,
  checkOpenedName,
  findOwnCapsule,
  hashCapsules,
  joinCapsules,
  makeCapsule,
  openCapsule,
} from '#lib/protocol/member/capsule.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { seeded } from '../circuits/signer.ts';
import { createGroup, type Member } from '../support/world.ts';

const NAMES = ['Ada Lovelace', 'Žofie Nováková', '李小龍', 'é'.repeat(100), 'a', 'Ada Lovelace'];
const group = createGroup('Pilots', NAMES, seeded('capsule test'));
const { header, capsules } = group;
const people = group.members.map(({ identity, name }: Member) => ({ membership: membershipOf(identity, group.id), name }));
const T = people.map(({ membership, name }) => formatPoint(clearToken(tokenOf(membership, group.id, name).point)));
const read = (file: Uint8Array, of: RollHeader = header): CapsuleFile => {
  const checked = checkCapsules(of, file);
  if (!checked.ok) throw new Error(checked.detail);
  return checked.value;
};

describe('the capsules of a roll', () => {
  it('give each name to whoever has opened its token, with a proof and a path that hold', () => {
    const file = read(capsules);
    for (const [i, token] of T.entries()) {
      const opened = openCapsule(file, token);
      expect(opened?.name).toBe(NAMES[i]);
      expect(checkOpenedName(header, opened!)).toEqual({ ok: true, value: opened });
    }
  });

  it('have one length, whatever the name, and fit into what is read at most', () => {
    expect(capsules).toHaveLength(NAMES.length * CAPSULE_BYTES);
    expect(CAPSULE_BYTES).toBe(338);
    expect(65_536 * CAPSULE_BYTES).toBeLessThanOrEqual(CAPSULE_FILE_BYTES);
  });

  it('T45: are refused when one is late, missing, twice, exchanged or changed in any bit', () => {
    fc.assert(
      fc.property(fc.nat(capsules.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = capsules.map((byte, i) => (i === at ? byte ^ mask : byte));
        expect(checkCapsules(header, changed)).toMatchObject({ ok: false, code: 'BAD_CAPSULES' });
      }),
      { numRuns: 60 },
    );
    const pieces = NAMES.map((_, i) => capsules.slice(i * CAPSULE_BYTES, (i + 1) * CAPSULE_BYTES));
    const late = makeCapsule({ group: group.id, number: 1 }, '00'.repeat(32), 'Somebody Late');
    for (const other of [pieces.slice(1), [...pieces, late], [...pieces.slice(1), late], [...pieces.slice(1), pieces[1] as Uint8Array]])
      expect(checkCapsules(header, joinCapsules(other)).ok).toBe(false);
    expect(checkCapsules(header, Uint8Array.from([...pieces].reverse().flatMap((piece) => [...piece]))).ok).toBe(false);
  });

  it('T45: a wallet finds its own among the hashes, and is no member of a roll without it', () => {
    const hashes = hashCapsules(capsules);
    for (const person of people) expect(findOwnCapsule(header, hashes, person).ok).toBe(true);
    const person = people[0] as (typeof people)[0];
    const stranger = { ...person, membership: '00'.repeat(32) };
    expect(findOwnCapsule(header, hashes, stranger)).toMatchObject({ code: 'CAPSULE_MISSING' });
    expect(findOwnCapsule(header, hashes, { ...person, name: 'Ada Byron' })).toMatchObject({ code: 'CAPSULE_MISSING' });
    expect(findOwnCapsule({ ...header, names: merkleRoot(hashes.slice(1)) }, hashes, person)).toMatchObject({ code: 'BAD_CAPSULES' });
    expect(findOwnCapsule(header, hashes.slice(1), person)).toMatchObject({ code: 'BAD_CAPSULES' });
  });

  it('T46: say nothing about places in the roll: their order follows from tags, not from leaves', () => {
    const places = T.map((token) => openCapsule(read(capsules), token)?.index);
    expect([...places].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(places).not.toEqual([0, 1, 2, 3, 4, 5]);
    const opened = JSON.stringify(T.map((token) => openCapsule(read(capsules), token)));
    for (const leaf of group.leaves) expect(opened).not.toContain(String(leaf));
  });

  it('T61: of the same person in another roll cannot be computed from all that a reveal shows', () => {
    const opened = openCapsule(read(capsules), T[0]!)!;
    const next = { group: group.id, number: 2 };
    const own = makeCapsule(next, people[0]!.membership, NAMES[0]!);
    // Everything but u is public now; the blind of the next roll needs u, and the published blind is another one.
    const [listed] = hashCapsules(own);
    const guesses = people.map(() => makeCapsule(next, opened.blind, NAMES[0]!));
    for (const guess of guesses) expect(hashCapsules(guess)[0]).not.toBe(listed);
    const later = createRoll2(own);
    expect(checkOpenedName(later, opened)).toMatchObject({ code: 'NAME_UNLISTED' });
    expect(checkOpenedName(later, openCapsule(read(own, later), T[0]!)!).ok).toBe(true);
    expect(openCapsule(read(own, later), T[0]!)?.blind).not.toBe(opened.blind);
    // Nor does what others who were revealed too have shown help: each blind follows from its own u.
    expect(new Set(T.map((token) => openCapsule(read(capsules), token)?.blind)).size).toBe(T.length);
  });

  it('T47: are asked for by nothing that tells whose name is meant: a file is read whole', () => {
    const file = read(capsules);
    expect(openCapsule(file, T[1]!)?.name).toBe(NAMES[1]);
    expect(openCapsule(file, ['0', '1'])).toBeNull();
  });

  it('T44: with a name that the token is not made of stays closed, and so does one of another form', () => {
    // An issuer that puts a capsule for one member's token under another name cannot make it open to that name.
    const foreign = createGroup('Pilots', ['Ada Lovelace', 'Mallory', 'c', 'd'], seeded('another')).capsules;
    const forgedHeader = { ...header, size: 4, names: merkleRoot(hashCapsules(foreign)) };
    expect(openCapsule(read(foreign, forgedHeader), T[0]!)).toBeNull();
    const opened = openCapsule(read(capsules), T[0]!)!;
    for (const lie of [{ name: 'Mallory' }, { salt: '1' }, { sign: 1 as const }, { token: T[1]! }])
      expect(checkOpenedName(header, { ...opened, ...lie })).toMatchObject({ code: 'NAME_UNPROVEN' });
    expect(checkOpenedName(header, { ...opened, blind: bytesToHex(new Uint8Array(32)) })).toMatchObject({ code: 'NAME_UNLISTED' });
  });
});

/** A second roll that holds one capsule. */
function createRoll2(own: Uint8Array): RollHeader {
  return { ...header, number: 2, size: 1, names: merkleRoot(hashCapsules(own)) };
}
