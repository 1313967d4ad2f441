import { boards } from './board.ts';
import { capsules } from './capsules.ts';
import { chains } from './chains.ts';
import { challenges } from './challenges.ts';
import type { Chapter } from './chapter.ts';
import { hashes, json, numbers, points, poseidon } from './conventions.ts';
import { destruction, states } from './destruction.ts';
import { signatures as ed25519 } from './ed25519.ts';
import { enrolments } from './enrolments.ts';
import { signatures } from './entries.ts';
import { keyEnds } from './key-ends.ts';
import { keyGeneration } from './key-generation.ts';
import { credentials, names, tokens } from './members.ts';
import { mixes } from './mixes.ts';
import { openedNames } from './opened-names.ts';
import { openings } from './openings.ts';
import { permits } from './permits.ts';
import { rolls } from './rolls.ts';
import { proofs, sealing } from './sealing.ts';
import { shuffles } from './shuffles.ts';
import { statements, triggers } from './statements.ts';
import { wallets } from './wallets.ts';
import { waves } from './waves.ts';

/** The vectors of every chapter that need no proof of a member, in the order of SPEC.md. */
export const CHAPTERS: readonly Chapter[] = [
  ...[json, numbers, points, hashes, poseidon, ed25519, states, names, credentials, tokens, enrolments, wallets, rolls, capsules, keyEnds],
  ...[
    statements,
    triggers,
    permits,
    sealing,
    proofs,
    keyGeneration,
    signatures,
    boards,
    waves,
    shuffles,
    mixes,
    chains,
    openings,
    openedNames,
    destruction,
    challenges,
  ],
];
