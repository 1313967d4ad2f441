// The page of the record check that lies in one file and needs no network.

import type { ReadingNews } from '#lib/checking/check-with-room.ts';
import {
  describeFutureSeal,
  describeIssued,
  describeOutcome,
  describeRest,
  inUtc,
  listCaveats,
  listSteps,
} from '#lib/checking/describe-report.ts';
import { threadsFor } from '#lib/checking/thread-count.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import { countAll, type RecordReport } from '#lib/protocol/record/report.ts';
import { RoomError } from '#lib/room/room.ts';
import { createWebRoom } from '#lib/room/web-room.ts';
import { manifest } from './embedded.ts';
import { make, makeList } from './long-list.ts';
import type { PageJobs } from './worker-entry.ts';

const element = (id: string) => document.getElementById(id) as HTMLElement;
const choose = element('file') as HTMLInputElement;
const script = URL.createObjectURL(new Blob([element('worker').textContent], { type: 'text/javascript' }));
const start = () => new Worker(script);
let running = new AbortController();

choose.addEventListener('change', () => {
  const [file] = choose.files ?? [];
  if (file) void check(file);
});
element('cancel').addEventListener('click', () => {
  stop();
  say('Cancelled: nothing is known of this record.');
});

async function check(file: File): Promise<void> {
  stop();
  const { signal } = running;
  element('result').replaceChildren();
  element('cancel').hidden = false;
  say('Reading …');
  const begun = performance.now();
  const room = createWebRoom<PageJobs>({ start, hands: 1, helpers: { start, count: threadsFor(navigator.hardwareConcurrency) } });
  try {
    show(await room.run('read', file, { signal, onNews: (news) => showProgress(news, performance.now() - begun) }));
  } catch (error) {
    if (!signal.aborted) say(describeEnd(error));
  } finally {
    await room.close();
    if (!signal.aborted) stop();
  }
}

function describeEnd(error: unknown): string {
  return error instanceof RoomError && error.code === 'FAILED'
    ? `This file could not be checked. ${error.message}`
    : 'The check ended before it was finished, so nothing is known of this record.';
}

/** Ends the check that runs, if one does. */
function stop(): void {
  running.abort();
  running = new AbortController();
  element('cancel').hidden = true;
}

function showProgress({ progress, total }: ReadingNews, spent: number): void {
  const { bytes, lines, checked, failed } = progress;
  const all = total ?? bytes;
  const left = bytes > 0 ? `about ${Math.ceil((spent / 1000) * (all / bytes - 1))} s left, ` : '';
  say(`${Math.floor((100 * bytes) / all)} %, ${left}${lines} lines, ${checked.proofs} proofs, ${countAll(failed)} failures`);
}

function show(report: RecordReport): void {
  say(report.ok ? 'Everything in this record holds.' : 'This record does not hold. Do not rely on anything in it.');
  const result = element('result');
  result.dataset.ok = String(report.ok);
  if (report.statement) result.append(make('h2', onOneLine(report.statement.text[0]?.title ?? '')));
  if (report.id) result.append(make('p', `Hash of the statement: ${report.id}`));
  for (const group of report.groups) result.append(make('p', describeIssued(group)));
  if (report.ok && report.hash) result.append(make('p', `Hash of the record: ${report.hash}`));
  if (report.writtenAt !== null) result.append(make('p', `Sealed at ${inUtc(report.writtenAt)}, by the platform’s clock.`));
  const future = describeFutureSeal(report, Math.floor(Date.now() / 1000));
  if (future) result.append(make('p', future));
  if (report.ok) result.append(make('p', describeOutcome(report)));
  const steps = listSteps(report).map(({ sentence, checked, failed, passed }) =>
    passed === null ? sentence : `${passed ? 'Holds' : `${failed} failed`}: ${sentence} (${checked})`,
  );
  result.append(make('h3', 'Checks'), makeList(steps, 'Find a check', 'checks'));
  const failures = report.failures.map(
    ({ line, code, detail }) => `${line > 0 ? `Line ${line}` : 'Missing line'}: ${onOneLine(detail) || code} [${code}]`,
  );
  if (failures.length > 0) result.append(make('h3', 'Failures'), makeList(failures, 'Find a failure', 'failures'));
  const rest = describeRest(report);
  if (rest) result.append(make('p', rest));
  const caveats = listCaveats(report, manifest);
  if (caveats.length > 0) result.append(make('h3', 'Not proven by this file'), makeList(caveats, 'Find a note', 'notes'));
  if (!report.ok || report.names.length === 0) return;
  const names = report.names.map(({ name }) => (name === null ? 'unreadable name' : onOneLine(name)));
  result.append(make('h3', 'Names'), makeList(names, 'Find a name', 'names'));
}

function say(text: string): void {
  element('state').textContent = text;
}
