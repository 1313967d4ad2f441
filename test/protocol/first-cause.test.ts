import { beforeAll, describe, expect, it, vi } from 'vitest';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import type { ProofSystem } from '#lib/protocol/record/report.ts';
import { endAgain, readLine } from './make-vectors/end-record.ts';
import { checkLines, readRecord, rememberingProofSystem } from './remembering-proofs.ts';

vi.mock('#lib/protocol/messages/ed25519.ts', async (load) => (await import('./remember.ts')).rememberEd25519(await load()));
vi.mock('#lib/protocol/key/key-judgement.ts', async (load) => (await import('./remember.ts')).rememberJudgement(await load()));

let proofs: ProofSystem;
let lines: string[];
/** The places of all lines of a type. */
const places = (type: string) => lines.flatMap((text, i) => (readLine(text).type === type ? [i] : []));
const failuresOf = async (changed: readonly string[]) =>
  (await checkLines(endAgain(changed), proofs)).failures.map(({ line, code }) => `${line} ${code}`);

beforeAll(async () => {
  proofs = await rememberingProofSystem();
  lines = await readRecord('record-revealed.ndjson');
});

describe('what follows from a fault of a record', () => {
  it.each([
    { step: 'the first', place: 0 },
    { step: 'the last', place: 1 },
  ])('is not laid at the door of others: a list of $step step is missing', async ({ place }) => {
    const mix = places('mix')[place] as number;
    expect(await failuresOf(lines.toSpliced(mix + 1, 1))).toEqual([`${mix + 1} MIX_LIST`]);
  });

  it('is not laid at the door of others: a list of a step has an item less', async () => {
    const [list, mix] = [places('mix-list')[0] as number, places('mix')[0] as number];
    const line = readLine(lines[list] as string);
    const shorter = canonicalJson({ ...line, items: (line.items as Json[]).slice(1) });
    expect(await failuresOf(lines.with(list, shorter))).toEqual([`${mix + 1} MIX_LIST`]);
  });

  it('stays with its wave: an entry that is missing in one is counted for the next as its line names it', async () => {
    const [wave, entry] = [places('wave')[0] as number, places('entry')[0] as number];
    expect(await failuresOf(lines.toSpliced(entry, 1))).toEqual([`${wave + 1} WAVE_ENTRY`]);
  });
});
