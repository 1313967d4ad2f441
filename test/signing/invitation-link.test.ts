import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { formatInvitation, type Invitation } from '#lib/protocol/member/enrolment.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { readCopiedInvitation, readInvitation } from '#lib/signing/invitation-link.ts';

const invitation: Invitation = {
  version: 2,
  secret: 'a1'.repeat(32),
  name: 'Zoë Müller, nurse',
  group: { issuer: publicKeyOf(new Uint8Array(32).fill(7)), name: 'Nurses of St Mary’s' },
  enrolmentKey: bytesToHex(createHpkeKeyPair((length) => new Uint8Array(length).fill(8)).publicKey),
};
const fragment = formatInvitation(invitation);

describe('the fragment of an invitation link', () => {
  it('is read back whole', () => {
    expect(readInvitation(`#${fragment}`)).toEqual({ kind: 'invitation', invitation });
  });

  it.each(['.', ')', '>', ' ', '%20', '=', '%3D', '.\n', '”'])('is read although %j was taken into the link', (tail) => {
    expect(readInvitation(`#${fragment}${tail}`)).toEqual({ kind: 'invitation', invitation });
  });

  it('is found in what somebody has copied: the link, the mail, or a link that a mail program has put round it', () => {
    const link = `https://sign.example/join#${fragment}`;
    const inside = encodeURIComponent(link);
    for (const copied of [
      ...[link, fragment, `#${fragment}`, `Dear Zoë,\r\n\r\n${link.replace(/(.{70})/g, '$1\r\n')}\r\n\r\nKind regards`],
      `https://eur01.safelinks.protection.outlook.com/?url=${inside}&data=05%7C02%7Czoe%40x.org%7Cabcdef&sdata=QQ%3D%3D&reserved=0`,
      `https://urldefense.com/v3/__${link.replace('#', '*')}__;Iw!!AbCd!EfGh$`,
      `https://www.google.com/url?q=${inside}&sa=D`,
      ...[link.replace('#', '&#35;'), link.replace('#', '&#035;'), link.replace('#', '%23')],
    ])
      expect(readCopiedInvitation(copied), copied).toEqual({ kind: 'invitation', invitation });
    expect(readCopiedInvitation('https://sign.example/join')).toEqual({ kind: 'broken' });
    expect(readCopiedInvitation(link.slice(0, -9))).toEqual({ kind: 'broken' });
  });

  it('is missing where there is nothing behind the sign', () => {
    for (const hash of ['', '#', '#.', '#%20']) expect(readInvitation(hash)).toEqual({ kind: 'none' });
  });

  it('is broken wherever it was cut off', () => {
    for (let length = 1; length < fragment.length; length += 7)
      expect(readInvitation(`#${fragment.slice(0, length)}`)).toEqual({ kind: 'broken' });
    expect(readInvitation(`#${fragment.slice(1)}`)).toEqual({ kind: 'broken' });
  });

  it('is broken where the issuer’s key could not have signed anything', () => {
    const weak = formatInvitation({ ...invitation, group: { ...invitation.group, issuer: '00'.repeat(32) } });
    expect(readInvitation(`#${weak}`)).toEqual({ kind: 'broken' });
  });

  it('is broken where nothing could be sealed to the issuer, and where it is of the first version', () => {
    for (const change of [{ enrolmentKey: '00'.repeat(32) }, { version: 1 as 2 }])
      expect(readInvitation(`#${formatInvitation({ ...invitation, ...change })}`)).toEqual({ kind: 'broken' });
  });

  it('is broken and throws nothing where percent signs make no sense', () => {
    expect(readInvitation('#%zz%')).toEqual({ kind: 'broken' });
  });
});
