import 'client-only';
import { createIssuerApi, type IssuerApi } from '#lib/api/issuer-client.ts';
import type { Issuer } from '#lib/issuing/issuer-file.ts';
import type { RollToPublish } from '#lib/issuing/make-roll.ts';
import type { TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import type { IssuerStore } from '#lib/issuing/run-group.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { anonymousApi } from './anonymous-api.ts';
import { forgetTrees } from './kept-trees.ts';
import type { ComparedRoll, MadeRoll, OpenedEnrolments, RollRequest } from './roll-worker.ts';
import { withTiedWorkers } from './tied-workers.ts';
import { issuerVault } from './vaults.ts';
import { callWorker } from './worker-call.ts';

const LIMIT_MS = 1_200_000;
const MOST_PLANTERS = 8;

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
  return run<OpenedEnrolments>({ type: 'open', issuer, group, enrolments }, [], watch);
}

/** `makeRoll` off the page's thread, on all cores; with the tree of the last roll, if this browser has it. */
export function makeInWorker(
  issuer: Issuer,
  group: string,
  { time, trustees }: { time: number; trustees: readonly string[] },
  watch: RollWatch,
): Promise<MadeRoll> {
  return withPlanters(watch, (ports, signal) =>
    run<MadeRoll>({ type: 'make', issuer, group, time, trustees: [...trustees], ports }, ports, { ...watch, signal }),
  );
}

/** `rollToSend` off the page's thread. */
export function remakeInWorker(issuer: Issuer, group: string, watch: RollWatch): Promise<RollToPublish> {
  return withPlanters(watch, (ports, signal) => run<RollToPublish>({ type: 'remake', issuer, group, ports }, ports, { ...watch, signal }));
}

/** `compareWithNewest` off the page's thread, with what the site that served this page has of the group. */
export async function compareInWorker(issuer: Issuer, group: string, watch: RollWatch): Promise<ComparedRoll> {
  const options = watch.signal ? { signal: watch.signal } : {};
  const { rolls: headers } = await anonymousApi.getGroup(group, options);
  const [newest] = headers;
  const file = newest ? await anonymousApi.getLeaves(rollHash(newest), options) : new Uint8Array();
  return run<ComparedRoll>({ type: 'compare', issuer, group, headers, file }, [], watch);
}

/** Deletes the issuer's keystore from this browser, with all that was kept to make rolls faster. */
export async function eraseIssuer(): Promise<void> {
  await issuerVault().erase();
  await forgetTrees();
}

async function run<Result>(request: RollRequest, transfer: Transferable[], watch: RollWatch): Promise<Result> {
  const worker = new Worker(new URL('./roll-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await callWorker<RollRequest, number, Result>(worker, request, { ...watch, transfer, timeoutMs: LIMIT_MS });
  } finally {
    worker.terminate();
  }
}

/** With a worker for each core that makes blocks of a roll. */
function withPlanters<Result>(
  { signal }: RollWatch,
  work: (ports: MessagePort[], signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const count = Math.max(1, Math.min(MOST_PLANTERS, navigator.hardwareConcurrency));
  const start = () => new Worker(new URL('./planting-worker.ts', import.meta.url), { type: 'module' });
  return withTiedWorkers({ count, start, what: 'work', signal }, work);
}
