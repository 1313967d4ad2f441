import {
  type Author,
  collectShare,
  createKeySecrets,
  type KeySecrets,
  makeCommit,
  makeConfirm,
  makeDeal,
} from '#lib/protocol/key/key-generation.ts';
import { type Commit, type Confirm, type Deal, polynomialHash } from '#lib/protocol/key/key-messages.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { BASE, formatPoint, multiplySecret, type Point, type PointText, parseCurvePoint } from '#lib/protocol/numbers/point.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { MixStep } from '#lib/protocol/reveal/mix.ts';
import { mixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { seeded } from '../circuits/signer.ts';
import type { Stage } from './stage.ts';

/** A trustee of the committee that the test plays itself, with its real long-term key. */
export type Rogue = {
  author: Author;
  secrets: KeySecrets;
  random: Random;
  commit(): Commit;
  deal(): Deal;
  confirm(): Confirm;
  post(message: TrusteeMessage): Promise<unknown>;
  postMix(step: MixStep): Promise<unknown>;
};

export function createRogue(stage: Stage, trustee: number): Rogue {
  const { context, committee, board } = stage;
  const author = { context, trustee, seed: committee.seeds[trustee - 1] as Uint8Array };
  const random = seeded(`rogue ${trustee}`);
  const secrets = createKeySecrets(committee.threshold, random);
  return {
    author,
    secrets,
    random,
    commit: () => makeCommit(author, secrets, random),
    deal: () => makeDeal(author, secrets, sortByTrustee(stage.messagesOf('commit')), random),
    confirm: () => {
      const [commits, deals] = [sortByTrustee(stage.messagesOf('commit')), sortByTrustee(stage.messagesOf('deal'))];
      const collected = collectShare(author, secrets, deals);
      if (!collected.ok) throw new Error(`bad share of ${collected.dealer}`);
      return makeConfirm(author, collected.share, commits, deals, random);
    },
    postMix: (step) => board.api.postMix(context.id, mixLines(step), { patienceSeconds: 0 }),
    post: (message) => board.api.postMessage(context.id, message, { patienceSeconds: 0 }),
  };
}

/** Signs a changed message anew with its author's real key. */
export function resign<Message extends TrusteeMessage>(rogue: Rogue, message: Message, change: Partial<Message>): Message {
  const { signature: _, ...body } = { ...message, ...change };
  return signMessage(message.type, body, rogue.author.seed) as unknown as Message;
}

/** A commit to another polynomial than the secrets', as its author would have to publish it first. */
export function commitTo(rogue: Rogue, polynomial: readonly PointText[]): Commit {
  const { context, trustee } = rogue.author;
  return resign(rogue, rogue.commit(), { polynomial: polynomialHash(context.id, trustee, polynomial) });
}

/** Points of the rogue's own polynomial. */
export function polynomialOf(rogue: Rogue): PointText[] {
  return rogue.secrets.coefficients.map((coefficient) => formatPoint(multiplySecret(BASE, coefficient)));
}

/** (0, −1), of order 2: on the curve and outside the prime subgroup. */
export const SMALL_ORDER = parseCurvePoint(['0', '21888242871839275222246405745257275088548364400416034343698204186575808495616']) as Point;

function sortByTrustee<Message extends { trustee: number }>(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => a.trustee - b.trustee);
}
