import 'client-only';
import { createIssuerApi, type IssuerApi } from '../api/issuer-client.ts';
import type { Issuer } from '../issuing/issuer-file.ts';
import type { RollToPublish } from '../issuing/make-roll.ts';
import type { TicketEnrolment } from '../issuing/open-enrolments.ts';
import type { IssuerStore } from '../issuing/run-group.ts';
import type { MadeRoll, OpenedEnrolments, RollRequest } from './roll-worker.ts';
import { issuerVault } from './vaults.ts';
import { callWorker } from './worker-call.ts';

const LIMIT_MS = 1_200_000;

/** `onReport` is told the share that is done, 0 to 1. Aborting ends the work at once. */
export type RollWatch = { signal?: AbortSignal; onReport?: (share: number) => void };

/** The issuer's routes of the site that served this page, with the session's cookie. */
export const issuerApi: IssuerApi = createIssuerApi('', (input, init) => fetch(input, init));

/** The issuer's keystore in this browser. `update` throws TypeError when there is none, VaultLocked when it is locked. */
export const issuerStore: IssuerStore = {
  update: (change) =>
    issuerVault().update((issuer) => {
      if (issuer === null) throw new TypeError('there is no issuer in this browser');
      return change(issuer);
    }),
};

/** `openEnrolments` off the page's thread. */
export function openInWorker(issuer: Issuer, group: string, enrolments: TicketEnrolment[], watch: RollWatch): Promise<OpenedEnrolments> {
  return run<OpenedEnrolments>({ type: 'open', issuer, group, enrolments }, watch);
}

/** `makeRoll` off the page's thread. */
export function makeInWorker(
  issuer: Issuer,
  group: string,
  { time, trustees }: { time: number; trustees: readonly string[] },
  watch: RollWatch,
): Promise<MadeRoll> {
  return run<MadeRoll>({ type: 'make', issuer, group, time, trustees: [...trustees] }, watch);
}

/** `rollToSend` off the page's thread. */
export function remakeInWorker(issuer: Issuer, group: string, watch: RollWatch): Promise<RollToPublish> {
  return run<RollToPublish>({ type: 'remake', issuer, group }, watch);
}

async function run<Result>(request: RollRequest, watch: RollWatch): Promise<Result> {
  const worker = new Worker(new URL('./roll-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await callWorker<RollRequest, number, Result>(worker, request, { ...watch, timeoutMs: LIMIT_MS });
  } finally {
    worker.terminate();
  }
}
