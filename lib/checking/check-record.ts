import type { ProofSystem, RecordReport, Step } from '#lib/protocol/record/report.ts';
import { RecordVerifier } from '#lib/protocol/record/verifier.ts';
import { type HeavyWork, workHere } from '#lib/protocol/record/work.ts';
import { requireRecordBytes, requireRecordLine } from './changed-file.ts';
import { splitLines, UnreadableRecord } from './split-lines.ts';

/** How far a check has come: counts alone, because it is told ten times a second from thread to thread. */
export type CheckProgress = {
  bytes: number;
  lines: number;
  checked: Readonly<Record<Step, number>>;
  failed: Readonly<Record<Step, number>>;
};

/** Progress is told after so many lines, and after every part of the source that came in one piece. */
const LINES_A_REPORT = 64;
const PAUSE_MS = 250;

/**
 * Checks a record as its bytes arrive: nothing is asked of any server, and memory does not grow with the file but for hashes,
 * nullifiers and names. `work` may spread what takes long over threads.
 * @throws UnreadableRecord for what is no text of lines; the reason of `signal`; whatever the source throws
 */
export async function checkRecord(
  source: AsyncIterable<Uint8Array>,
  proofs: ProofSystem,
  options: { work?: HeavyWork; signal?: AbortSignal; onProgress?: (progress: CheckProgress) => void } = {},
): Promise<RecordReport> {
  const { work = workHere, signal, onProgress } = options;
  const verifier = new RecordVerifier(proofs, work);
  let bytes = 0;
  let lines = 0;
  const report = () => onProgress?.({ bytes, lines, checked: verifier.checkedSoFar, failed: verifier.failedSoFar });
  const counted = async function* () {
    for await (const chunk of source) {
      bytes += chunk.length;
      yield chunk;
      report();
    }
  };
  // Names are taken out and the last proofs checked after the last line: that must be seen to go on too.
  const ticking = setInterval(report, PAUSE_MS);
  try {
    for await (const { text, isEnded } of splitLines(requireRecordBytes(counted()))) {
      signal?.throwIfAborted();
      if (lines === 0) requireRecordLine(text);
      await verifier.push(text, isEnded);
      lines++;
      if (lines % LINES_A_REPORT === 0) report();
    }
    if (lines === 0) throw new UnreadableRecord('EMPTY', 0, 'This is not a record of Round Robin: the file is empty.');
    const result = await verifier.finish();
    report();
    return result;
  } finally {
    clearInterval(ticking);
  }
}
