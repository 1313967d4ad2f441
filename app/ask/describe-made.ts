import { groupDigits } from '#lib/protocol/messages/count-of.ts';

/** How many questions an asker has asked here, by the site's word; a number that anybody can begin anew. */
export function describeMade(made: number): string {
  const rest = 'This site forgets each 30 days after its end, and whoever wants to hide how many they ask makes a new key.';
  return made === 1
    ? `It is the only question with this key that this site knows. ${rest}`
    : `This site knows ${groupDigits(made)} questions with this key, this one included. ${rest}`;
}
