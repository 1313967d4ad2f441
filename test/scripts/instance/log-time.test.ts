import { expect, it } from 'vitest';
import { stampLine } from '#scripts/instance/log-time.ts';

it('a line of the log bears its minute and nothing finer', () => {
  const lines = [0, 1_000, 59_999].map((later) => stampLine('[web] something failed', Date.UTC(2026, 10, 30, 4, 20) + later));
  expect(new Set(lines)).toEqual(new Set(['2026-11-30T04:20Z [web] something failed']));
});
