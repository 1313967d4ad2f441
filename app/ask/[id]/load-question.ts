import { notFound } from 'next/navigation';
import { cache } from 'react';
import { challengeId } from '#lib/protocol/challenge/challenge.ts';
import { getChallengeView } from '#lib/server/challenges/list.ts';
import { getContext } from '#lib/server/current-context.ts';
import { AppError } from '#lib/server/errors.ts';

/** The id of a challenge that this platform has; leads to the page for unknown addresses where it has none. */
export const loadQuestionId = cache(async (id: string): Promise<string> => {
  const { challenge } = await getChallengeView(await getContext(), id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'UNKNOWN_CHALLENGE') notFound();
    throw error;
  });
  return challengeId(challenge);
});
