import 'client-only';
import type { Issuer } from '../issuing/issuer-file.ts';
import { makeRoll, type RollFault, type RollToPublish } from '../issuing/make-roll.ts';
import { openEnrolments, type TicketEnrolment } from '../issuing/open-enrolments.ts';
import type { Checked } from '../protocol/checked.ts';
import { serveWorker } from './worker-call.ts';

export type RollRequest =
  | { type: 'open'; issuer: Issuer; group: string; enrolments: TicketEnrolment[] }
  | { type: 'make'; issuer: Issuer; group: string; time: number; trustees: string[] };
export type OpenedEnrolments = ReturnType<typeof openEnrolments>;
export type MadeRoll = Checked<{ issuer: Issuer; roll: RollToPublish }, RollFault>;

// Both take minutes of hashing for the largest groups.
serveWorker<RollRequest, never, OpenedEnrolments | MadeRoll>(async (request) =>
  request.type === 'open'
    ? openEnrolments(request.issuer, request.group, request.enrolments)
    : makeRoll(request.issuer, request.group, request),
);
