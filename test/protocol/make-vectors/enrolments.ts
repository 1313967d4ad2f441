// SPEC §3.4: invitation and enrolment, and the HPKE of RFC 9180 that it uses
import { x25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { commitmentOf } from '#lib/protocol/member/credential.ts';
import {
  createInvitation,
  enrolmentId,
  enrolmentTicket,
  formatInvitation,
  openEnrolment,
  parseInvitation,
  sealEnrolment,
} from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { randomField } from '#lib/protocol/numbers/random.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, judged } from './chapter.ts';

const JANE = 'Jane Doe, Senator for District 4';
const random = seeded('enrolment');
const ISSUER = publicKeyOf(random(32));
const group = { issuer: ISSUER, name: 'Harbour pilots' };
const keys = createHpkeKeyPair(random);
const invitation = createInvitation(JANE, group, bytesToHex(keys.publicKey), random);
const fragment = formatInvitation(invitation);
const identity = { secret: randomField(random) };
const enrolled = { commitment: commitmentOf(identity, groupId(group)), membership: membershipOf(identity, groupId(group)) };
const enrolment = sealEnrolment(invitation, enrolled, random);
const encode = (value: Json) => base64urlnopad.encode(utf8ToBytes(canonicalJson(value)));
const change = (at: number) =>
  enrolment.ciphertext.slice(0, at) + (enrolment.ciphertext[at] === '0' ? '1' : '0') + enrolment.ciphertext.slice(at + 1);
const invite = (name: string, expect: string, value: string): Case => ({ name, input: { fragment: value }, expect });
const open = (name: string, expect: string, changed: object): Case => ({
  name,
  input: { invitation, enrolment, secretKey: bytesToHex(keys.secretKey), ...changed } as unknown as Json,
  expect,
});
const tooLarge = sealEnrolment(invitation, { ...enrolled, commitment: FIELD_ORDER as Field }, random);
const otherInvitation = { ...invitation, group: { ...group, name: 'Harbour masters' } };
const foreign = { ...invitation, group: { ...group, issuer: publicKeyOf(random(32)) } };

export const enrolments: Chapter = {
  file: 'enrolment.json',
  section: '3.4',
  operations: {
    'read-invitation': {
      about: 'output is what input.fragment, from an invitation link, says, with the id and the ticket that follow from it',
      replay: ({ fragment }) =>
        judged(parseInvitation(fragment), (value) => {
          const id = enrolmentId(value);
          return { invitation: value, id, ticket: enrolmentTicket(id) };
        }),
      cases: [
        invite('an honest link', 'ok', fragment),
        invite('cut off', 'BAD_INVITATION', fragment.slice(0, -4)),
        invite('with padding', 'BAD_INVITATION', `${fragment}==`),
        invite('not base64url', 'BAD_INVITATION', `${fragment.slice(0, 8)}+${fragment.slice(9)}`),
        invite('a name that cannot be attested', 'BAD_INVITATION', encode({ ...invitation, name: 'Jane\u202e' })),
        invite('a name with something unseen', 'BAD_INVITATION', encode({ ...invitation, name: 'Jane\u200bDoe' })),
        invite(
          'a group whose name has something unseen',
          'BAD_INVITATION',
          encode({ ...invitation, group: { ...group, name: 'Harbour\u200bpilots' } }),
        ),
        invite('a group whose name is none', 'BAD_INVITATION', encode({ ...invitation, group: { ...group, name: '' } })),
        invite(
          'an issuer key of small order',
          'BAD_INVITATION',
          encode({ ...invitation, group: { ...group, issuer: `01${'00'.repeat(31)}` } }),
        ),
        invite('another version', 'BAD_INVITATION', encode({ ...invitation, version: 1 })),
        invite('an enrolment key of small order', 'BAD_INVITATION', encode({ ...invitation, enrolmentKey: `01${'00'.repeat(31)}` })),
        invite('no enrolment key', 'BAD_INVITATION', encode({ version: 2, secret: invitation.secret, name: JANE, group })),
        invite('a member too many', 'BAD_INVITATION', encode({ ...invitation, note: '' })),
      ],
    },
    'open-enrolment': {
      about: 'output is what input.enrolment tells the issuer who sent input.invitation and holds input.secretKey',
      replay: ({ invitation, enrolment, secretKey }) => {
        const own = hexToBytes(secretKey);
        const opened = openEnrolment(invitation, enrolment, { secretKey: own, publicKey: x25519.getPublicKey(own) });
        return judged(opened, ({ commitment, membership }) => ({ commitment: String(commitment), u: membership }));
      },
      cases: [
        open('an honest enrolment', 'ok', {}),
        open('the ephemeral key changed', 'ENROLMENT_FORGED', { enrolment: { ...enrolment, ciphertext: change(0) } }),
        open('the sealed answer changed', 'ENROLMENT_FORGED', { enrolment: { ...enrolment, ciphertext: change(80) } }),
        open('the tag changed', 'ENROLMENT_FORGED', { enrolment: { ...enrolment, ciphertext: change(223) } }),
        open('an ephemeral key of small order', 'ENROLMENT_FORGED', {
          enrolment: { ...enrolment, ciphertext: '00'.repeat(32) + enrolment.ciphertext.slice(64) },
        }),
        open('a commitment of r', 'ENROLMENT_FORGED', { enrolment: tooLarge }),
        open('for another group', 'ENROLMENT_FORGED', { invitation: otherInvitation }),
        open('for another issuer', 'ENROLMENT_FORGED', { invitation: foreign }),
        open('T67: with the secret of the link and another key', 'ENROLMENT_FORGED', { secretKey: '11'.repeat(32) }),
        open('another id', 'ENROLMENT_FORGED', { enrolment: { ...enrolment, id: '00'.repeat(32) } }),
        open('another invitation', 'ENROLMENT_FORGED', { invitation: { ...invitation, secret: '00'.repeat(32) } }),
      ],
    },
  },
};
