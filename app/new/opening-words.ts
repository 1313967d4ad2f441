/** What an author is told when a statement is not opened. Pure. */
import { NOTHING_SENT, type Refusal } from '#app/s/[id]/sign/refusal-words.ts';
import { isUntold } from '#lib/api/api-error.ts';

/** Nothing of the author's is gone: the text stands on the page until the page is left. */
const NOT_OPENED = 'Nothing was opened, and what you have written is still here.';
const MAYBE_OPENED = {
  lost: 'Whether the statement was opened, the site has not said; what you have written is still here.',
  todo: 'Send the same again before you change anything: it cannot be opened twice.',
};

/** Why a statement was not opened; `detail` is the platform's own sentence, or this device's. */
export function describeNotOpened(code: string, detail = ''): Refusal {
  const calm = { lost: NOT_OPENED, code, isAlarm: false, canRetry: false };
  switch (code) {
    case 'ACCOUNTS_ONLY':
      return {
        ...calm,
        title: 'The issuer of this group has kept it to itself to open statements.',
        todo: 'Ask the issuer to open yours, or go back and open it for another group that you belong to.',
      };
    case 'GROUP_CLOSED':
      return {
        ...calm,
        title: 'One of these groups is not to be named by members of others: so its issuer has decided.',
        todo: 'Go back and leave that group out, or ask one of its members or its issuer to open the statement.',
      };
    case 'SLOT_BEYOND_QUOTA':
      return {
        ...calm,
        title: 'You have opened as many statements for this group as a member may in a week.',
        todo: 'A new week begins on Thursday at 00:00 UTC. Until then another member, or the issuer, can open it.',
      };
    case 'SLOT_USED':
      return {
        ...calm,
        title: 'A statement was opened with this turn of yours before, perhaps on another device.',
        todo: 'Press once more: your next turn of the week is used. This site has seen that both texts are of one author.',
      };
    case 'SLOT_TAKEN':
      return {
        ...calm,
        title: 'Another page of this browser has used this turn of yours meanwhile.',
        todo: 'Press once more: your next turn of the week is used, so that nobody can tell that both texts are of one author.',
      };
    case 'DRAFT_REFUSED':
      return {
        ...calm,
        title: `The issuer of this group has refused this very draft${detail ? `: ${detail}` : ''}`,
        todo: 'Go back and change it, or open it for another group that you belong to.',
      };
    case 'BAD_TIMES':
      return {
        ...calm,
        title: 'The time for making its key has passed since you pressed “Review”.',
        todo: 'Go back and press it again: it is set anew.',
      };
    case 'ROLL_OUTDATED':
      return {
        ...calm,
        title: 'A group has a newer list of members than the one that this statement names.',
        todo: 'Load this page again. What you have written is asked for anew: copy it first.',
      };
    case 'PERMIT_WEEK':
      return { ...calm, title: 'A new week has begun meanwhile.', todo: 'Prepare it anew, for this week.' };
    case 'OLDER_ROLL':
    case 'ROLL_FORKED':
    case 'ROLL_UNLISTED':
    case 'ROLL_CHAIN':
      return {
        lost: NOTHING_SENT,
        code,
        isAlarm: true,
        canRetry: false,
        title: `Something is wrong with the group’s list of members${detail ? `: ${detail}` : ''}.`,
        todo: 'Do not open it: a list that was made for you could hold nobody else. Tell other members, by another way than this site.',
      };
    case 'NOT_IN_ROLL':
      return {
        ...calm,
        title: detail || 'The newest list of members does not hold you.',
        todo: 'Wait for the issuer’s next list, or ask under which name you were admitted.',
      };
    case 'PROOF_OTHER':
    case 'PROOF_INVALID':
      return {
        ...calm,
        canRetry: true,
        title: 'The proof that this device made does not hold.',
        todo: 'Try again, perhaps in another browser.',
      };
    default:
      return {
        ...calm,
        canRetry: true,
        title: detail || 'Something went wrong.',
        todo: 'Try again, or go back and change it.',
        ...(isUntold(code) ? MAYBE_OPENED : {}),
      };
  }
}
