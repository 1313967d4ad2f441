import 'client-only';
import { createIssuerApi, type IssuerApi } from '#lib/api/issuer-client.ts';
import { readSinceKnown } from '#lib/issuing/continue-roll.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import type { RollToPublish } from '#lib/issuing/make-roll.ts';
import type { TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import type { IssuerStore } from '#lib/issuing/run-group.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import type { JobOptions, WorkRoom } from '#lib/room/room.ts';
import { anonymousApi } from './anonymous-api.ts';
import { forgetTrees } from './kept-trees.ts';
import type { ComparedRoll, IssuerJobs, MadeRoll, OpenedEnrolments } from './roll-worker.ts';
import { issuerVault } from './vaults.ts';
import { workApart } from './work-apart.ts';

const LIMIT_MS = 1_200_000;
const MOST_PLANTERS = 8;

/** `onNews` is told the share that is done, 0 to 1. Aborting ends the work at once. */
export type RollWatch = JobOptions<number>;

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
  return apart(false).run('open', { issuer, group, enrolments }, watch);
}

/** `makeRoll` off the page's thread, on all cores; with the tree of the last roll, if this browser has it. */
export function makeInWorker(
  issuer: Issuer,
  group: string,
  { time, trustees }: { time: number; trustees: readonly string[] },
  watch: RollWatch,
): Promise<MadeRoll> {
  return apart(true).run('make', { issuer, group, time, trustees }, watch);
}

/** `rollToSend` off the page's thread. */
export function remakeInWorker(issuer: Issuer, group: string, watch: RollWatch): Promise<RollToPublish> {
  return apart(true).run('remake', { issuer, group }, watch);
}

/** `compareWithNewest` off the page's thread, with what the site that served this page has of the group. */
export async function compareInWorker(issuer: Issuer, group: string, watch: RollWatch): Promise<ComparedRoll> {
  const options = watch.signal ? { signal: watch.signal } : {};
  const headers = await readSinceKnown(anonymousApi, findGroup(issuer, group), group, options);
  const [newest] = headers;
  const file = newest ? await anonymousApi.getLeaves(rollHash(newest), options) : new Uint8Array();
  return apart(false).run('compare', { issuer, group, headers, file }, watch);
}

/** Deletes the issuer's keystore from this browser, with all that was kept to make rolls faster. */
export async function eraseIssuer(): Promise<void> {
  await issuerVault().erase();
  await forgetTrees();
}

/** `all`: with a worker for each core that makes blocks of a roll. */
function apart(all: boolean): Pick<WorkRoom<IssuerJobs>, 'run'> {
  const start = () => new Worker(new URL('./roll-worker.ts', import.meta.url), { type: 'module' });
  const count = all ? Math.max(1, Math.min(MOST_PLANTERS, navigator.hardwareConcurrency)) : 0;
  return workApart<IssuerJobs>({ start, helpers: { start, count }, timeLimitMs: LIMIT_MS });
}
