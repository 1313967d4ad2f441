import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFragment } from '#app/s/[id]/judge-fragment.ts';
import { formatInvitation, type Invitation } from '#lib/protocol/member/enrolment.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { readInvitation } from '#lib/signing/invitation-link.ts';
import { findShown, repairAddress } from '#lib/signing/repair-address.ts';
import { readSignInToken } from '#lib/signing/sign-in-link.ts';
import { parseStatementLink, readHash } from '#lib/signing/statement-link.ts';

const ENROLMENT_KEY = bytesToHex(createHpkeKeyPair((length) => new Uint8Array(length).fill(5)).publicKey);
const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const name = fc
  .string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...'abcXYZ  -éñЖ漢') })
  .map((text) => `A${text.trim().replace(/ +/g, ' ')}`);
const invitations = fc.tuple(hex, name).map(
  ([secret, name]): Invitation => ({
    ...{ version: 2, secret, name: name.trim(), enrolmentKey: ENROLMENT_KEY },
    group: { issuer: publicKeyOf(new Uint8Array(32).fill(7)), name: 'Nurses of St Mary’s' },
  }),
);

/** What programs and people put behind a link, before it, and into it. */
const behind = fc.constantFrom(
  ...[
    '',
    '.',
    ',',
    ')',
    '>',
    ']',
    '"',
    '”',
    '’',
    '…',
    ';',
    '!',
    '?',
    '**',
    '\n',
    '\r\n',
    ' ',
    '>.',
    '&utm_source=mail&x=1',
    '?fbclid=a',
    '#top',
  ],
  ...[
    '%20',
    '%3E',
    '%0D%0A',
    '\u200b',
    '\u2060.',
    '&amp;utm_medium=b',
    '\nKind regards, Ann',
    ' – please sign!',
    '\n\n> On Monday Ann wrote:',
  ],
);
const before = fc.constantFrom('', '<', '(', '"', '“', ' ', '\n', '\u200b', 'Please sign: <', 'URL:', '> ');
const unseen = fc.constantFrom(
  ...['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u200e'],
  ...['&#8203;', '&#x200B;', '&shy;', '&zwnj;', '<wbr>', '=E2=80=8B', '=C2=AD'],
);
const breaks = fc.constantFrom('\n', '\r\n', '=\r\n', '\r\n> ', '\n>> ', '\n   ', ' \n', '%0A', '%0D%0A');

/** Puts what a program puts into a text at some of its places. */
const withIn = (text: string, junk: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(fc.nat(text.length), junk), { maxLength: 3 }).map((places) => {
    let out = text;
    for (const [at, what] of places.sort((a, b) => b[0] - a[0])) out = out.slice(0, at) + what + out.slice(at);
    return out;
  });
const escaped = (text: string) => fc.constantFrom(text, encodeURIComponent(text), encodeURIComponent(encodeURIComponent(text)));

