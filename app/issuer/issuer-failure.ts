import { ApiError } from '#lib/api/api-error.ts';
import { StorageUnavailable } from '#lib/browser/database.ts';
import { NotStored, VaultEmptied, VaultLocked } from '#lib/browser/vault-errors.ts';
import { RosterFull } from '#lib/issuing/invite.ts';
import { KeystoreFull } from '#lib/issuing/keystore-room.ts';
import { RoomError } from '#lib/room/room.ts';
import { NoPasskeys } from './ask-authenticator.ts';

/** Why something did not work for the issuer: what happened, what became of their things, what to do. */
export interface IssuerFailure {
  title: string;
  lost: string;
  todo: string;
  code: string;
}

const KEPT = 'Nothing was lost: your key, your roster and your invitations are in this browser.';

/** What to do where a browser's keystore is full. */
export const MORE_ROOM =
  'Save a copy and let a program of yours go on with it, which has room for more: npm run issuer. Or invite others with another key, in another browser.';

/** Puts an error into words; the platform's own sentence stands first where it gave one. */
export function describeIssuerFailure(error: unknown): IssuerFailure {
  if (error instanceof VaultLocked)
    return { title: 'Your keystore has been locked.', lost: KEPT, todo: 'Load this page again and give the passphrase.', code: 'LOCKED' };
  if (error instanceof VaultEmptied)
    return {
      title: error.message,
      lost: 'This page still has it, until you leave it.',
      todo: 'Put it back before anything else.',
      code: 'EMPTIED',
    };
  if (error instanceof StorageUnavailable)
    return { title: error.message, lost: '', todo: error.todo ?? 'Open this page in an ordinary window.', code: 'NO_STORAGE' };
  if (error instanceof NoPasskeys) return { title: error.message, lost: '', todo: error.todo, code: 'NO_PASSKEYS' };
  if (error instanceof RosterFull) return { title: error.message, lost: KEPT, todo: 'Invite them to another group.', code: 'ROSTER_FULL' };
  if (error instanceof KeystoreFull) return { title: error.message, lost: KEPT, todo: MORE_ROOM, code: 'KEYSTORE_FULL' };
  if (error instanceof NotStored)
    return {
      title: error.message,
      lost: KEPT,
      todo: 'Save a copy of your key and rosters, then try with less at once.',
      code: 'NOT_STORED',
    };
  if (error instanceof RoomError && error.code === 'TIME_LIMIT')
    return { title: 'The work took too long for this browser.', lost: KEPT, todo: 'Close other pages and try again.', code: 'TIMED_OUT' };
  if (!(error instanceof ApiError))
    return { title: 'Something failed in this browser.', lost: KEPT, todo: 'Load this page again and try once more.', code: 'FAILED_HERE' };
  return { title: error.message, lost: KEPT, todo: todoFor(error.code), code: error.code };
}

/** The words for why reading came to nothing, where it did. */
export function describeUnread(error: unknown): IssuerFailure | null {
  return error === undefined ? null : describeIssuerFailure(error);
}

function todoFor(code: string): string {
  switch (code) {
    case 'NOT_SIGNED_IN':
      return 'Sign in anew in another tab, then come back here and go on.';
    case 'OTHER_ACCOUNT':
      return 'It shows that account then. To go on with this one, sign in with it again.';
    case 'TWO_COOKIES':
      return 'Your browser’s settings list cookies by site. Tell whoever runs this site: a neighbour under its domain may mean harm.';
    case 'BAD_LINK':
      return 'Ask for a new link on the sign-in page, or whoever runs this site: npm run issuer-link prints one.';
    case 'BAD_PASSKEY':
      return 'Use another passkey, or sign in by e-mail.';
    case 'LAST_CLERK':
    case 'CLERK_ELSEWHERE':
    case 'TOO_MANY_CLERKS':
    case 'BAD_MAIL_ADDRESS':
      return 'Change it and try again.';
    case 'NO_MAIL':
      return 'Ask whoever runs this site for a mail server.';
    case 'GROUP_EXISTS':
      return 'Sign in with the account that keeps the group.';
    case 'ROLL_CONFLICT':
      return 'A newer roll was published from another browser. If you have that browser’s file, restore it. If not, go on from the newest roll, below: two histories of one group cannot both be right.';
    case 'ROLL_TIME':
      return 'If the clock of this device is wrong, set it right. If this roll has waited here for more than a week, go on from the newest roll, below: it is signed anew with the people who have come.';
    case 'ROLL_SOON':
      return 'Wait until then, and send it again. Should it be refused still, go on from the newest roll, below.';
    case 'ISSUER_KEY_ENDED':
    case 'KEY_ENDED':
      return 'Go to “My groups”: “My key was lost or stolen” says how to go on with a new key.';
    case 'BAD_CLAIM':
    case 'BAD_TIMES':
      return 'Set the clock of this device and try again.';
    default:
      return 'Try again in a moment.';
  }
}
