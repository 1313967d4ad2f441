// A thread that makes parts of a roll (roll-threads.ts)
import { serveRoom } from '#lib/host/serve-room.ts';
import type { Issuer } from '#lib/issuing/issuer-file.ts';
import { type OpenedAnswers, openEnrolments, type TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import { type BlockJobs, blockJobs } from '#lib/issuing/plant-roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

export type RollJobs = BlockJobs & {
  open: { input: { issuer: Issuer; group: Hex32; enrolments: readonly TicketEnrolment[] }; output: OpenedAnswers };
};

serveRoom<RollJobs>({ ...blockJobs, open: ({ issuer, group, enrolments }) => openEnrolments(issuer, group, enrolments) });
