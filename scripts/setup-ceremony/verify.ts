import { readdir } from 'node:fs/promises';
import { isSound } from '#lib/ceremony/chain.ts';
import { verifyCeremony } from '#lib/ceremony/verify-ceremony.ts';
import { compileCircuit } from './compile-circuit.ts';
import { readFrom } from './folder.ts';
import { formatLink, type Say } from './report.ts';

/**
 * Checks a finished ceremony from public files and this checkout's own sources, one line a link.
 *
 * @param place folder or address of the ceremony's files
 * @param artifacts folder or address with the manifest that lists the result, or null not to check that
 * @returns whether every link holds
 */
export async function verifyPublished(place: string, artifacts: string | null, say: Say): Promise<boolean> {
  if (!/^https?:\/\//.test(place)) await readdir(place); // a folder that cannot be read breaks no ceremony
  const sources = { ceremony: readFrom(place), compile: compileCircuit, ...(artifacts === null ? {} : { artifacts: readFrom(artifacts) }) };
  const links = await verifyCeremony(sources, (link) => say(formatLink(link)));
  const bad = links.filter((link) => link.state !== 'ok').length;
  say(bad === 0 ? `All ${links.length} links hold.` : `${bad} of ${links.length} links do not hold.`);
  return isSound(links);
}
