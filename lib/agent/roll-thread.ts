// A thread that makes parts of a roll (roll-threads.ts)
import { serveRoom } from '#lib/host/serve-room.ts';
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

serveRoom<RollJobs>({
  enlist: ({ roll, candidates }) => enlistBlock(roll, candidates),
  plant: ({ leaves, depth }) => plantTree(leaves, depth),
  open: ({ issuer, group, enrolments }) => openEnrolments(issuer, group, enrolments),
});
