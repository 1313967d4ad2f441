import 'client-only';
import { type ContinueFault, compareWithNewest, type RollDifference } from '#lib/issuing/continue-roll.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import { makeRoll, type RollFault, type RollToPublish, rollToSend } from '#lib/issuing/make-roll.ts';
import { openEnrolments, type TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import { type BlockJobs, blockJobs, blocksBy } from '#lib/issuing/plant-roll.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';
import { keepTree, readTree } from './kept-trees.ts';
import { secureRandom } from './secure-random.ts';

export type OpenedEnrolments = ReturnType<typeof openEnrolments>;
export type ComparedRoll = Checked<RollDifference, ContinueFault>;
export type MadeRoll = Checked<{ issuer: Issuer; roll: RollToPublish }, RollFault>;

type OfGroup = { issuer: Issuer; group: string };
/** For the largest groups these take a while; what is told is the share that is done. */
export type IssuerJobs = BlockJobs & {
  open: { input: OfGroup & { enrolments: TicketEnrolment[] }; output: OpenedEnrolments; news: number };
  make: { input: OfGroup & { time: number; trustees: readonly string[] }; output: MadeRoll; news: number };
  remake: { input: OfGroup; output: RollToPublish; news: number };
  compare: { input: OfGroup & { headers: RollHeader[]; file: Uint8Array }; output: ComparedRoll; news: number };
};

serveWebRoom<IssuerJobs, BlockJobs>((helpers) => ({
  ...blockJobs,
  open: ({ issuer, group, enrolments }, onProgress) => openEnrolments(issuer, group, enrolments, onProgress),
  compare: ({ issuer, group, headers, file }, onProgress) => compareWithNewest(issuer, group, headers, file, onProgress),
  make: async ({ issuer, group, time, trustees }, onProgress) => {
    const before = await readTree(group, findGroup(issuer, group).lastRoll);
    const work = { tree: before, ...blocksBy(helpers), onProgress };
    const made = await makeRoll(issuer, group, { time, trustees, random: secureRandom, ...work });
    if (!made.ok) return made;
    const { tree, ...rest } = made.value;
    await keepTree(group, tree, before);
    return { ...made, value: rest };
  },
  remake: async ({ issuer, group }, onProgress) => {
    const issued = findGroup(issuer, group);
    return rollToSend(issued, { tree: await readTree(group, issued.lastRoll), ...blocksBy(helpers), onProgress });
  },
}));
