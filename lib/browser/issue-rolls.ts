import 'client-only';
import { createIssuerApi, type IssuerApi } from '../issuing/issuer-api.ts';
import type { IssuerStore, RollWork } from '../issuing/run-group.ts';
import type { MadeRoll, OpenedEnrolments, RollRequest } from './roll-worker.ts';
import { issuerVault } from './vaults.ts';
import { callWorker } from './worker-call.ts';

const LIMIT_MS = 600_000;

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

/** The hashing of rolls off the page's thread. */
export const rollWorkInWorker: RollWork = {
  open: (issuer, group, enrolments) => run<OpenedEnrolments>({ type: 'open', issuer, group, enrolments: [...enrolments] }),
  make: (issuer, group, { time, trustees }) => run<MadeRoll>({ type: 'make', issuer, group, time, trustees: [...trustees] }),
};

async function run<Result>(request: RollRequest): Promise<Result> {
  const worker = new Worker(new URL('./roll-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await callWorker<RollRequest, never, Result>(worker, request, { timeoutMs: LIMIT_MS });
  } finally {
    worker.terminate();
  }
}
