import 'client-only';
import { requireTallyText } from '#lib/checking/changed-file.ts';
import { checkTally, type TallyReport } from '#lib/checking/check-tally.ts';
import { type Collected, collectAnswers } from '#lib/checking/collect-answers.ts';
import { createProofSystem } from '#lib/checking/proof-system.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import { type Challenge, checkChallenge } from '#lib/protocol/challenge/challenge.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';
import { createArtifactFetch, manifest } from './artifacts.ts';
import { secureRandom } from './secure-random.ts';

export type TallyJobs = {
  check: { input: Blob; output: TallyReport };
  /** Answers to a challenge that the page has checked, to be opened and counted. */
  collect: { input: { challenge: Challenge; rolls: RollHeader[]; sealed: unknown[]; asker: Asker }; output: Collected };
};

serveWebRoom<TallyJobs>(() => {
  const proofs = createProofSystem(manifest, createArtifactFetch(), secureRandom);
  return {
    check: async (file) => checkTally(requireTallyText(new Uint8Array(await file.arrayBuffer())), proofs),
    collect: ({ challenge, rolls, sealed, asker }) => {
      const context = checkChallenge(challenge, rolls);
      if (!context.ok) throw new Error(`The challenge does not hold together (${context.code}).`);
      return collectAnswers(context.value, sealed, asker, proofs);
    },
  };
});
