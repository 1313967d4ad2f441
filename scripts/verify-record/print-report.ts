import type { CheckProgress } from '#lib/checking/check-record.ts';
import { describeIssued, describeOutcome, inUtc, listSteps } from '#lib/checking/describe-report.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import { countAll, MOST_FAILURES, type RecordReport } from '#lib/protocol/record/report.ts';

const MOST_FAILURES_SHOWN = 200;

/** One line that is written over ten times a second, for a person who waits. */
export function showProgress(): (progress: CheckProgress, total: number | null) => void {
  const start = performance.now();
  let last = 0;
  return ({ bytes, lines, checked, failed }, total) => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    const left = total && bytes > 0 ? ((now - start) / 1000) * (total / bytes - 1) : null;
    const share = total ? `${Math.floor((100 * bytes) / total)} %, ` : '';
    const rest = left === null ? '' : `, ${Math.ceil(left)} s left`;
    const names = checked.names > 0 ? `, ${checked.names} names` : '';
    process.stderr.write(`\r\u001b[K${share}${lines} lines, ${checked.proofs} proofs${names}, ${countAll(failed)} failures${rest}`);
  };
}

/** Prints a report for a person: every check, every failure up to a bound, and the names only if everything holds. */
export function printReport(report: RecordReport, caveats: readonly string[]): void {
  const { statement } = report;
  if (statement) {
    console.log(`Statement   ${onOneLine(statement.text[0]?.title ?? '')}`);
    if (report.id) console.log(`Hash        ${report.id}`);
    if (report.writtenAt !== null) console.log(`Sealed      ${inUtc(report.writtenAt)}, by the platform’s clock`);
    if (report.ok && report.hash) console.log(`Record      ${report.hash}`);
    for (const group of report.groups) console.log(`Group       ${describeIssued(group)}`);
    console.log('');
  }
  for (const { step, sentence, checked, failed, passed } of listSteps(report)) {
    const mark = passed === null ? '  --  ' : passed ? '  ok  ' : 'FAILED';
    const count = passed === null ? 'none' : failed > 0 ? `${checked} checked, ${failed} failed` : `${checked} checked`;
    console.log(`${mark}  ${step.padEnd(13)} ${sentence} (${count})`);
  }
  printFailures(report);
  for (const caveat of caveats) console.log(`\nNote: ${caveat}`);
  console.log(`\n${report.ok ? describeOutcome(report) : 'THIS RECORD DOES NOT HOLD. Do not rely on anything in it.'}`);
  if (report.ok) for (const signer of report.names) console.log(`  ${signer.name === null ? '(unreadable name)' : onOneLine(signer.name)}`);
  const failed = countAll(report.failed);
  console.log(`\n${countOf(report.lines, 'line', 'lines')}, ${failed === 0 ? 'no failure' : countOf(failed, 'failure', 'failures')}.`);
}

function printFailures(report: RecordReport): void {
  const { failures } = report;
  if (failures.length > 0) console.log('');
  for (const { line, code, detail } of failures.slice(0, MOST_FAILURES_SHOWN))
    console.log(`${line > 0 ? `Line ${line}` : 'Missing line'}: ${onOneLine(detail) || code} [${code}]`);
  const more = countAll(report.failed) - Math.min(failures.length, MOST_FAILURES_SHOWN);
  if (more > 0) console.log(`… and ${more} more; --json lists the first ${MOST_FAILURES}.`);
}
