// What `status` shows of a statement beside the share: how far its waves are, and what the platform hides
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { readStored, writeStored } from '#lib/host/stored-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { hex32, positive } from '#lib/protocol/messages/shape.ts';
import { chainTo, isComplete, preferredChain } from '#lib/protocol/reveal/chain.ts';
import type { Duty } from './duty.ts';
import { fileOf } from './keystore.ts';
import { isOpened, type WaveView } from './wave-view.ts';

/** Waves that are listed: the first that are not open yet. */
const MOST_LISTED = 20;

const doing = z.enum(['is mixing', 'has mixed', 'waits its turn', 'has opened', 'waits for others']);
const progressShape = z.strictObject({
  version: z.literal(2),
  /** Waves that are open, and those that are not. */
  opened: z.int().min(0),
  waves: z.array(z.strictObject({ number: positive, size: positive, steps: z.int().min(0), openings: z.int().min(0), doing })),
  /** What the platform gave a receipt for and does not show. */
  missing: z.array(z.strictObject({ type: z.string(), hash: hex32 })),
  /** Waves that k trustees have opened and that it does not show to the public. */
  hidden: z.array(positive),
});
export type Progress = z.infer<typeof progressShape>;

export function progressFile(statement: Hex32): string {
  return fileOf(statement, 'progress.json');
}

/** `mixing`: the number of the wave that is being mixed now. */
function progressOf({ journal, view }: Duty, mixing: number | null): Progress {
  const due = [...view.waves.values()].filter((wave) => wave.due !== null);
  const closed = due.filter((wave) => !isOpened(wave)).slice(0, MOST_LISTED);
  return {
    version: 2,
    opened: due.length - due.filter((wave) => !isOpened(wave)).length,
    waves: closed.map((wave) => ({
      number: wave.number,
      size: wave.due?.size ?? 1,
      steps: preferredChain(wave.chains).length,
      openings: wave.openings.filter(({ mix }) => isComplete(wave.chains, chainTo(wave.chains, mix))).length,
      doing: wave.number === mixing ? 'is mixing' : whatOf(wave, journal.trustee),
    })),
    missing: [...view.inbox.missing].map(([hash, type]) => ({ type, hash })),
    hidden: due.filter(({ showing }) => showing.isHidden).map(({ number }) => number),
  };
}

function whatOf({ chains, openings }: WaveView, me: number): Progress['waves'][number]['doing'] {
  if (openings.some(({ trustee }) => trustee === me)) return 'has opened';
  if (isComplete(chains, preferredChain(chains))) return 'waits for others';
  return [...chains.steps.values()].some(({ trustee }) => trustee === me) ? 'has mixed' : 'waits its turn';
}

/** Written only when something has changed. @returns its text, to be handed in the next time */
export async function writeProgress(disk: Disk, duty: Duty, mixing: number | null, before: string | null): Promise<string> {
  const progress = progressOf(duty, mixing);
  const text = canonicalJson(progress);
  if (text !== before) await writeStored(disk, progressFile(duty.id), progress, progressShape);
  return text;
}

export function readProgress(disk: Disk, statement: Hex32): Promise<Progress | null> {
  return readStored(disk, progressFile(statement), progressShape);
}

/** Lines for the operator, in plain words. */
export function describeProgress({ opened, waves, missing, hidden }: Progress): string[] {
  return [
    ...(opened > 0 ? [`  ${opened} ${opened === 1 ? 'wave is' : 'waves are'} open`] : []),
    ...waves.map(
      (wave) =>
        `  wave ${wave.number}, ${wave.size} signatures: ${wave.steps} steps, ${wave.openings} openings; this trustee ${wave.doing}`,
    ),
    ...missing.map(({ type, hash }) => `  WARNING: the platform hides a ${type} that it gave a receipt for (${hash.slice(0, 12)})`),
    ...hidden.map((number) => `  WARNING: the platform hides wave ${number}, which k trustees have opened`),
  ];
}
