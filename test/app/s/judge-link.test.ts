import { expect, it, vi } from 'vitest';
import { judgeLink } from '#app/s/[id]/judge-link.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';

vi.mock('#lib/protocol/statement/statement.ts', () => {
  throw new Error('404: no such chunk');
});

it('a link that a page left over from before an upgrade cannot compare is neither passed nor an alarm', async () => {
  const id = 'ab'.repeat(32);
  expect(await judgeLink(`#${id}`, id, {} as Statement)).toBe('unloaded');
  expect(await judgeLink('', id, {} as Statement)).toBe('none');
});
