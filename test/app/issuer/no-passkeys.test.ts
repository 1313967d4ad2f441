import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makePasskey, showPasskey } from '#app/issuer/ask-authenticator.ts';
import { describeIssuerFailure } from '#app/issuer/issuer-failure.ts';

const question = {
  challenge: 'AAAA',
  rp: { id: '192.0.2.7', name: 'Round Robin' },
  rpId: '192.0.2.7',
  user: { id: 'AAAA', name: 'clerk', displayName: 'clerk' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
} as unknown as Parameters<typeof showPasskey>[0];
let refusal: Error;
const refuse = () => Promise.reject(refusal);

beforeEach(() => {
  vi.stubGlobal('PublicKeyCredential', class {});
  vi.stubGlobal('location', { hostname: '192.0.2.7' });
  vi.stubGlobal('navigator', { credentials: { create: refuse, get: refuse } });
});
afterEach(() => vi.unstubAllGlobals());

const ways = [
  ['made', makePasskey],
  ['shown', showPasskey],
] as const;

describe.each(ways)('a passkey that cannot be %s', (_way, ask) => {
  const told = async () => describeIssuerFailure(await ask(question).catch((error: unknown) => error));

  it.each([
    ['SecurityError', 'Under this address', 'by its own name'],
    ['ConstraintError', 'make sure that it is you', 'Give it a lock'],
    ['NotSupportedError', 'no passkey that this site could check', 'another device'],
  ])('for a %s is told by its cause and cure', async (name, title, todo) => {
    refusal = new DOMException('no', name);
    expect(await told()).toMatchObject({
      title: expect.stringContaining(title),
      todo: expect.stringContaining(todo),
      code: 'NO_PASSKEYS',
    });
  });

  it('because the browser knows none is told as that', async () => {
    vi.stubGlobal('PublicKeyCredential', undefined);
    expect(await told()).toMatchObject({ title: 'This browser has no passkeys.', code: 'NO_PASSKEYS' });
  });

  it('because somebody called it off is no failure', async () => {
    refusal = new DOMException('no', 'NotAllowedError');
    expect(await ask(question)).toBeNull();
  });
});
