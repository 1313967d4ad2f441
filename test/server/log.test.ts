import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { concealDriverError } from '#db/database-error.ts';
import { logFault } from '#lib/server/log.ts';

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

const databaseError = (code: string) => concealDriverError(Object.assign(new Error('secret'), { name: 'PostgresError', code }));

it.each([
  ['28P01', 'refuses the password'],
  ['53100', 'has no room left on its disk'],
  ['25006', 'is a standby'],
  ['57P01', 'was shut down'],
  ['ECONNREFUSED', 'nothing listens any more where it was.'],
])('a database that fails every request with %s is told by its cause, without a stack, once a minute', (code, cause) => {
  const start = performance.now();
  for (const later of [0, 1, 59_000]) logFault(databaseError(code), start + later);
  expect(lines).toEqual([expect.stringContaining(cause)]);
  expect(lines[0]).not.toMatch(/ {4}at |secret|Internal error/);
  logFault(databaseError(code), start + 60_000);
  expect(lines).toHaveLength(2);
});

it('a query that is too slow, and a fault of our own, are told each time with their place', () => {
  for (const error of [databaseError('57014'), databaseError('57014'), databaseError('23505'), new TypeError('secret')]) logFault(error, 0);
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line).toMatch(/^Internal error: \w+.*\n {4}at /);
  expect(lines.join()).not.toContain('secret');
});
