import { emptyBoard, headOf, type ListedCheckpoint, signCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { type Cosignature, signCosignature } from '#lib/protocol/board/cosignature.ts';
import { type Body, createListingSalt } from '#lib/protocol/board/listed.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import { receiptedBy } from '#lib/signing/post-body.ts';
import { answerBoard } from '../support/board-answers.ts';
import { PLATFORM_SEED, systemRandom } from '../support/world.ts';
import { answeringApi, entryWithoutProof, type Stage } from './stage.ts';

/** What a member would post, with everything right but the proof. */
export function bodyWithoutProof(stage: Stage, member: number, said?: Said): Body {
  return { entry: entryWithoutProof(stage, member, said), salt: createListingSalt(systemRandom) };
}

/** The public lists of a board with these bodies, a checkpoint a second. A withdrawal lowers the count, whatever it is of. */
export function listBodies(
  { context, ceremony }: Pick<Stage, 'context' | 'ceremony'>,
  batches: readonly (readonly Body[])[],
  time: number,
): ListedCheckpoint[] {
  let head = emptyBoard(ceremony.keyed.transcript);
  const live = new Map<string, number>();
  return batches.map((bodies, i) => {
    for (const { entry } of bodies) {
      const change = entry.said.action === 'sign' ? 1 : -1;
      live.set(entry.said.group, (live.get(entry.said.group) ?? 0) + change);
    }
    const listed = bodies.map((body) => receiptedBy(body).listed);
    const checkpoint = signCheckpoint(context, head, { listed, live, time: time + i }, PLATFORM_SEED);
    head = headOf(checkpoint);
    return checkpoint;
  });
}

/** Cosignatures of a checkpoint by these trustees. */
export function cosignBy({ ceremony }: Pick<Stage, 'ceremony'>, checkpoint: ListedCheckpoint, trustees: readonly number[]): Cosignature[] {
  return trustees.map((trustee) => signCosignature(ceremony.authors[trustee - 1]!, headOf(checkpoint)));
}

/** A platform that shows these lists and these messages, in pages of three. */
export function showBoard(checkpoints: readonly ListedCheckpoint[], messages: readonly unknown[] = []) {
  return answeringApi((path) => {
    const after = path.match(/\/messages\?after=(\d+)&type=cosignature$/)?.[1];
    if (after !== undefined) {
      const listed = messages.map((message, i) => ({ cursor: i + 1, message })).slice(Number(after), Number(after) + 3);
      return Response.json({ epoch: 'e'.repeat(64), after: Number(after), messages: listed });
    }
    const answer = answerBoard(checkpoints, path);
    return answer ? Response.json(answer) : Response.json({ error: { code: 'SEGMENT_NOT_FOUND', message: 'None.' } }, { status: 404 });
  });
}
