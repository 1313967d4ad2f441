// SPEC §3: names, credentials, enrolment
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { fieldOf } from '#lib/protocol/board/signature.ts';
import { blindingOf, commitmentOf, leafOf, nullifierOf } from '#lib/protocol/member/credential.ts';
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
import { checkAttestedName, checkName, type NameFields, packName, unpackName } from '#lib/protocol/member/name.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { type Field, toField } from '#lib/protocol/numbers/field.ts';
import { randomField } from '#lib/protocol/numbers/random.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';

const pack = (name: string, expect: string, value: string): Case => ({ name, input: { name: value }, expect });
const attest = pack;
const unpack = (name: string, expect: string, blocks: readonly bigint[]): Case => ({ name, input: { blocks: blocks.map(String) }, expect });

/** Four blocks of any bytes, also of those that are no name. */
function blocksOf(bytes: readonly number[] | Uint8Array): bigint[] {
  const all = Uint8Array.from({ length: 124 }, (_, i) => bytes[i] ?? 0);
  return [0, 1, 2, 3].map((i) => BigInt(`0x${bytesToHex(all.subarray(31 * i, 31 * i + 31))}`));
}

const JANE = 'Jane Doe, Senator for District 4';

export const names: Chapter = {
  file: 'names.json',
  section: '3.1, 3.4',
  operations: {
    'pack-name': {
      about: 'output is the four blocks of input.name',
      replay: ({ name }) => judged(checkName(name), (value) => packName(value).map(String)),
      cases: [
        pack('ASCII', 'ok', JANE),
        pack('accents', 'ok', 'Žofie Nováková'),
        pack('an apostrophe and a hyphen', 'ok', 'Siobhán O’Neill-Ní Bhriain'),
        pack('Han', 'ok', '李小龍'),
        pack('Arabic with a zero-width non-joiner', 'ok', 'علی‌رضا'),
        pack('outside the basic plane', 'ok', '𝒜 😀'),
        pack('one byte', 'ok', 'a'),
        pack('31 bytes, a whole block', 'ok', 'a'.repeat(31)),
        pack('a character across two blocks', 'ok', `${'a'.repeat(30)}é`),
        pack('124 bytes', 'ok', 'é'.repeat(62)),
        pack('125 bytes', 'BAD_NAME', `${'é'.repeat(62)}a`),
        pack('empty', 'BAD_NAME', ''),
        pack('not in normal form C', 'BAD_NAME', 'Zoe\u0308'),
        pack('a zero character', 'BAD_NAME', 'a\u0000b'),
        pack('a zero character at the end', 'BAD_NAME', 'a\u0000'),
        pack('a line feed', 'BAD_NAME', 'a\nb'),
        pack('a delete character', 'BAD_NAME', 'a\u007fb'),
        pack('a C1 control', 'BAD_NAME', 'a\u0085b'),
        pack('a line separator', 'BAD_NAME', 'a\u2028b'),
        pack('a right-to-left override', 'BAD_NAME', 'a\u202eb'),
        pack('an isolate', 'BAD_NAME', 'a\u2066b'),
        pack('a right-to-left mark', 'BAD_NAME', 'a\u200f'),
        pack('an Arabic letter mark', 'BAD_NAME', 'a\u061c'),
        pack('a byte order mark', 'BAD_NAME', '\ufeffJane'),
        pack('a space in front', 'BAD_NAME', ' Jane'),
        pack('a space behind', 'BAD_NAME', 'Jane '),
      ],
    },
    'unpack-name': {
      about: 'output is the name in input.blocks',
      replay: ({ blocks }) => judged(unpackName(blocks.map(fieldOf) as unknown as NameFields)),
      cases: [
        unpack('a name', 'ok', packName(JANE)),
        unpack('124 bytes', 'ok', blocksOf(utf8ToBytes('é'.repeat(62)))),
        unpack('all zero', 'BAD_NAME', [0n, 0n, 0n, 0n]),
        unpack('a block of 2^248', 'BAD_NAME', [packName(JANE)[0], packName(JANE)[1], 0n, 1n << 248n]),
        unpack('a zero byte inside', 'BAD_NAME', blocksOf([97, 0, 98])),
        unpack('an empty first block', 'BAD_NAME', [0n, ...blocksOf(utf8ToBytes(JANE)).slice(0, 3)]),
        unpack('not UTF-8', 'BAD_NAME', blocksOf([0xff, 0xfe])),
        unpack('an overlong form', 'BAD_NAME', blocksOf([0xc1, 0x81])),
        unpack('half a character', 'BAD_NAME', blocksOf([97, 0xc3])),
        unpack('a surrogate in UTF-8', 'BAD_NAME', blocksOf([0xed, 0xa0, 0x80])),
        unpack('a byte order mark', 'BAD_NAME', blocksOf(utf8ToBytes(`\ufeff${JANE}`))),
        unpack('not in normal form C', 'BAD_NAME', blocksOf(utf8ToBytes('Zoe\u0308'))),
        unpack('a space behind', 'BAD_NAME', blocksOf(utf8ToBytes('Jane '))),
        unpack('a name that may no longer be attested', 'ok', packName('Jane\u200b  Doe')),
      ],
    },
    'attest-name': {
      about: 'whether input.name may be attested',
      replay: ({ name }) => judged(checkAttestedName(name)),
      cases: [
        attest('ASCII', 'ok', JANE),
        attest('a non-joiner between Arabic letters', 'ok', 'علی\u200cرضا'),
        attest('a joiner behind an Arabic letter', 'ok', 'ه\u200d. سایه'),
        attest('a joiner behind a virama', 'ok', 'ශ්\u200dරී'),
        attest('a non-joiner behind a virama at the end of a word', 'ok', 'విక్రమ్\u200c రావు'),
        attest('a joiner before a virama', 'ok', 'র\u200d্যামন'),
        attest('a variant of a Han character', 'ok', '葛\u{e0100}城'),
        attest('a Mongolian separator and a Mongolian variant', 'ok', 'ᠰᠠᠷᠠᠨ\u180eᠠ ᠮᠠᠩᠭ\u180bᠤᠰ'),
        attest('what §3.1 refuses', 'BAD_NAME', 'Jane\u202e'),
        attest('a zero-width space', 'BAD_NAME', 'Jane\u200bDoe'),
        attest('a soft hyphen', 'BAD_NAME', 'Jane\u00adDoe'),
        attest('a grapheme joiner', 'BAD_NAME', 'Jane\u034fDoe'),
        attest('a word joiner', 'BAD_NAME', 'Jane\u2060Doe'),
        attest('a tag', 'BAD_NAME', 'Jane\u{e0041}'),
        attest('a Hangul filler', 'BAD_NAME', 'Jane\u3164Doe'),
        attest('a variation selector', 'BAD_NAME', 'Jane\ufe0f'),
        attest('a character for private use', 'BAD_NAME', 'Jane\ue000'),
        attest('a noncharacter', 'BAD_NAME', 'Jane\u{1ffff}'),
        attest('a replacement character', 'BAD_NAME', 'Jos\ufffd'),
        attest('a no-break space', 'BAD_NAME', 'Jane\u00a0Doe'),
        attest('an ideographic space', 'BAD_NAME', '山田\u3000太郎'),
        attest('two spaces', 'BAD_NAME', 'Jane  Doe'),
        attest('a joiner between Latin letters', 'BAD_NAME', 'Jane\u200dDoe'),
        attest('a joiner between Arabic letters', 'BAD_NAME', 'عل\u200dی'),
        attest('a non-joiner at the end of a word', 'BAD_NAME', 'علی\u200c رضا'),
        attest('two non-joiners', 'BAD_NAME', 'علی\u200c\u200cرضا'),
        attest('a joiner before a virama with nothing to join', 'BAD_NAME', 'Jane \u200d्'),
        attest('a variant of a Latin letter', 'BAD_NAME', 'Ja\u{e0100}ne'),
        attest('two variants of one character', 'BAD_NAME', '葛\u{e0100}\u{e0101}'),
        attest('a Mongolian separator at the end', 'BAD_NAME', 'ᠨ\u180e'),
        attest('a mark in front', 'BAD_NAME', '\u0338Jane'),
      ],
    },
  },
};

