import { WORD_COUNT } from '#lib/protocol/member/recovery.ts';
import { type Random, randomBelow } from '#lib/protocol/numbers/random.ts';

const ASKED = 3;

/** Draws which three of the words are asked for, as places from 0, ascending. */
export function drawAsked(random: Random): number[] {
  const asked = new Set<number>();
  while (asked.size < ASKED) asked.add(randomBelow(WORD_COUNT, random));
  return [...asked].sort((a, b) => a - b);
}

/** Which of the answers are not the word in their place. `answers` stand beside `asked`. */
export function findWrong(words: readonly string[], asked: readonly number[], answers: readonly string[]): number[] {
  return asked.filter((place, i) => answers[i]?.trim().toLowerCase() !== words[place]);
}
