import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Failure, ProofSystem } from '#lib/protocol/record/report.ts';
import { endAgain, readLine } from './make-vectors/end-record.ts';
import { checkLines, readRecord, rememberingProofSystem } from './remembering-proofs.ts';
import { type Tampering, tamperWithFields, tamperWithPlaces } from './tamper.ts';

vi.mock('#lib/protocol/messages/ed25519.ts', async (load) => (await import('./remember.ts')).rememberEd25519(await load()));
vi.mock('#lib/protocol/key/key-judgement.ts', async (load) => (await import('./remember.ts')).rememberJudgement(await load()));

/** Records, and which lines of each are tampered with: those that no record above has. */
const RECORDS = [
  { name: 'revealed', types: null },
  { name: 'aborted', types: null },
  { name: 'destroyed', types: null },
  { name: 'ended', types: ['cosignature', 'destroyed', 'end'] },
  { name: 'unopened', types: ['checkpoint', 'destroyed'] },
];
/** Of so many tamperings one is also tried under the platform's old signature, which it does not fit: see `judge`. */
const SAMPLE = 8;
const TIME = 300_000;
let proofs: ProofSystem;

beforeAll(async () => {
  proofs = await rememberingProofSystem();
});

describe.each(RECORDS)('the record of a statement that is $name', ({ name, types }) => {
  let lines: string[];
  let places: number[];
  beforeAll(async () => {
    lines = await readRecord(`record-${name}.ndjson`);
    places = lines.flatMap((text, i) => (!types || types.includes(readLine(text).type as string) ? [i] : []));
    expect((await checkLines(lines, proofs)).failures).toEqual([]);
  });

  /** The first line of each type is changed in every way; of each other of the type one change in so many is tried, of long lists fewer. */
  const isTried = (k: number, change: number) => {
    const typeOf = (place: number | undefined) => readLine(lines[place as number] as string).type;
    const type = typeOf(places[k]);
    if (k === places.findIndex((place) => typeOf(place) === type)) return true;
    const step = type === 'mix-list' ? 30 : 9;
    return change % step === k % step;
  };

  it('T9: a change of any field of a line of any type is caught, and named where it is', { timeout: TIME }, async () => {
    expect(
      await judgeAll(
        places.flatMap((i, k) => tamperWithFields(lines, i).filter((_, change) => isTried(k, change))),
        lines,
      ),
    ).toEqual([]);
  });

  it('T9: every line that is removed, doubled or moved is caught, and named', { timeout: TIME }, async () => {
    expect(
      await judgeAll(
        places.flatMap((i) => tamperWithPlaces(lines, i)),
        lines,
      ),
    ).toEqual([]);
  });
});

async function judgeAll(all: readonly Tampering[], honest: readonly string[]): Promise<string[]> {
  expect(all.length).toBeGreaterThan(5);
  const missed: string[] = [];
  for (const [i, tampering] of all.entries()) missed.push(...(await judge(tampering, honest, i % SAMPLE === 0)));
  return missed;
}

/**
 * What a tampering should have shown and did not; nothing when it was caught as it must be. Every one is tried under an end
 * that a dishonest platform signed anew: whatever fails there fails also under the old end, which is read last. Where
 * nothing fails there, as the platform might have written the same itself, and in a sample, the old end is tried too.
 */
async function judge({ what, lines, at, mayStand }: Tampering, honest: readonly string[], isSampled: boolean): Promise<string[]> {
  if (lines.join('\n') === honest.join('\n')) return [`${what}: changes nothing`];
  const missed: string[] = [];
  const sealed = await checkLines(endAgain(lines), proofs);
  if (sealed.ok !== mayStand) missed.push(`${what}: ${describeFailures(sealed.failures) || 'not caught'} when sealed again`);
  if (!sealed.ok && !namesThePlace(sealed.failures, at)) missed.push(`${what}: ${describeFailures(sealed.failures)} does not name it`);
  if (!sealed.ok && !isSampled) return missed;
  const asItIs = await checkLines(lines, proofs);
  const isSealBroken = asItIs.failures.some(({ step }) => step === 'end');
  if (asItIs.ok || (sealed.ok && !isSealBroken)) missed.push(`${what}: ${describeFailures(asItIs.failures) || 'not caught'}`);
  return missed;
}

/** Every failure has a code, and one is at a line that tells the change. */
function namesThePlace(failures: readonly Failure[], at: readonly number[]): boolean {
  return failures.every(({ code }) => /^[A-Z_]+$/.test(code)) && failures.some(({ line }) => at.includes(line));
}

function describeFailures(failures: readonly Failure[]): string {
  return failures.map(({ line, code }) => `${line} ${code}`).join(', ');
}