const SECRET = randomField(seeded('credential'));
const [GROUP, OTHER_GROUP] = ['1a'.repeat(32), '2b'.repeat(32)] as [string, string];
const credential = (name: string, secret: Field, group: string, attested: string, scope: bigint): Case => ({
  name,
  input: { secret: String(secret), group, name: attested, scope: String(scope) },
  expect: 'ok',
});

export const credentials: Chapter = {
  file: 'credentials.json',
  section: '3.2',
  operations: {
    credential: {
      about:
        'output is blinding, commitment, leaf and nullifier of input.secret in the group input.group (its id), for input.name and input.scope',
      replay: ({ secret, group, name, scope }) => {
        const identity = { secret: fieldOf(secret) };
        const commitment = commitmentOf(identity, group);
        return computed({
          blinding: String(blindingOf(identity, group)),
          commitment: String(commitment),
          leaf: String(leafOf(commitment, name)),
          nullifier: String(nullifierOf(identity, fieldOf(scope))),
        });
      },
      cases: [
        credential('a member', SECRET, GROUP, JANE, 5n),
        credential('in another group: other commitment and leaf, same nullifier', SECRET, OTHER_GROUP, JANE, 5n),
        credential('under another statement: other nullifier', SECRET, GROUP, JANE, 6n),
        credential(
          'the largest secret',
          toField(21888242871839275222246405745257275088548364400416034343698204186575808495616n),
          GROUP,
          'a',
          0n,
        ),
        credential('secret zero', toField(0n), GROUP, 'a', 0n),
      ],
    },
  },
};

