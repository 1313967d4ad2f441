import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitmentOf, createIdentity } from '#lib/protocol/member/credential.ts';
import {
  createInvitation,
  enrolmentId,
  enrolmentShape,
  enrolmentTicket,
  formatInvitation,
  openEnrolment,
  parseInvitation,
  sealEnrolment,
} from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { taggedBytes } from '#lib/protocol/messages/hash.ts';
import { createHpkeKeyPair, hpkeKeyPairOf, openHpke } from '#lib/protocol/messages/hpke.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { seeded } from '../circuits/signer.ts';

const random = seeded('enrolment test');
const group = { issuer: publicKeyOf(random(32)), name: 'Harbour pilots' };
const keys = createHpkeKeyPair(random);
const publicKey = bytesToHex(keys.publicKey);
const invitation = createInvitation('Jane Doe', group, publicKey, random);
const identity = createIdentity(random);
const enrolled = { commitment: commitmentOf(identity, groupId(group)), membership: membershipOf(identity, groupId(group)) };
const enrolment = sealEnrolment(invitation, enrolled, random);

describe('an enrolment', () => {
  it('brings commitment and u to the issuer that invited', () => {
    expect(openEnrolment(invitation, enrolment, keys)).toEqual({ ok: true, value: enrolled });
    expect(enrolmentShape.safeParse(enrolment).success).toBe(true);
  });

  it('T27: is refused when any byte of it was changed on the way', () => {
    const bytes = enrolment.ciphertext.length / 2;
    fc.assert(
      fc.property(fc.nat(bytes - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(enrolment.ciphertext, 'hex');
        changed[at] = (changed[at] as number) ^ mask;
        const opened = openEnrolment(invitation, { ...enrolment, ciphertext: changed.toString('hex') }, keys);
        expect(opened).toMatchObject({ ok: false, code: 'ENROLMENT_FORGED' });
      }),
    );
  });

  it('T27: cannot be made by a platform that knows ticket, id, group, name and issuer, but not the secret of the link', () => {
    const guessed = { ...invitation, secret: 'ab'.repeat(32) };
    const forged = sealEnrolment(guessed, enrolled, random);
    expect(openEnrolment(invitation, forged, keys).ok).toBe(false);
    expect(openEnrolment(invitation, { ...forged, id: enrolment.id }, keys).ok).toBe(false);
  });

  it('T27: cannot be moved to another group, issuer or invitation', () => {
    const other = { issuer: publicKeyOf(random(32)), name: group.name };
    for (const wrong of [
      { ...invitation, group: { ...group, name: 'Harbour masters' } },
      { ...invitation, group: other },
      createInvitation('Jane Doe', group, publicKey, random),
    ])
      expect(openEnrolment(wrong, { ...enrolment, id: enrolmentId(wrong) }, keys)).toMatchObject({ ok: false, code: 'ENROLMENT_FORGED' });
  });

  it('T27: hides the commitment and u, so that the platform cannot try guessed names against leaves', () => {
    const posted = JSON.stringify(enrolment);
    for (const hidden of [invitation.secret, enrolled.membership, enrolled.commitment.toString(16).padStart(64, '0')])
      expect(posted).not.toContain(hidden);
    expect(sealEnrolment(invitation, enrolled, random).ciphertext).not.toBe(enrolment.ciphertext);
    expect(enrolmentTicket(enrolment.id)).not.toBe(enrolment.id);
  });

  it('T67: does not open to who finds the link later and has all that the platform stored', () => {
    for (const guess of [invitation.secret, enrolment.id, enrolmentTicket(enrolment.id)]) {
      const found = { secretKey: hexToBytes(guess), publicKey: keys.publicKey };
      expect(openEnrolment(invitation, enrolment, found).ok).toBe(false);
    }
    // What the link leads to is the used ticket; nothing that it gives stands in leaf, token or capsule.
    const other = sealEnrolment(invitation, { ...enrolled, membership: '00'.repeat(32) }, random);
    expect(other.id).toBe(enrolment.id);
  });

  it('T67: opens to the key of the issuer and the link together, and to neither alone', () => {
    const { id } = enrolment;
    expect(openEnrolment(invitation, enrolment, hpkeKeyPairOf(keys.secretKey)).ok).toBe(true);
    // The key of the issuer, seized, with all that the platform stored and all that is public of the group.
    for (const secret of [id, enrolmentTicket(id), groupId(group), group.issuer, publicKey, '00'.repeat(32)]) {
      const guessed = { ...invitation, secret };
      expect(openEnrolment(guessed, { ...enrolment, id: enrolmentId(guessed) }, keys)).toMatchObject({ ok: false });
    }
    for (const fields of [{}, { group: groupId(group), issuer: group.issuer }, { group: groupId(group) }, { id, group: groupId(group) }])
      expect(openHpke(keys, taggedBytes('enrolment', fields), hexToBytes(enrolment.ciphertext))).toBeNull();
    // The link, found later, with the key that it names.
    for (const secretKey of [invitation.secret, publicKey].map(hexToBytes))
      for (const found of [hpkeKeyPairOf(secretKey), { secretKey, publicKey: keys.publicKey }, createHpkeKeyPair(() => secretKey)])
        expect(openEnrolment(invitation, enrolment, found)).toMatchObject({ ok: false, code: 'ENROLMENT_FORGED' });
  });

  it('has one length, whatever the numbers in it', () => {
    const small = sealEnrolment(invitation, { commitment: 1n as Field, membership: '00'.repeat(32) }, random);
    expect(small.ciphertext).toHaveLength(enrolment.ciphertext.length);
    expect(enrolmentShape.safeParse({ ...enrolment, ciphertext: `${enrolment.ciphertext}00` }).success).toBe(false);
  });

  it('carries a canonical number only', () => {
    const forged = sealEnrolment(invitation, { ...enrolled, commitment: FIELD_ORDER as Field }, random);
    expect(openEnrolment(invitation, forged, keys)).toMatchObject({ ok: false, code: 'ENROLMENT_FORGED' });
  });
});

describe('an invitation', () => {
  it('reads back from its link, and from nothing that was changed in a way that matters', () => {
    const fragment = formatInvitation(invitation);
    expect(parseInvitation(fragment)).toEqual({ ok: true, value: invitation });
    fc.assert(
      fc.property(fc.nat(fragment.length - 1), fc.constantFrom('A', 'z', '0', '_', '=', '+', ' '), (at, by) => {
        const changed = fragment.slice(0, at) + by + fragment.slice(at + 1);
        const read = parseInvitation(changed);
        if (read.ok && changed !== fragment) expect(read.value).not.toEqual(invitation);
      }),
    );
  });

  it('is read from any text without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = parseInvitation(text);
        expect(read.ok ? 'ok' : read.code).toBe(read.ok ? 'ok' : 'BAD_INVITATION');
      }),
    );
  });
});
