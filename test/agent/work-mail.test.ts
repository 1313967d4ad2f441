import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createResolver } from '#lib/agent/resolver.ts';
import { checkWorkMail, type DrawnWords } from '#lib/agent/work-mail.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type NameServer, startNameServer } from '../support/name-server.ts';
import { type Field, signHeader, writeHeader } from './sign-mail.ts';

const WORDS = 'river orange candle summit';
const DRAWN = 1_800_000_000;
const drawn: DrawnWords = { words: WORDS, drawn: DRAWN, expires: DRAWN + 86_400 };
const PAIRS = [
  { from: 'ministry.example', signer: 'ministry.example' },
  { from: 'agency.example', signer: 'mail.agency.example' },
];

let names: NameServer;
let mails: MailServer;
const keys = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  weak: generateKeyPairSync('rsa', { modulusLength: 768 }),
  ed: generateKeyPairSync('ed25519'),
  shared: generateKeyPairSync('rsa', { modulusLength: 1024 }),
};

function publish(selector: string, domain: string, key: KeyObject, more = ''): void {
  const kind = key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa';
  const der = key.export({ type: 'spki', format: 'der' });
  const value = (kind === 'ed25519' ? der.subarray(-32) : der).toString('base64');
  names.records.set(`${selector}._domainkey.${domain}`, [`v=DKIM1; k=${kind}; ${more}p=${value}`]);
}

beforeAll(async () => {
  [names, mails] = await Promise.all([startNameServer(), startMailServer()]);
  publish('k1', 'ministry.example', keys.rsa.publicKey);
  publish('weak', 'ministry.example', keys.weak.publicKey);
  publish('ed', 'ministry.example', keys.ed.publicKey);
  publish('test', 'ministry.example', keys.rsa.publicKey, 't=y; ');
  publish('k1', 'bulkmail.example', keys.shared.publicKey);
  publish('k1', 'mail.agency.example', keys.rsa.publicKey);
});
afterAll(() => Promise.all([names?.stop(), mails?.stop()]));

const dateAt = (seconds: number) => new Date(seconds * 1_000).toUTCString().replace('GMT', '+0000');
const fieldsOf = (change: Record<string, string> = {}): Field[] =>
  Object.entries({
    From: 'Ann Miller <ann@ministry.example>',
    To: 'ann@home.example',
    Subject: WORDS,
    Date: dateAt(DRAWN + 60),
    ...change,
  });
const ministry = { key: keys.rsa.privateKey, domain: 'ministry.example', selector: 'k1' };

async function judge(header: string, { at = DRAWN + 120, words = drawn as DrawnWords | undefined } = {}) {
  const judged = await checkWorkMail(header, words, { pairs: PAIRS, now: at, resolver: createResolver([names.address]) });
  return judged.ok ? judged.value : judged.code;
}

const ANN = { local: 'ann', domain: 'ministry.example' };

