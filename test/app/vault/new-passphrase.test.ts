import { expect, it } from 'vitest';
import { passphraseFault } from '#app/vault/new-passphrase.tsx';

it('takes a long passphrase that was repeated, and says what is wrong with any other', () => {
  expect(passphraseFault({ first: 'four quiet rowing boats', again: 'four quiet rowing boats' })).toBeNull();
  expect(passphraseFault({ first: 'four quiet rowing boats', again: 'four quiet rowing boat' })).toContain('not the same');
  expect(passphraseFault({ first: 'short', again: 'short' })).toContain('ten characters');
  expect(passphraseFault({ first: '', again: '' })).toContain('ten characters');
});
