import 'client-only';
import type { Issuer } from '../issuing/issuer-file.ts';
import type { TicketEnrolment } from '../issuing/open-enrolments.ts';
import type { MadeRoll, OpenedEnrolments, RollRequest } from './roll-worker.ts';
import { callWorker } from './worker-call.ts';

const LIMIT_MS = 600_000;

/** `openEnrolments` off the page's thread. */
export function openEnrolmentsInWorker(
  issuer: Issuer,
  group: string,
  enrolments: TicketEnrolment[],
  signal?: AbortSignal,
): Promise<OpenedEnrolments> {
  return run<OpenedEnrolments>({ type: 'open', issuer, group, enrolments }, signal);
}

/** `makeRoll` off the page's thread. */
export function makeRollInWorker(
  issuer: Issuer,
  group: string,
  options: { time: number; trustees: readonly string[] },
  signal?: AbortSignal,
): Promise<MadeRoll> {
  return run<MadeRoll>({ type: 'make', issuer, group, time: options.time, trustees: [...options.trustees] }, signal);
}

async function run<Result>(request: RollRequest, signal: AbortSignal | undefined): Promise<Result> {
  const worker = new Worker(new URL('./roll-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await callWorker<RollRequest, never, Result>(worker, request, { signal, timeoutMs: LIMIT_MS });
  } finally {
    worker.terminate();
  }
}
