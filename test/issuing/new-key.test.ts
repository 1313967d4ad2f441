import { hexToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { createIssuer, issuerKey } from '#lib/issuing/issuer-file.ts';
import { signedNext } from '#lib/issuing/new-key.ts';
import { fateOf, type KeyEnd, signRevocation, signSuccessor } from '#lib/protocol/member/key-end.ts';
import { systemRandom } from '../support/world.ts';

const TIME = 1_800_000_000;
const next = createIssuer(systemRandom);
const issuer = { ...createIssuer(systemRandom), next: { seed: next.seed, enrolmentSecret: next.enrolmentSecret, time: TIME } };
const key = issuerKey(issuer);
const [own, successor, other] = [issuer.seed, next.seed, createIssuer(systemRandom).seed].map(hexToBytes) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const after = (message?: KeyEnd) => signedNext(issuer, fateOf(key, [{ issuer: key, time: TIME, ...(message ? { message } : {}) }]));

it('T82: goes on with the keys that were prepared only where the key has signed that they follow it, never after a revocation', () => {
  expect(after(signSuccessor(TIME, own, successor))).toBe(issuer.next);
  expect(after(signRevocation(TIME, own))).toBeUndefined();
  expect(after()).toBeUndefined(); // revoked on the word of the account
  expect(after(signSuccessor(TIME, own, other))).toBeUndefined(); // replaced from another browser
  expect(signedNext(issuer, null)).toBeUndefined();
});
