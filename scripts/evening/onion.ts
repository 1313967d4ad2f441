import path from 'node:path';
import { root } from '../instance/runtime.ts';
import type { Terminal } from './terminal.ts';
import type { TorNetwork } from './tor-network.ts';

/** A Tor that was started at the beginning has found itself long before. */
const TOR_PATIENCE_SECONDS = 180;

type Visited = { status: number; onion: string | null; text: string };

/**
 * Visits a page at its public address and over Tor. @param shown what stands on it
 * @throws Error unless it is the same page, named at the one address and not at the other, and nobody gets there without Tor
 */
export async function requireOnion(
  terminal: Terminal,
  { onion, torsocks }: TorNetwork,
  { url, place, shown }: { url: string; place: string; shown: string },
): Promise<void> {
  const named = (await fetch(url + place)).headers.get('Onion-Location');
  if (named !== onion + place) throw new Error(`${place} names ${named} as its onion address.`);
  const isOpen = await fetch(onion + place).then(
    () => true,
    () => false,
  );
  if (isOpen) throw new Error('The onion address was reached without Tor.');
  const printed = await terminal.run({
    who: 'visitor',
    name: process.execPath,
    isProgram: true,
    through: torsocks,
    args: [path.join(root, 'scripts/evening/visit.ts'), onion + place, String(TOR_PATIENCE_SECONDS)],
    shown: `node scripts/evening/visit.ts ${onion}${place}`,
  });
  const there = JSON.parse(printed) as Visited;
  if (there.status !== 200 || there.onion !== null || !there.text.includes(shown))
    throw new Error(`Over Tor ${place} answers ${there.status}, and names ${there.onion}.`);
}
