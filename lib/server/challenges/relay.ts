import 'server-only';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { and, asc, count, eq, gt, sql } from '#db/drizzle.cjs';
import { answers } from '#db/schema/asking.ts';
import type { SealedAnswers } from '#lib/api/shapes.ts';
import { ANSWER_WORK, workOf } from '#lib/api/work-stamp.ts';
import { sealedAnswerHash, sealedAnswerShape } from '#lib/protocol/challenge/answer.ts';
import { checkAnswersRequest } from '#lib/protocol/challenge/answers-request.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { loadStoredChallenge } from './list.ts';

/** Nobody but the asker can tell an answer from rubbish, so their number is bounded whatever they are: 42 MB a challenge. */
const MOST_KEPT = 20_000;
/** Answers to one challenge that wait to be stored. */
const MOST_IN_LINE = 100;
/** Answers in one answer to the asker. */
const PAGE = 200;

/**
 * Keeps an encrypted answer for the asker: by its hash, with no time and no number. The same one again changes nothing. SPEC §14.5.
 * @param stamp of work for the answer (lib/api/work-stamp.ts)
 * @throws AppError UNKNOWN_CHALLENGE, OTHER_CHALLENGE, CHALLENGE_EXPIRED, BUSY with the work to be done, ANSWERS_FULL
 */
export async function acceptAnswer(ctx: Context, id: string, value: unknown, stamp: string | null): Promise<{ isNew: boolean }> {
  const sealed = requireOk(checkShape(sealedAnswerShape, value));
  const { expires } = await loadStoredChallenge(ctx, id);
  if (sealed.challenge !== id) throw new AppError('OTHER_CHALLENGE');
  if (ctx.now() > expires) throw new AppError('CHALLENGE_EXPIRED');
  const hash = sealedAnswerHash(sealed);
  if (workOf(hash, stamp) < ANSWER_WORK) throw new AppError('BUSY', 'an answer costs some work', 1, ANSWER_WORK);
  const isIt = and(eq(answers.challenge, id), eq(answers.hash, hash));
  if ((await ctx.db.$count(answers, isIt)) > 0) return { isNew: false }; // sent again, it keeps nobody waiting for the lock
  const inTransaction = () =>
    ctx.db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${id}))`);
      const [kept] = await tx.select({ number: count() }).from(answers).where(eq(answers.challenge, id));
      if ((await tx.$count(answers, isIt)) > 0) return { isNew: false };
      if ((kept?.number ?? 0) >= MOST_KEPT) throw new AppError('ANSWERS_FULL');
      await tx.insert(answers).values({ challenge: id, hash, ciphertext: hexToBytes(sealed.ciphertext) });
      return { isNew: true };
    });
  return ctx.lines.wait(`answers ${id}`, MOST_IN_LINE, inTransaction);
}

/**
 * The encrypted answers to a challenge, for its asker alone, in the order of their hashes.
 * @throws AppError UNKNOWN_CHALLENGE, OTHER_CHALLENGE, ASKER_SIGNATURE, REQUEST_NOT_FRESH
 */
export async function readAnswers(ctx: Context, id: string, value: unknown): Promise<SealedAnswers> {
  const { body } = await loadStoredChallenge(ctx, id);
  const { after } = requireOk(checkAnswersRequest({ challenge: body, id }, value, ctx.now()));
  const rows = await ctx.db
    .select()
    .from(answers)
    .where(and(eq(answers.challenge, id), after === undefined ? undefined : gt(answers.hash, after)))
    .orderBy(asc(answers.hash))
    .limit(PAGE);
  const last = rows.at(-1);
  return {
    answers: rows.map(({ ciphertext }) => ({ type: 'sealed-answer', challenge: id, ciphertext: bytesToHex(ciphertext) })),
    ...(last && rows.length === PAGE ? { next: last.hash } : {}),
  };
}
