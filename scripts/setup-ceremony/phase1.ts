import { join } from 'node:path';
import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import { readIfThere, writeWhole } from '#lib/ceremony/disk.ts';
import { blake2bHex, findPerpetualPower } from '#lib/ceremony/powers-of-tau.ts';
import { collect, verifyPowersOfTau } from '#lib/ceremony/setup-steps.ts';
import { CEREMONY_FILES } from '#lib/ceremony/transcript.ts';
import { loadSnarkjs } from '#lib/proof/snarkjs.ts';
import { readCallersFile } from '../command-line/callers-files.ts';
import { sha256Hex } from './compile-circuit.ts';
import { ProgressReport, type Say } from './report.ts';

/** Puts the public file into the ceremony's folder, if its hash is one of those that the perpetual ceremony published. */
export async function takePerpetual(folder: string, file: string, say: Say): Promise<void> {
  const bytes = new Uint8Array(readCallersFile(file));
  const hash = blake2bHex(bytes);
  const power = findPerpetualPower(hash);
  if (power === null) {
    throw new Error(`${file} is none of the files of the perpetual powers-of-tau ceremony: its BLAKE2b-512 hash is\n  ${hash}`);
  }
  await writeWhole(join(folder, CEREMONY_FILES.powersOfTau), bytes);
  say(`${file} is the perpetual ceremony's file for 2^${power}, BLAKE2b-512 ${hash}`);
}

/**
 * Makes powers of tau for those who cannot download the public ones: one contribution and a beacon, so as honest as this
 * machine. Every finished step is kept in `phase1/`, so that an interrupted run goes on where it stopped.
 */
export async function makePowersOfTau(folder: string, power: number, say: Say): Promise<void> {
  const { curve, powersOfTau } = await loadSnarkjs();
  const scale = 2 ** (power - 13);
  const progress = new ProgressReport(say, [
    ['starting', 3 * scale],
    ['contributing', 20 * scale],
    ['applying a beacon', 20 * scale],
    ['preparing for phase 2', 160 * scale],
    ['verifying', 8 * scale],
  ]);
  const step = async (name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> =>
    progress.run(async () => {
      const path = join(folder, 'phase1', name);
      const kept = await readIfThere(path);
      if (kept) return kept;
      const bytes = await make();
      await writeWhole(path, bytes);
      return bytes;
    });

  const started = await step('started.ptau', () => collect((out, logger) => powersOfTau.newAccumulator(curve, power, out, logger)));
  const contributed = await step('contributed.ptau', () =>
    collect((out, logger) => powersOfTau.contribute(started, out, 'first', bytesToHex(randomBytes(64)), logger)),
  );
  // The value follows from the file, so it was not chosen; but it was not unknown to the contributor either.
  const beacon = sha256Hex(contributed);
  const closed = await step('closed.ptau', () =>
    collect((out, logger) => powersOfTau.beacon(contributed, out, 'beacon', beacon, 10, logger)),
  );
  const prepared = await step('prepared.ptau', () => collect((out, logger) => powersOfTau.preparePhase2(closed, out, logger)));
  const valid = await progress.run(() => verifyPowersOfTau(prepared));
  if (!valid) throw new Error('the powers of tau that were made do not verify: delete the folder "phase1" and begin again');
  await writeWhole(join(folder, CEREMONY_FILES.powersOfTau), prepared);
  say(`Powers of tau for 2^${power}, BLAKE2b-512 ${blake2bHex(prepared)}`);
}
