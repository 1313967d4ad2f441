/**
 * What readers are told of the texts beside the first of a statement, which are signed with it whoever can read them; null where there
 * are none.
 * @param count the number of texts beside the first
 */
export function describeFurtherTexts(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? 'It has one more text, in another language. Whoever signs signs both, and nothing shows that they say the same.'
    : `It has ${count} more texts, in other languages. Whoever signs signs all of them, and nothing shows that they say the same.`;
}

/** What an author is told who begins a revision of such a statement: the form makes one text. @param count as above */
export function describeTextsLeft(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? 'It has one more text, in another language, which is not taken over: the new statement has this text alone.'
    : `It has ${count} more texts, in other languages, which are not taken over: the new statement has this text alone.`;
}
