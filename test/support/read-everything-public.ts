import { bytesToHex } from '@noble/hashes/utils.js';
import { expect } from 'vitest';
import { rollHash } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { fetchFrom, ORIGIN, type Route } from './routes.ts';
import type { TestGroup } from './world.ts';

/**
 * Everything that anybody can get about a statement with a board, its group and a challenge to it: every public address, found on the disk, so that a new one is
 * searched too. As text, and bytes also in hex.
 */
export async function readEverythingPublic(
  routes: readonly Route[],
  { id, statement }: StatementContext,
  group: TestGroup,
  challenge: Hex32,
): Promise<string> {
  const { fetch } = fetchFrom(routes);
  const ask = async (path: string) => {
    const response = await fetch(ORIGIN + path);
    // Names are there from the reveal on; what is said before it is searched like everything else.
    const isRefused = response.status === 409 && path.startsWith(`/api/anonymous/statements/${id}/names`);
    expect([path, response.status]).toEqual([path, isRefused ? 409 : 200]);
    return new Uint8Array(await response.arrayBuffer());
  };
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const { segments } = JSON.parse(text(await ask(`/api/anonymous/statements/${id}/board?after=0`)));
  const range = segments[0] as { from: number; hash: string };
  const values: Record<string, string> = { hash: rollHash(group.header), key: statement.committee.trustees[0]!.key };
  const ids: Record<string, string> = { groups: group.id, challenges: challenge };
  const idOf = (pattern: string) => ids[pattern.split('/')[3] as string] ?? id;
  const texts: string[] = [];
  for (const { pattern, methods } of routes) {
    if (!methods.includes('GET') || !pattern.startsWith('/api/anonymous/')) continue;
    const isSegment = pattern.includes('/board/');
    const path = pattern.replace('[kind]', 'revealed').replaceAll(/\[(\w+)\]/g, (_, name: string) => {
      if (name === 'id') return idOf(pattern);
      if (isSegment) return name === 'from' ? String(range.from) : range.hash;
      return values[name] ?? name;
    });
    const bytes = await ask(`${path}${/(messages|board|statements)$/.test(path) ? '?after=0' : ''}`);
    texts.push(`${pattern}\n`, text(bytes), bytesToHex(bytes));
  }
  expect(texts.filter((one) => /\/(record|messages|leaves|names|\[hash\])\n$/.test(one)).length).toBeGreaterThanOrEqual(5);
  return texts.join('\n');
}
