/** What a finished check amounts to, for a reader and for a newspaper. Pure. */

import { describeOutcome, describeRest } from '#lib/checking/describe-report.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { countAll, type RecordReport } from '#lib/protocol/record/report.ts';
import { formatTime } from '../ui/time-words.ts';

export interface Verdict {
  holds: boolean;
  title: string;
  /** What follows from it. */
  meaning: string;
}

/**
 * The verdict over a record. `expected` is the statement that was to be checked, where there is one: a sound record of another
 * statement shows nothing about this one.
 */
export function describeVerdict(report: RecordReport, expected: string | undefined): Verdict {
  if (expected !== undefined && report.id !== null && report.id !== expected)
    return {
      holds: false,
      title: 'This is the record of another statement.',
      meaning: 'Whatever it says, it shows nothing about the statement that you wanted to check.',
    };
  if (report.ok) return { holds: true, title: 'Everything in this record holds.', meaning: describeOutcome(report) };
  const count = countAll(report.failed);
  return {
    holds: false,
    title: count === 1 ? 'One check failed.' : `${groupDigits(count)} checks failed.`,
    meaning: `Do not rely on this record. ${describeRest(report) ?? 'Each failure is listed below with its place in the file.'}`,
  };
}

/** The result in a few sentences to copy. @param at when it was checked, Unix seconds */
export function quoteVerdict(report: RecordReport, verdict: Verdict, at: number, timeZone?: string): string {
  const title = report.statement?.text[0]?.title;
  const what = `the record of ${title ? quote(title) : 'a statement'}${report.id ? ` (hash ${report.id})` : ''}`;
  const checked = Object.values(report.checked).reduce((sum, count) => sum + count, 0);
  const found = verdict.holds
    ? `All ${groupDigits(checked)} checks passed. ${verdict.meaning}`
    : `It does not hold: ${verdict.title.charAt(0).toLowerCase()}${verdict.title.slice(1)}`;
  const written =
    report.writtenAt === null ? '' : ` The platform sealed the record on ${formatTime(report.writtenAt, 'minute', timeZone)}.`;
  return `On ${formatTime(at, 'day', timeZone)} I checked ${what} with my own browser. ${found}${written}`;
}