describe('a statement’s hash in a link that was mailed', () => {
  it('is found whatever stands around it and inside it', () => {
    const mailed = hex.chain((id) => fc.record({ id: fc.constant(id), inside: withIn(id, fc.oneof(unseen, breaks)), before, behind }));
    fc.assert(
      fc.property(mailed, ({ id, inside, behind }) => {
        expect(readHash(`${inside}${behind}`)).toEqual({ kind: 'hash', hash: id });
        expect(judgeFragment(`#${inside}${behind}`, id, id)).toBe('same');
      }),
      { numRuns: 500 },
    );
  });

  it('is found in a whole link, of whatever is pasted', () => {
    const mailed = hex.chain((id) =>
      fc.record({
        id: fc.constant(id),
        path: withIn(id, unseen),
        sign: fc.constantFrom('#', '%23', '%2523', '&#35;', '#\n', '#\u200b'),
        end: withIn(id, fc.oneof(unseen, breaks)),
        before,
        behind,
      }),
    );
    fc.assert(
      fc.property(mailed, ({ id, path, sign, end, before, behind }) => {
        const text = `${before}https://Example.org:8443/s/${path}${sign}${end}${behind}`;
        expect([text, parseStatementLink(text)]).toEqual([text, { ok: true, value: { origin: 'https://example.org:8443', id } }]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    (link: string) => `https://safelinks.example/?url=${encodeURIComponent(link)}&data=05`,
    (link: string) => `https://urldefense.example/v3/__${link}__;Iw!!abc`,
    (link: string) => `https://sign.example/r?q=${link}`,
  ])('is not looked for at the site that a mail program put in between, which is told with the link inside: %s', (wrap) => {
    const link = `https://example.org/s/${'ab'.repeat(32)}#${'ab'.repeat(32)}`;
    const read = parseStatementLink(wrap(link));
    expect(read).toMatchObject({ ok: false, detail: expect.stringContaining(link) });
    expect(parseStatementLink(`As on https://news.example/a, sign: ${link}`)).toMatchObject({
      ok: true,
      value: { origin: 'https://example.org' },
    });
  });

  it('is an alarm only where it is whole and another; what was cut off is incomplete', () => {
    fc.assert(
      fc.property(hex, hex, fc.integer({ min: 1, max: 63 }), behind, (id, other, length, junk) => {
        fc.pre(id !== other);
        expect(judgeFragment(`#${other}${junk}`, id, id)).toBe('other');
        expect(judgeFragment(`#${id.slice(0, length)}${junk}`, id, id)).toBe('cut');
        expect(judgeFragment(`#${id}${other}`, id, id)).toBe('cut');
        expect(parseStatementLink(`https://example.org/s/${id}#${id.slice(0, length)}`)).toMatchObject({
          ok: false,
          detail: expect.stringContaining('incomplete'),
        });
        expect(parseStatementLink(`https://example.org/s/${id}#${other}`)).toMatchObject({
          ok: false,
          detail: expect.stringContaining('swapped'),
        });
      }),
      { numRuns: 300 },
    );
    for (const nothing of ['#', '#.', '#%20', '#&utm_source=mail', '#)'])
      expect(judgeFragment(nothing, 'a'.repeat(64), 'a'.repeat(64))).toBe('none');
  });
});

describe('an invitation that was mailed', () => {
  it('is read whatever stands around it and inside it', () => {
    const mailed = invitations.chain((invitation) =>
      fc.record({
        invitation: fc.constant(invitation),
        inside: withIn(formatInvitation(invitation), fc.oneof(unseen, breaks)),
        before,
        behind,
      }),
    );
    fc.assert(
      fc.property(
        mailed,
        fc.constantFrom('#', '', '%23'),
        fc.constantFrom('', '-', '_', '_*'),
        ({ invitation, inside, behind }, sign, emphasis) => {
          expect(readInvitation(`${sign}${inside}${emphasis}${behind}`)).toEqual({ kind: 'invitation', invitation });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is told to be shown when its secret stands where it is sent to the site, and never otherwise', () => {
    const shown = invitations.chain((invitation) => escaped(`#${formatInvitation(invitation)}`));
    fc.assert(
      fc.property(shown, behind, fc.constantFrom('%23', '/', '?', '.%23', '%2523'), invitations, (end, junk, sign, invitation) => {
        if (end.startsWith('%')) expect(repairAddress(`/join${end}`)).toEqual({ kind: 'shown-invitation', isWhole: true });
        const fragment = formatInvitation(invitation);
        expect(repairAddress(`/join${sign}${fragment}${encodeURIComponent(junk)}`)).toMatchObject({ kind: 'shown-invitation' });
        expect(findShown(`/join#${fragment}${junk}`)).toBeNull();
        expect(findShown(`/join?utm_source=newsletter#${fragment}`)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});

describe('a sign-in link that was mailed', () => {
  const tokens = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url'));

  it('is read whatever stands around it and inside it', () => {
    const mailed = tokens.chain((token) =>
      fc.record({ token: fc.constant(token), inside: withIn(token, fc.oneof(unseen, breaks)), before, behind }),
    );
    fc.assert(
      fc.property(mailed, ({ token, inside, behind }) => {
        expect(readSignInToken(`#${inside}${behind}`)).toEqual({ kind: 'token', token });
        expect(repairAddress(`/issuer/enter%23${inside}${behind.split('#')[0]}`)).toEqual({
          kind: 'sign-in',
          address: `/issuer/enter#${token}`,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is told to be cut where it is shorter, and to hold nothing where nothing stands there', () => {
    fc.assert(
      fc.property(tokens, fc.integer({ min: 1, max: 42 }), (token, length) => {
        expect(readSignInToken(`#${token.slice(0, length)}`)).toEqual({ kind: 'cut' });
      }),
    );
    for (const nothing of ['', '#', '#.', '#%20']) expect(readSignInToken(nothing)).toEqual({ kind: 'none' });
  });
});

describe('an address that this site does not have', () => {
  const id = 'ab'.repeat(32);
  const other = 'cd'.repeat(32);
  it.each([
    [`/s/${id}%23${id}`, `/s/${id}#${id}`],
    [`/s/${id}%23${other}`, `/s/${id}#${other}`],
    [`/s/${id}.`, `/s/${id}`],
    [`/s/${id})#${id}`, `/s/${id}#${id}`],
    [`/s/${id}%E2%80%8B/sign#${id}.`, `/s/${id}/sign#${id}`],
    [`/s/${id.slice(0, 30)}%0A${id.slice(30)}`, `/s/${id}`],
    [`/s/${id.toUpperCase()}`, `/s/${id}`],
    [`/S/${id.toUpperCase()}/SIGN#${id.toUpperCase()}`, `/s/${id}/sign#${id}`],
    [`/s/${id}=23${id}`, `/s/${id}#${id}`],
    [`/s/${id}/withdraw.#${id}`, `/s/${id}/withdraw#${id}`],
    [`/s/${id}/Withdraw%23${id}`, `/s/${id}/withdraw#${id}`],
    [`/s/${id})/receipt)`, `/s/${id}/receipt`],
  ])('is repaired where it names a statement, with no hash that it did not have: %s', (address, meant) => {
    expect(repairAddress(address)).toEqual({ kind: 'statement', address: meant });
    expect(repairAddress(meant)).toBeNull();
  });

  it.each([`/groups/${id}.`, `/Groups/${id.toUpperCase()}`, `/groups/${id}%3E`, `/groups/${id.slice(0, 30)}%0A${id.slice(30)}`])(
    'is repaired where it names a group: %s',
    (address) => {
      expect(repairAddress(address)).toEqual({ kind: 'group', address: `/groups/${id}` });
      expect(repairAddress(`/groups/${id}`)).toBeNull();
    },
  );

  const fragment = formatInvitation({
    ...{ version: 2, enrolmentKey: ENROLMENT_KEY, secret: id, name: 'Ann Lee' },
    group: { issuer: publicKeyOf(new Uint8Array(32).fill(7)), name: 'Nurses' },
  });
  it.each(['/Join#', '/join.#', '/JOIN)#', '/join%20#', '/joinus#'])(
    'is repaired where it names an invitation that nobody was shown: %s',
    (address) => {
      expect(repairAddress(address + fragment)).toEqual({ kind: 'invitation', address: `/join#${fragment}` });
    },
  );
  it.each(['/JOIN%23', '/join=23', '/join23', '/join/x/', '/Join?i='])('tells of an invitation that it was shown: %s', (address) => {
    expect(repairAddress(address + fragment)).toEqual({ kind: 'shown-invitation', isWhole: true });
  });

  it('is repaired where it is the link of a question or of an issuer', () => {
    fc.assert(
      fc.property(hex, behind, (id, end) => {
        const meant = { kind: 'question', address: `/ask/${id}#${id}` };
        expect(repairAddress(`/ask/${id}%23${id}${end.split('#')[0]}`)).toEqual(meant);
        expect(repairAddress(`/ask/${id}/answers.`)).toEqual({ kind: 'question', address: `/ask/${id}/answers` });
        expect(repairAddress(`/issuers/${id}).`)).toEqual({ kind: 'issuer', address: `/issuers/${id}` });
      }),
    );
    const id = '0123456789abcdef'.repeat(4);
    for (const address of [`/ask/${id}`, `/ask/${id}#${id}`, `/ask/${id}/answers`, `/issuers/${id}`, `/feeds/${id}.`, '/ask', '/ask/none.'])
      expect([address, repairAddress(address)]).toEqual([address, null]);
  });

  it('is repaired where it is a sign-in link, and left alone where nobody can tell', () => {
    const token = 'A_b-'.repeat(10).padEnd(43, 'C');
    expect(repairAddress(`/issuer/enter%23${token}`)).toEqual({ kind: 'sign-in', address: `/issuer/enter#${token}` });
    for (const nothing of ['/', '/nowhere', `/s/${id.slice(1)}`, `/s/${id}`, '/s/%', '/join', '/joinery', '/issuer/enter%23short'])
      expect(repairAddress(nothing), nothing).toBeNull();
  });
});
