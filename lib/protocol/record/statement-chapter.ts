// SPEC §12.4, the first two chapters of a record: the statement and its rolls
import { checkRollHeader, type RollFailure } from '../member/roll.ts';
import type { Checked } from '../messages/checked.ts';
import { checkStatement } from '../statement/statement.ts';
import type { HeaderLine, RollLine } from './lines.ts';
import type { Reading } from './reading.ts';

export function readHeader(reading: Reading, { statement }: HeaderLine): void {
  reading.statement = statement;
}

/** Checks header and leaves; the hashing of the leaves goes on while lines are read. */
export async function readRoll(reading: Reading, { leaves, ...header }: RollLine): Promise<void> {
  const { line, notebook } = reading;
  const note = (checked: Checked<unknown, RollFailure>) => {
    if (!checked.ok) notebook.fail(line, 'rolls', checked.code, checked.detail);
  };
  reading.headers.push(header);
  const checked = checkRollHeader(header);
  if (!checked.ok) return note(checked);
  await reading.rollChecks.add(reading.work.checkLeaves({ header, leaves }).then(note));
}

/** Checks the statement against its rolls, and that its verification key is one of those known. Faults stand at line 1. */
export function closeRolls(reading: Reading): void {
  if (!reading.statement) return;
  const stop = (code: string, detail?: string) => {
    reading.isStopped = true;
    reading.notebook.fail(1, 'statement', code, detail);
  };
  const context = checkStatement(reading.statement, reading.headers);
  if (!context.ok) return stop(context.code, context.detail);
  const { verificationKey, setup } = context.value.statement;
  if (!reading.proofs.isListed(verificationKey, setup))
    return stop('KEY_UNKNOWN', 'its verification key is not one that this software knows');
  reading.context = context.value;
}
