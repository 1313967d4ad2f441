import { ApiError } from '#lib/api/api-error.ts';
import { StorageUnavailable } from '#lib/browser/database.ts';
import { NotStored } from '#lib/browser/vault-errors.ts';

/** Why joining did not work out, in words for the invited person. */
export interface JoinFailure {
  title: string;
  lost: string;
  todo: string;
  code: string;
  /** The same again may help: the platform was out of reach. Otherwise the invitation itself is no good. */
  canRetry: boolean;
}

const REFUSALS: Record<string, Omit<JoinFailure, 'code' | 'canRetry'>> = {
  ALREADY_ENROLLED: {
    title: 'This invitation has been used before, and not by this browser.',
    lost: 'You have not joined here, and nothing of yours was lost.',
    todo: 'If it was you, on another device or in another browser, your membership is there, and its 24 words bring it here. If it was not you, tell whoever invited you at once: somebody else may have taken your place, and they can withdraw it.',
  },
  ISSUER_KEY_ENDED: {
    title: 'The key of this invitation was replaced or revoked.',
    lost: 'You have not joined, and nothing of yours was lost.',
    todo: 'Ask whoever invited you for an invitation that is made with the new key.',
  },
  UNKNOWN_INVITATION: {
    title: 'This site does not know the invitation.',
    lost: 'You have not joined, and nothing of yours was lost.',
    todo: 'It may have been withdrawn, or whoever invited you has not handed it in yet. Ask them, and open the same link again afterwards.',
  },
};

/** For a browser that holds nothing: that it deleted what it held is likelier than that somebody took the person's place. */
const USED_AND_EMPTY: Omit<JoinFailure, 'code' | 'canRetry'> = {
  title: 'This invitation has been used before, and this browser keeps no membership.',
  lost: 'If you joined here, this browser has deleted your membership since. Some do so after seven days without a visit, when the device is short of room, or when the history is cleared. In a private window nothing stays.',
  todo: 'If you wrote down your 24 words, bring it back under “My memberships”. If you joined on another device, or in another browser, your membership is there. Otherwise ask whoever invited you to withdraw this invitation and send another. Only if you have never opened one before may somebody else have taken your place: tell them so.',
};

/** For a browser that has sent a reply of its own before: after a roll nobody can tell any more whose was the one that was taken. */
const USED_AND_KNOWN: Omit<JoinFailure, 'code' | 'canRetry'> = {
  title: 'This invitation has been answered already, most likely by this browser.',
  lost: 'Your membership is still kept here.',
  todo: 'Under “My memberships” look for yourself in the roll. If the newest roll, published since, does not hold you, somebody else may have answered first: tell whoever invited you, who can withdraw it.',
};

/** What the browser held when the reply was sent: any membership, and the one that is offered. */
type HeldBefore = { isEmpty: boolean; isKnown: boolean };

/** Puts an error of the enrolment into words. Whatever is not a refusal of this very invitation can be tried again. */
export function describeJoinFailure(error: unknown, { isEmpty, isKnown }: HeldBefore): JoinFailure {
  const code = error instanceof ApiError ? error.code : 'FAILED_HERE';
  const used = isKnown ? USED_AND_KNOWN : isEmpty ? USED_AND_EMPTY : REFUSALS[code];
  const refusal = code === 'ALREADY_ENROLLED' ? used : REFUSALS[code];
  if (refusal) return { ...refusal, ...(isKnown ? { lost: USED_AND_KNOWN.lost } : {}), code, canRetry: false };
  if (error instanceof StorageUnavailable || error instanceof NotStored)
    return {
      title: error.message,
      lost: 'Your invitation is still good, and nothing was lost.',
      todo: ('todo' in error && error.todo) || 'Open the same link in another browser.',
      code: 'NOT_STORED',
      canRetry: true,
    };
  return {
    title: error instanceof ApiError ? error.message : 'Something failed in this browser before your reply could be sent.',
    lost: 'Your invitation is still good, and nothing was lost.',
    todo: 'Stay on this page and try again in a moment.',
    code,
    canRetry: true,
  };
}
