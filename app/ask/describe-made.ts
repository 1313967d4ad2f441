import { groupDigits } from '../ring/ring-words.ts';

/** How many questions an asker has asked here, by the site's word; a number that anybody can begin anew. */
export function describeMade(made: number): string {
  const rest = 'Whoever wants to hide how many they ask makes a new key.';
  return made === 1
    ? `It is the first question with this key on this site. ${rest}`
    : `${groupDigits(made)} questions were asked with this key on this site, this one included. ${rest}`;
}
