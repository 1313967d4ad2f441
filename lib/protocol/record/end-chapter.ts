// SPEC §12.4, the last two chapters of a record: destructions and the end
import { isSignedBy } from '../messages/ed25519.ts';
import { checkDestroyed, type Destroyed, vouchedFor } from '../reveal/destruction.ts';
import { findNotPast } from './current-wave.ts';
import type { End } from './lines.ts';
import { contextOf, type Reading } from './reading.ts';

export function readDestroyed(reading: Reading, destroyed: Destroyed): void {
  const checked = checkDestroyed(contextOf(reading), destroyed);
  if (checked.ok) reading.destroyed.push(destroyed);
  else reading.notebook.fail(reading.line, 'destruction', checked.code, checked.detail);
}

/** What k trustees say that they saw must be in the record. */
export function closeDestroyed(reading: Reading): void {
  const vouched = vouchedFor(contextOf(reading), reading.destroyed);
  const fail = (detail: string) => reading.notebook.fail(0, 'destruction', 'VOUCHED_MISSING', detail);
  if (vouched.head > (reading.board?.hashes.length ?? 0))
    fail(`trustees have cosigned checkpoint ${vouched.head}, which is not in the record`);
  for (const { number } of findNotPast(vouched.opened, reading.waves))
    fail(`trustees have opened wave ${number}, which is not in the record`);
}

/** Checks the platform's word that the lines before are all and unchanged. */
export function readEnd(reading: Reading, end: End): void {
  reading.end = end;
  const { context, notebook, line } = reading;
  const fail = (code: string, detail: string) => notebook.fail(line, 'end', code, detail);
  if (!context) return; // without a statement nobody knows whose word it must be
  notebook.count('end');
  const { lines, hash } = reading.lineHash();
  if (end.statement !== context.id) fail('OTHER_STATEMENT', 'the end is of another record');
  else if (!isSignedBy('end', end, context.statement.platform)) fail('END_SIGNATURE', 'not signed by the platform');
  if (end.lines !== lines) fail('END_LINES', `the end speaks of ${end.lines} lines, there are ${lines}`);
  if (end.hash !== hash) fail('END_HASH', 'the lines are not those that the platform signed for');
  if (end.time < lastTime(reading)) fail('END_TIME', 'written before what it holds');
}

/** The latest time that the lines hold, clocks of trustees being right within the statement's skew. Unix seconds. */
function lastTime(reading: Reading): number {
  const { clockSkew } = contextOf(reading).statement;
  return reading.destroyed.reduce((latest, { time }) => Math.max(latest, time - clockSkew), reading.board?.head.time ?? 0);
}