describe('T76: a mail that somebody sent from work', () => {
  it('shows its sender when a real mail program signed it and a real mail server took it', async () => {
    const dkim = {
      domainName: 'ministry.example',
      keySelector: 'k1',
      privateKey: keys.rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const transport = createTransport({ url: mails.url, dkim });
    await transport.sendMail({
      from: 'Ann Miller <ann@ministry.example>',
      to: 'ann@home.example',
      subject: WORDS,
      text: 'See you.',
      date: new Date((DRAWN + 60) * 1_000),
    });
    const [header = ''] = (mails.mails.at(-1)?.raw ?? '').split('\r\n\r\n');
    expect(header).toContain('DKIM-Signature: v=1; a=rsa-sha256;');
    const now = Number(/\bt=(\d+)/.exec(header)?.[1] ?? Math.floor(Date.now() / 1_000));
    const fresh = { words: WORDS, drawn: Math.min(DRAWN, now), expires: Math.max(DRAWN, now) + 86_400 };
    expect(await judge(header, { at: Math.max(DRAWN + 120, now), words: fresh })).toEqual(ANN);
  });

  it('is taken signed with RSA or Ed25519, by its own or a pinned signer, with To unsigned, after one that fails', async () => {
    expect(await judge(signHeader(fieldsOf(), ministry))).toEqual(ANN);
    expect(await judge(signHeader(fieldsOf(), { ...ministry, key: keys.ed.privateKey, selector: 'ed' }))).toEqual(ANN);
    expect(await judge(signHeader(fieldsOf(), { ...ministry, names: ['from', 'subject', 'date'] }))).toEqual(ANN);
    for (const i of ['ann@ministry.example', '@ministry.example'])
      expect(await judge(signHeader(fieldsOf(), { ...ministry, tags: { i } }))).toEqual(ANN);
    const agency = fieldsOf({ From: 'bo@agency.example' });
    expect(await judge(signHeader(agency, { ...ministry, domain: 'mail.agency.example' }))).toEqual({
      local: 'bo',
      domain: 'agency.example',
    });
    const broken = fieldsOf();
    const first = signHeader(broken, { ...ministry, selector: 'gone' }).split('\r\n')[0];
    expect(await judge(`${first}\r\n${signHeader(broken, ministry)}`)).toEqual(ANN);
    const encoded = fieldsOf({ Subject: `=?utf-8?Q?river_orange?=\r\n =?utf-8?B?${Buffer.from(' candle summit').toString('base64')}?=` });
    expect(await judge(signHeader(encoded, ministry))).toEqual(ANN);
  });

  it('is refused as a copy of an old mail, and once the words are over', async () => {
    const old = signHeader(fieldsOf({ Date: dateAt(DRAWN - 3_600) }), ministry);
    expect(await judge(old)).toBe('BAD_DATE');
    expect(await judge(signHeader(fieldsOf(), { ...ministry, tags: { t: String(DRAWN - 3_600) } }))).toBe('SIGNATURE_TIME');
    expect(await judge(signHeader(fieldsOf({ Date: dateAt(DRAWN + 9_000) }), ministry))).toBe('BAD_DATE');
    const good = signHeader(fieldsOf(), ministry);
    expect(await judge(good, { at: DRAWN + 86_400 })).toBe('WORDS_OVER');
    expect(
      await checkWorkMail(good, undefined, { pairs: PAIRS, now: DRAWN + 120, resolver: createResolver([names.address]) }),
    ).toMatchObject({
      ok: false,
      code: 'WORDS_OVER',
    });
  });

  it.each([
    `Re: ${WORDS}`,
    `AW: ${WORDS}`,
    `Automatic reply: ${WORDS}`,
    `Fwd: ${WORDS}`,
    `${WORDS}.`,
    `x ${WORDS}`,
    'river orange candle',
    WORDS.toUpperCase(),
  ])('is refused with the subject “%s”: the words must be all of it', async (subject) => {
    expect(await judge(signHeader(fieldsOf({ Subject: subject }), ministry))).toBe('OTHER_SUBJECT');
  });

  it('is refused by the signer of a tenant or of many customers, whatever that one vouches for', async () => {
    const shared = { ...ministry, key: keys.shared.privateKey, domain: 'bulkmail.example' };
    expect(await judge(signHeader(fieldsOf(), shared))).toBe('SIGNER_UNKNOWN');
    publish('k1', 'ministry-tenant.provider.example', keys.rsa.publicKey);
    expect(await judge(signHeader(fieldsOf(), { ...ministry, domain: 'ministry-tenant.provider.example' }))).toBe('SIGNER_UNKNOWN');
    expect(await judge(signHeader(fieldsOf({ From: 'bo@agency.example' }), ministry))).toBe('SIGNER_UNKNOWN'); // pinned, for another domain
    expect(await judge(signHeader(fieldsOf({ From: 'eve@evil.example' }), ministry))).toBe('DOMAIN_UNKNOWN');
    expect(await judge(signHeader(fieldsOf(), { ...ministry, tags: { i: 'eve@ministry.example' } }))).toBe('SIGNATURE_IDENTITY');
    expect(await judge(signHeader(fieldsOf(), { ...ministry, tags: { i: 'ann@sub.ministry.example' } }))).toBe('SIGNATURE_IDENTITY');
  });

  it.each(['Subject', 'From', 'Date'])('is refused with two fields %s, also when the signature covers one', async (name) => {
    const header = signHeader(fieldsOf(), ministry);
    const other = { Subject: WORDS, From: 'eve@evil.example', Date: dateAt(DRAWN + 60) }[name];
    expect(await judge(`${name}: ${other}\r\n${header}`)).toBe('FIELDS_REPEATED');
    expect(await judge(`${header}\r\n${name.toUpperCase()} : ${other}`)).toBe('FIELDS_REPEATED');
    const without = fieldsOf().filter(([one]) => one !== name);
    expect(await judge(writeHeader(without))).toBe('FIELDS_REPEATED');
  });

  it.each(['from', 'subject', 'date'])('is refused when the signature leaves out %s', async (name) => {
    const covered = ['from', 'to', 'subject', 'date'].filter((one) => one !== name);
    expect(await judge(signHeader(fieldsOf(), { ...ministry, names: covered }))).toBe('FIELDS_UNSIGNED');
  });

  it.each([
    'ann@ministry.example, eve@ministry.example',
    'Ann <ann@ministry.example> <eve@evil.example>',
    '"eve@evil.example" <ann@ministry.example', // not closed
    'team: ann@ministry.example;',
    'Ann (eve@evil.example) <ann@ministry.example>',
    '"ann"@ministry.example',
    'ännchen@ministry.example',
    '',
  ])('is refused from “%s”: one plain address it must be', async (from) => {
    expect(await judge(signHeader(fieldsOf({ From: from }), ministry))).toBe('BAD_FROM');
  });

  it.each(['office', 'no-reply', 'staff-request', 'postmaster', 'hr+ann', 'works-council'])(
    'is refused from the address %s of a function or list',
    async (local) => {
      expect(await judge(signHeader(fieldsOf({ From: `${local}@ministry.example` }), ministry))).toBe('ROLE_ADDRESS');
    },
  );

  it('is refused when expired, weak, altered, unsigned, oversigned, or by a key that is a test or was taken away', async () => {
    expect(await judge(signHeader(fieldsOf(), { ...ministry, tags: { x: String(DRAWN + 100) } }))).toBe('SIGNATURE_TIME');
    expect(await judge(signHeader(fieldsOf(), { ...ministry, key: keys.weak.privateKey, selector: 'weak' }))).toBe('SIGNATURE_WEAK');
    expect(await judge(signHeader(fieldsOf(), { ...ministry, algorithm: 'rsa-sha1' }))).toBe('SIGNATURE_WEAK');
    expect(await judge(signHeader(fieldsOf(), ministry).replace('ann@home', 'bob@home'))).toBe('SIGNATURE_WRONG');
    expect(await judge(signHeader(fieldsOf({ From: 'bob@ministry.example' }), ministry).replace('bob@', 'ann@'))).toBe('SIGNATURE_WRONG');
    expect(
      await judge(
        writeHeader([['Authentication-Results', 'mx; dkim=pass header.d=ministry.example'], ['ARC-Seal', 'i=1; cv=none'], ...fieldsOf()]),
      ),
    ).toBe('NOT_SIGNED');
    const six = signHeader(fieldsOf(), ministry);
    expect(await judge(`${`${six.split('\r\n')[0]}\r\n`.repeat(5)}${six}`)).toBe('TOO_MANY_SIGNATURES');
    expect(await judge(signHeader(fieldsOf(), { ...ministry, selector: 'test' }))).toBe('KEY_UNUSABLE');
    publish('old', 'ministry.example', keys.rsa.publicKey);
    const rotated = signHeader(fieldsOf(), { ...ministry, selector: 'old' });
    expect(await judge(rotated)).toEqual(ANN);
    names.records.set('old._domainkey.ministry.example', ['v=DKIM1; p=']);
    expect(await judge(rotated)).toBe('KEY_UNUSABLE');
    names.records.delete('old._domainkey.ministry.example');
    expect(await judge(rotated)).toBe('KEY_UNUSABLE');
    publish('old', 'ministry.example', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
    expect(await judge(rotated)).toBe('SIGNATURE_WRONG');
  });

  it('is refused unread when it holds more blanks or lines than a mail program writes: they stopped the whole agent for seconds', async () => {
    const many = ' '.repeat(25_000);
    const stretched: Record<string, string>[] = [
      { From: `ann${many}@ministry.example` },
      { From: `"Ann" <ann@ministry.example${many}` },
      { Date: `${dateAt(DRAWN + 60)}${many}x` },
      { Subject: `river\r\n ${'\r\n '.repeat(10_000)}orange` },
      { 'DKIM-Signature': `v=1; a${many}=rsa-sha256` },
      { 'DKIM-Signature': `v=1; b=a${many}a; h=from${many}:date` },
      { To: 'a,\r\n '.repeat(5_000) },
    ];
    for (const change of stretched) expect(await judge(writeHeader(fieldsOf(change)))).toBe('NOT_A_HEADER');
    expect(await judge(signHeader(fieldsOf({ To: `ann@home.example${' '.repeat(200)}` }), ministry))).toEqual(ANN);
  });

  it('is refused when it is no header at all, or endless', async () => {
    for (const text of ['', 'hello', '\0', 'a b c\r\nd']) expect(['NOT_A_HEADER', 'FIELDS_REPEATED']).toContain(await judge(text));
    expect(await judge(`X: ${'y'.repeat(70_000)}`)).toBe('HEADER_TOO_LONG');
    const malformed = `DKIM-Signature: v=1; v=1; a=rsa-sha256\r\n${writeHeader(fieldsOf())}`;
    expect(await judge(malformed)).toBe('SIGNATURE_MALFORMED');
  });
});
