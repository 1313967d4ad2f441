import 'client-only';
import { checkTally, type TallyReport } from '#lib/checking/check-tally.ts';
import { type Collected, collectAnswers } from '#lib/checking/collect-answers.ts';
import { createProofSystem } from '#lib/checking/proof-system.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import { type Challenge, checkChallenge } from '#lib/protocol/challenge/challenge.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { createArtifactFetch, manifest } from './artifacts.ts';
import { secureRandom } from './secure-random.ts';
import { serveWorker } from './worker-call.ts';

/** A tally to be checked, or answers to be opened and counted for a challenge that the page has checked. */
export type TallyRequest =
  | { type: 'check'; file: Blob }
  | { type: 'collect'; challenge: Challenge; rolls: RollHeader[]; sealed: unknown[]; asker: Asker };

serveWorker<TallyRequest, never, TallyReport | Collected>(async (request) => {
  const proofs = createProofSystem(manifest, createArtifactFetch(), secureRandom);
  if (request.type === 'check') return checkTally(await request.file.text(), proofs);
  const context = checkChallenge(request.challenge, request.rolls);
  if (!context.ok) throw new Error(`The challenge does not hold together (${context.code}).`);
  return collectAnswers(context.value, request.sealed, request.asker, proofs);
});
