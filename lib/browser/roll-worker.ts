import 'client-only';
import { findGroup, type Issuer } from '../issuing/issuer-file.ts';
import { makeRoll, type RollFault, type RollToPublish, rollToSend } from '../issuing/make-roll.ts';
import { openEnrolments, type TicketEnrolment } from '../issuing/open-enrolments.ts';
import type { Checked } from '../protocol/checked.ts';
import { serveWorker } from './worker-call.ts';

export type RollRequest =
  | { type: 'open'; issuer: Issuer; group: string; enrolments: TicketEnrolment[] }
  | { type: 'make'; issuer: Issuer; group: string; time: number; trustees: string[] }
  | { type: 'remake'; issuer: Issuer; group: string };
export type OpenedEnrolments = ReturnType<typeof openEnrolments>;
export type MadeRoll = Checked<{ issuer: Issuer; roll: RollToPublish }, RollFault>;

// Each takes minutes of hashing for the largest groups; what is reported is the share that is done.
serveWorker<RollRequest, number, OpenedEnrolments | MadeRoll | RollToPublish>(async (request, report) => {
  const { type, issuer, group } = request;
  if (type === 'open') return openEnrolments(issuer, group, request.enrolments, report);
  if (type === 'make') return makeRoll(issuer, group, { time: request.time, trustees: request.trustees, onProgress: report });
  return rollToSend(findGroup(issuer, group), report);
});
