import { describe, expect, it } from 'vitest';
import { parseAgentSettings } from '#lib/agent/settings.ts';

const SETTINGS = {
  ...{
    platform: 'https://platform.example',
    origin: 'https://join.union.example',
    issuerName: 'Staff union',
    contact: 'help@union.example',
  },
  groups: [{ name: 'Staff council', ways: [{ way: 1 }] }],
};
const read = (change: Record<string, unknown>) => parseAgentSettings(JSON.stringify({ ...SETTINGS, ...change }));

describe('the settings of an agent', () => {
  it('take origins that are encrypted or on this machine, and resolvers of either kind', () => {
    for (const platform of ['https://platform.example:8443', 'http://localhost:3000', 'http://[::1]:3000'])
      expect(read({ platform }).ok).toBe(true);
    expect(read({ resolvers: ['192.0.2.1', '192.0.2.1:53', '::1', '[2001:db8::1]:5353'] }).ok).toBe(true);
  });

  it.each([
    ['a platform that is reached in the clear', { platform: 'http://platform.example' }, /"platform" must be an https:/],
    ['an own address in the clear', { origin: 'http://join.union.example' }, /"origin" must be an https:/],
    ['an address with a slash at its end', { origin: 'https://join.union.example/' }, /without a slash/],
    ['a resolver by its name', { resolvers: ['dns.union.example'] }, /^resolvers.0: expected the address of a resolver/],
    ['a mail server without a host', { smtp: { url: 'smtp://', from: 'a@union.example' } }, /^smtp.url: expected an smtp:/],
    ['an issuer’s name that is rearranged', { issuerName: 'Staff \u202enoinu' }, /^issuerName: it holds what nobody can see/],
    ['a contact with a control character', { contact: 'a\u001b[2Jb' }, /^contact: expected NFC text/],
    ['a contact of two lines', { contact: 'a\nb' }, /^contact: expected one line/],
  ])('refuse %s', (_what, change, detail) => {
    expect(read(change)).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
  });
});
