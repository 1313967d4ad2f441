// SPEC §12.5: what a record shows once it has been read
import { findForkers } from '../board/cosignature.ts';
import { findAlike } from '../messages/visible-text.ts';
import { vouchedFor } from '../reveal/destruction.ts';
import { countSignatures } from '../reveal/names.ts';
import { stateAt } from '../statement/outcome.ts';
import { findNotPast } from './current-wave.ts';
import type { Reading } from './reading.ts';
import { countAll, type RecordReport } from './report.ts';

type Counted = Readonly<Pick<RecordReport, 'failures' | 'failed' | 'checked'>>;

export function describeReading(reading: Reading, { failures, failed, checked }: Counted): RecordReport {
  const { context, key, board, waves, end, destroyed, names } = reading;
  const openedBy = waves.map((wave) => wave.openedBy);
  const progress = openedBy.map((trustees) => ({ openings: trustees.length }));
  const due = context ? vouchedFor(context, destroyed).due : [];
  const forkers = findForkers(
    board?.hashes ?? [],
    reading.cosignatures.map(({ message }) => message),
  );
  return {
    ok: countAll(failed) === 0,
    failures: [...failures].sort((a, b) => a.line - b.line),
    failed: { ...failed },
    checked: { ...checked },
    lines: reading.line,
    statement: reading.statement,
    id: context?.id ?? null,
    groups: [...(context?.rolls ?? [])].map(([id, { group, size }]) => ({ id, ...group, size })),
    state: context && key && end ? stateAt(context, key, progress, destroyed, end.time) : null,
    writtenAt: end?.time ?? null,
    hash: end?.hash ?? null,
    head: board && board.hashes.length > 0 ? { number: board.hashes.length, checkpoint: board.head.hash } : null,
    signatures: (reading.live[reading.final - 1] ?? []).reduce((sum, { count }) => sum + count, 0),
    names,
    openedBy,
    unopened: findNotPast(due, waves),
    destroyedBy: destroyed.map((message) => message.trustee),
    culprits: [...(key?.status === 'aborted' ? key.blame : []), ...forkers.map((trustee) => ({ trustee, reason: 'FORKED' as const }))],
    equalNames: findAlike(names.flatMap(({ name }) => name ?? [])),
    equalTokens: names.length - countSignatures(names).size,
  };
}
