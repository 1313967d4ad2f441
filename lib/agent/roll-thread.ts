// A thread that makes parts of a roll (roll-threads.ts)
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Issuer } from '#lib/issuing/issuer-file.ts';
import { type OpenedAnswers, openEnrolments, type TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import { enlistBlock } from '#lib/issuing/plant-roll.ts';
import type { CapsuleRoll } from '#lib/protocol/member/capsule.ts';
import type { Candidate, Enlisted } from '#lib/protocol/member/enlist.ts';
import { plantTree, type RollTree } from '#lib/protocol/member/roll-tree.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';

export type RollJobs = {
  enlist: { input: { roll: CapsuleRoll; candidates: readonly Candidate[] }; output: (Enlisted | null)[] };
  plant: { input: { leaves: readonly Field[]; depth: number }; output: RollTree };
  open: { input: { issuer: Issuer; group: Hex32; enrolments: readonly TicketEnrolment[] }; output: OpenedAnswers };
};
type RollJob = { [J in keyof RollJobs]: { job: J; input: RollJobs[J]['input'] } }[keyof RollJobs];

function doJob({ job, input }: RollJob): RollJobs[keyof RollJobs]['output'] {
  switch (job) {
    case 'enlist':
      return enlistBlock(input.roll, input.candidates);
    case 'plant':
      return plantTree(input.leaves, input.depth);
    case 'open':
      return openEnrolments(input.issuer, input.group, input.enrolments);
  }
}

const port = parentPort as MessagePort;
port.on('message', (asked: RollJob) => port.postMessage(doJob(asked)));
