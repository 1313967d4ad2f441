import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { HidingTable } from '#app/ui/hiding-table.tsx';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { inventNames } from '../../support/platform.ts';
import { createGroup, systemRandom } from '../../support/world.ts';

const headers = ['Pilots', 'Masters'].map((name) => createGroup(name, inventNames(12), systemRandom).header);
const ids = headers.map(({ group }) => groupId(group)) as [string, string];
const statement = { trigger: { any: [{ count: 3 }, { group: ids[0], count: 9 }] }, together: 3 } as Statement;
const conditions = { statement, sizes: new Map(ids.map((id) => [id, 12])) };
const show = (some: typeof headers) =>
  renderToStaticMarkup(
    <HidingTable conditions={conditions} headers={some} nameOf={(group) => (group === ids[0] ? 'Pilots' : 'Masters')} />,
  );

describe('the table of whom a signer hides among', () => {
  it('names the group in each row only where there are several', () => {
    expect([show(headers).includes('A signer of'), show(headers.slice(0, 1)).includes('A signer of')]).toEqual([true, false]);
  });

  it('says a number once, and what a small one means', () => {
    const text = show(headers.slice(0, 1)).replaceAll(/<[^>]+>/g, '|');
    expect(text).toContain('|3: few enough to be asked one by one.|');
    expect(text).toContain('|9|');
  });

  it('keeps what stands in a cell together, which narrow screens lay out beside its heading', () => {
    const cells = [...show(headers).matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell = '']) => cell);
    expect(cells).toHaveLength(12);
    for (const cell of cells) expect(cell).toMatch(/^<div>.*<\/div>$/);
  });
});