const random = seeded('enrolment');
const ISSUER = publicKeyOf(random(32));
const group = { issuer: ISSUER, name: 'Harbour pilots' };
const invitation = createInvitation(JANE, group, random);
const fragment = formatInvitation(invitation);
const enrolment = sealEnrolment(invitation, commitmentOf({ secret: SECRET }, groupId(group)), random);
const encode = (value: Json) => base64urlnopad.encode(utf8ToBytes(canonicalJson(value)));
const change = (at: number) =>
  enrolment.ciphertext.slice(0, at) + (enrolment.ciphertext[at] === '0' ? '1' : '0') + enrolment.ciphertext.slice(at + 1);
const invite = (name: string, expect: string, value: string): Case => ({ name, input: { fragment: value }, expect });
const open = (name: string, expect: string, with_: Json, what: Json): Case => ({
  name,
  input: { invitation: with_, enrolment: what },
  expect,
});
const otherInvitation = { ...invitation, group: { ...group, name: 'Harbour masters' } };
const foreign = { ...invitation, group: { ...group, issuer: publicKeyOf(random(32)) } };

export const enrolments: Chapter = {
  file: 'enrolment.json',
  section: '3.3',
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
        invite('another version', 'BAD_INVITATION', encode({ ...invitation, version: 2 })),
        invite('a member too many', 'BAD_INVITATION', encode({ ...invitation, note: '' })),
      ],
    },
    'open-enrolment': {
      about: 'output is the commitment that input.enrolment carries to the issuer who sent input.invitation',
      replay: ({ invitation, enrolment }) => judged(openEnrolment(invitation, enrolment), String),
      cases: [
        open('an honest enrolment', 'ok', invitation, enrolment),
        open('the nonce changed', 'ENROLMENT_FORGED', invitation, { ...enrolment, ciphertext: change(0) }),
        open('the sealed commitment changed', 'ENROLMENT_FORGED', invitation, { ...enrolment, ciphertext: change(50) }),
        open('the tag changed', 'ENROLMENT_FORGED', invitation, { ...enrolment, ciphertext: change(enrolment.ciphertext.length - 1) }),
        open('for another group', 'ENROLMENT_FORGED', otherInvitation, enrolment),
        open('for another issuer', 'ENROLMENT_FORGED', foreign, enrolment),
        open('another id', 'ENROLMENT_FORGED', invitation, { ...enrolment, id: '00'.repeat(32) }),
        open('another invitation', 'ENROLMENT_FORGED', { ...invitation, secret: '00'.repeat(32) }, enrolment),
      ],
    },
  },
};
