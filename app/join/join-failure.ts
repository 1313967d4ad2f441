import { ApiError } from '#lib/api/api-error.ts';

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
    todo: 'If it was you, on another device or in another browser, your membership is there; “My memberships” on that device can move it here. If it was not you, tell whoever invited you at once: somebody else may have taken your place, and they can withdraw it.',
  },
  UNKNOWN_INVITATION: {
    title: 'This site does not know the invitation.',
    lost: 'You have not joined, and nothing of yours was lost.',
    todo: 'It may have been withdrawn, or whoever invited you has not handed it in yet. Ask them, and open the same link again afterwards.',
  },
};

/** Puts an error of the enrolment into words. Whatever is not a refusal of this very invitation can be tried again. */
export function describeJoinFailure(error: unknown): JoinFailure {
  const code = error instanceof ApiError ? error.code : 'FAILED_HERE';
  const refusal = REFUSALS[code];
  if (refusal) return { ...refusal, code, canRetry: false };
  return {
    title: error instanceof ApiError ? error.message : 'Something failed in this browser before your reply could be sent.',
    lost: 'Your invitation is still good, and nothing was lost.',
    todo: 'Stay on this page and try again in a moment.',
    code,
    canRetry: true,
  };
}
