import 'client-only';
import { type ContinueFault, compareWithNewest, type RollDifference } from '#lib/issuing/continue-roll.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import { makeRoll, type RollFault, type RollToPublish, type RollWork, rollToSend } from '#lib/issuing/make-roll.ts';
import { openEnrolments, type TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import type { Enlisted } from '#lib/protocol/member/enlist.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { RollTree } from '#lib/protocol/member/roll-tree.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { keepTree, readTree } from './kept-trees.ts';
import type { BlockRequest, PlantedBlock } from './planting-worker.ts';
import { secureRandom } from './secure-random.ts';
import { callWorker, serveWorker } from './worker-call.ts';

export type RollRequest = { issuer: Issuer; group: string } & (
  | { type: 'open'; enrolments: TicketEnrolment[] }
  /** `ports`: to the workers that make blocks. */
  | { type: 'make'; time: number; trustees: string[]; ports: MessagePort[] }
  | { type: 'remake'; ports: MessagePort[] }
  | { type: 'compare'; headers: RollHeader[]; file: Uint8Array }
);
export type OpenedEnrolments = ReturnType<typeof openEnrolments>;
export type ComparedRoll = Checked<RollDifference, ContinueFault>;
export type MadeRoll = Checked<{ issuer: Issuer; roll: RollToPublish }, RollFault>;

/** All blocks are asked for at once, so the last one has waited for all others. */
const BLOCK_LIMIT_MS = 1_200_000;

/** Blocks are of one size, so dealing them out in turn keeps everybody busy. */
function workOver(ports: readonly MessagePort[]): Required<Pick<RollWork, 'enlist' | 'plant'>> {
  let turn = 0;
  const ask = <Result extends PlantedBlock>(request: BlockRequest) => {
    const port = ports[turn++ % ports.length] as MessagePort;
    return callWorker<BlockRequest, never, Result>(port, request, { timeoutMs: BLOCK_LIMIT_MS });
  };
  return {
    enlist: (roll, candidates) => ask<(Enlisted | null)[]>({ type: 'enlist', roll, candidates }),
    plant: (leaves, depth) => ask<RollTree>({ type: 'plant', leaves, depth }),
  };
}

// For the largest groups this takes a while; what is reported is the share that is done.
serveWorker<RollRequest, number, OpenedEnrolments | MadeRoll | RollToPublish | ComparedRoll>(async (request, onProgress) => {
  const { type, issuer, group } = request;
  if (type === 'open') return openEnrolments(issuer, group, request.enrolments, onProgress);
  if (type === 'compare') return compareWithNewest(issuer, group, request.headers, request.file, onProgress);
  const issued = findGroup(issuer, group);
  const before = await readTree(group, issued.lastRoll);
  const work = { tree: before, ...workOver(request.ports), onProgress };
  if (type === 'remake') return rollToSend(issued, work);
  const made = await makeRoll(issuer, group, { time: request.time, trustees: request.trustees, random: secureRandom, ...work });
  if (!made.ok) return made;
  const { tree, ...rest } = made.value;
  await keepTree(group, tree, before);
  return { ...made, value: rest };
});
