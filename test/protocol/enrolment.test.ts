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
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { toField } from '#lib/protocol/numbers/field.ts';
import { seeded } from '../circuits/signer.ts';

const random = seeded('enrolment test');
const group = { issuer: publicKeyOf(random(32)), name: 'Harbour pilots' };
const invitation = createInvitation('Jane Doe', group, random);
const commitment = commitmentOf(createIdentity(random), groupId(group));
const enrolment = sealEnrolment(invitation, commitment, random);

describe('an enrolment', () => {
  it('brings the commitment to the issuer that invited', () => {
    expect(openEnrolment(invitation, enrolment)).toEqual({ ok: true, value: commitment });
    expect(enrolmentShape.safeParse(enrolment).success).toBe(true);
  });

  it('T27: is refused when any byte of it was changed on the way', () => {
    const bytes = enrolment.ciphertext.length / 2;
    fc.assert(
      fc.property(fc.nat(bytes - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(enrolment.ciphertext, 'hex');
        changed[at] = (changed[at] as number) ^ mask;
        const opened = openEnrolment(invitation, { ...enrolment, ciphertext: changed.toString('hex') });
        expect(opened).toMatchObject({ ok: false, code: 'ENROLMENT_FORGED' });
      }),
    );
  });

  it('T27: cannot be made by a platform that knows ticket, id, group, name and issuer, but not the secret of the link', () => {
    const guessed = { ...invitation, secret: 'ab'.repeat(32) };
    const forged = sealEnrolment(guessed, toField(5n), random);
    expect(openEnrolment(invitation, forged).ok).toBe(false);
    expect(openEnrolment(invitation, { ...forged, id: enrolment.id }).ok).toBe(false);
  });

  it('T27: cannot be moved to another group, issuer or invitation', () => {
    const other = { issuer: publicKeyOf(random(32)), name: group.name };
    for (const wrong of [
      { ...invitation, group: { ...group, name: 'Harbour masters' } },
      { ...invitation, group: other },
      createInvitation('Jane Doe', group, random),
    ])
      expect(openEnrolment(wrong, { ...enrolment, id: enrolmentId(wrong) })).toMatchObject({ ok: false, code: 'ENROLMENT_FORGED' });
  });

  it('T27: hides the commitment, so that the platform cannot try guessed names against leaves', () => {
    expect(Buffer.from(enrolment.ciphertext, 'hex').includes(Buffer.from(String(commitment)))).toBe(false);
    expect(sealEnrolment(invitation, commitment, random).ciphertext).not.toBe(enrolment.ciphertext);
    expect(enrolmentTicket(enrolment.id)).not.toBe(enrolment.id);
    expect(JSON.stringify(enrolment)).not.toContain(invitation.secret);
  });

  it('carries a canonical number only', () => {
    // What an invited person could seal instead of a commitment: see openEnrolment.
    expect(openEnrolment(invitation, { ...enrolment, ciphertext: '00'.repeat(41) }).ok).toBe(false);
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
