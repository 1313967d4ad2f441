// SPEC §3: names, credentials, tokens
import { fieldOf } from '#lib/protocol/board/signature.ts';
import { blindingOf, commitmentOf, leafOf, nullifierOf } from '#lib/protocol/member/credential.ts';
import { checkAttestedName, checkName, nameHash } from '#lib/protocol/member/name.ts';
import { clearToken, membershipOf, proveName, tokenOf } from '#lib/protocol/member/token.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { FIELD_ORDER, type Field, toField } from '#lib/protocol/numbers/field.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { randomField } from '#lib/protocol/numbers/random.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Case, type Chapter, computed, judged, read } from './chapter.ts';
import { smallOrderPoint } from './odd-points.ts';

const [GROUP, OTHER_GROUP] = ['1a'.repeat(32), '2b'.repeat(32)] as [string, string];
const check = (name: string, expect: string, value: string): Case => ({ name, input: { name: value, group: GROUP }, expect });
const attest = (name: string, expect: string, value: string): Case => ({ name, input: { name: value }, expect });
const JANE = 'Jane Doe, Senator for District 4';

export const names: Chapter = {
  file: 'names.json',
  section: '3.1, 3.5',
  operations: {
    'check-name': {
      about: 'whether input.name is a name; output is its hash in the group input.group',
      replay: ({ name, group }) => judged(checkName(name), (value) => String(nameHash(group, value))),
      cases: [
        check('ASCII', 'ok', JANE),
        check('accents', 'ok', 'Žofie Nováková'),
        check('an apostrophe and a hyphen', 'ok', 'Siobhán O’Neill-Ní Bhriain'),
        check('Han', 'ok', '李小龍'),
        check('Arabic with a zero-width non-joiner', 'ok', 'علی‌رضا'),
        check('outside the basic plane', 'ok', '𝒜 😀'),
        check('one byte', 'ok', 'a'),
        check('200 bytes', 'ok', 'é'.repeat(100)),
        check('201 bytes', 'BAD_NAME', `${'é'.repeat(100)}a`),
        check('a name that may no longer be attested', 'ok', 'Jane\u200b  Doe'),
        { ...check('in another group: another hash', 'ok', JANE), input: { name: JANE, group: OTHER_GROUP } },
        check('empty', 'BAD_NAME', ''),
        check('not in normal form C', 'BAD_NAME', 'Zoe\u0308'),
        check('a zero character', 'BAD_NAME', 'a\u0000b'),
        check('a zero character at the end', 'BAD_NAME', 'a\u0000'),
        check('a line feed', 'BAD_NAME', 'a\nb'),
        check('a delete character', 'BAD_NAME', 'a\u007fb'),
        check('a C1 control', 'BAD_NAME', 'a\u0085b'),
        check('a line separator', 'BAD_NAME', 'a\u2028b'),
        check('a right-to-left override', 'BAD_NAME', 'a\u202eb'),
        check('an isolate', 'BAD_NAME', 'a\u2066b'),
        check('a right-to-left mark', 'BAD_NAME', 'a\u200f'),
        check('an Arabic letter mark', 'BAD_NAME', 'a\u061c'),
        check('a byte order mark', 'BAD_NAME', '\ufeffJane'),
        check('a space in front', 'BAD_NAME', ' Jane'),
        check('a space behind', 'BAD_NAME', 'Jane '),
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
        attest('eight marks on a letter', 'ok', `x${'\u0301'.repeat(8)}`),
        attest('nine marks on a letter', 'BAD_NAME', `x${'\u0301'.repeat(9)}`),
        attest('nine marks of two scripts on a letter', 'BAD_NAME', `ก${'\u0e49'.repeat(5)}${'\u20dd'.repeat(4)}`),
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
const LARGEST = toField(FIELD_ORDER - 1n);
const credential = (name: string, secret: Field, group: string, scope: bigint): Case => ({
  name,
  input: { secret: String(secret), group, scope: String(scope) },
  expect: 'ok',
});

export const credentials: Chapter = {
  file: 'credentials.json',
  section: '3.2',
  operations: {
    credential: {
      about: 'output is blinding, commitment, nullifier and u of input.secret in the group input.group (its id), under input.scope',
      replay: ({ secret, group, scope }) => {
        const identity = { secret: fieldOf(secret) };
        return computed({
          blinding: String(blindingOf(identity, group)),
          commitment: String(commitmentOf(identity, group)),
          nullifier: String(nullifierOf(identity, fieldOf(scope))),
          u: membershipOf(identity, group),
        });
      },
      cases: [
        credential('a member', SECRET, GROUP, 5n),
        credential('in another group: other commitment and u, same nullifier', SECRET, OTHER_GROUP, 5n),
        credential('under another statement: other nullifier', SECRET, GROUP, 6n),
        credential('the largest secret', LARGEST, GROUP, 0n),
        credential('secret zero', toField(0n), GROUP, 0n),
      ],
    },
  },
};

const memberships = Array.from({ length: 6 }, (_, i) => membershipOf({ secret: toField(BigInt(i + 1)) }, GROUP));
const token = (name: string, u: string, group: string, attested: string): Case => ({
  name,
  input: { u, group, name: attested, commitment: '7' },
  expect: 'ok',
});
const first = tokenOf(memberships[0] as string, GROUP, JANE);
const cleared = clearToken(first.point);
const honest = { token: formatPoint(cleared), group: GROUP, name: JANE, salt: String(first.salt), sign: 0 };
const prove = (name: string, expect: string, change: object): Case => ({ name, input: { ...honest, ...change } as Json, expect });
const odd = first.point.negate();

export const tokens: Chapter = {
  file: 'tokens.json',
  section: '3.3',
  operations: {
    token: {
      about: 'output is the salt and the token of input.u in the group input.group for input.name, T, and the leaf with input.commitment',
      replay: ({ u, group, name, commitment }) => {
        const { point, salt } = tokenOf(u, group, name);
        const leaf = leafOf(fieldOf(commitment), point);
        return computed({ salt: String(salt), token: formatPoint(point), T: formatPoint(clearToken(point)), leaf: String(leaf) });
      },
      cases: [
        ...memberships.map((u, i) => token(`member ${i + 1}`, u, GROUP, JANE)),
        token('in another group', memberships[0] as string, OTHER_GROUP, JANE),
        token('another name', memberships[0] as string, GROUP, 'a'),
      ],
    },
    'prove-name': {
      about: 'whether input.name with input.salt and input.sign belongs to the opened point input.token; output is the token of the leaf',
      replay: ({ token, group, name, salt, sign }) => read(proveName(token, group, { name, salt: fieldOf(salt), sign }), formatPoint),
      cases: [
        prove('the member’s own', 'ok', {}),
        prove('T44: another name', 'refused', { name: 'Jane Doe' }),
        prove('T44: another salt', 'refused', { salt: String(first.salt + 1n) }),
        prove('T44: the other sign', 'refused', { sign: 1 }),
        prove('another group', 'refused', { group: OTHER_GROUP }),
        prove('a token with x odd, which only an issuer puts in a leaf', 'ok', { token: formatPoint(clearToken(odd)), sign: 1 }),
        prove('T44: a small-order part in T', 'refused', { token: formatPoint(cleared.add(smallOrderPoint())) }),
        prove('the token itself in place of T', 'refused', { token: formatPoint(first.point) }),
        prove('the negative of T', 'refused', { token: formatPoint(cleared.negate()) }),
        prove('what is no name', 'refused', { name: 'Jane\u202e' }),
        prove('a name in normal form D', 'refused', { name: 'Zoe\u0308' }),
      ],
    },
  },
};
