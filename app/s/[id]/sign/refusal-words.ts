import { isUntold } from '#lib/api/api-error.ts';

/** What a signer is told when something does not let them sign. Pure. */
export interface Refusal {
  title: string;
  lost: string;
  todo: string;
  /** For whoever helps. */
  code?: string;
  /** Something is wrong with the statement or the platform, not merely in the way. */
  isAlarm: boolean;
  /** The same thing may work in a moment. */
  canRetry: boolean;
}

/** Before anything leaves the device. */
export const NOTHING_SENT = 'Nothing was sent, and nothing about you has left this device.';

/** Why a statement cannot be signed as it was given out; `detail` is the check's own sentence. */
export function describeBadStatement(code: string, detail = ''): Refusal {
  const alarm = { lost: NOTHING_SENT, code, isAlarm: true, canRetry: false };
  if (code === 'SWAPPED_STATEMENT')
    return {
      ...alarm,
      title: 'The site gave out another statement than the one you asked for.',
      todo: 'Do not sign. Tell whoever sent you the link, by another way than this site.',
    };
  if (code === 'INCOMPLETE_LINK')
    return {
      title: 'The link that led you here is incomplete.',
      lost: NOTHING_SENT,
      todo: 'Ask whoever sent it for the whole link, or copy it again, before you sign: its end shows that the statement was not swapped.',
      code,
      isAlarm: false,
      canRetry: false,
    };
  if (code === 'KEY_UNKNOWN')
    return {
      ...alarm,
      title: 'The statement relies on a proving key that this site’s program does not know.',
      todo: 'Do not sign until whoever runs the site has explained it.',
    };
  return {
    ...alarm,
    title: `What the site says about this statement does not hold together${detail ? `: ${detail}` : ''}.`,
    todo: 'Do not sign. Tell whoever runs the site, with the code below.',
  };
}

/** Why a membership cannot be used; `detail` is the check's own sentence. */
export function describeNoPlace(code: string, detail = ''): Refusal {
  if (code === 'NOT_IN_ROLL')
    return {
      title: detail || 'The roll of this statement does not hold you.',
      lost: NOTHING_SENT,
      todo: 'Rolls are frozen when a statement opens. Ask the issuer whether you were admitted before, and under which name.',
      code,
      isAlarm: false,
      canRetry: false,
    };
  if (code === 'GROUP_TOO_SMALL')
    return {
      title: 'This group is too small to hide you.',
      lost: NOTHING_SENT,
      todo: `${detail}. Nothing can be done about it here.`,
      code,
      isAlarm: false,
      canRetry: false,
    };
  if (code === 'ROLL_UNLISTED' || code === 'ROLL_CHAIN')
    return {
      title: `The statement’s list of members is not one that everybody is shown: ${detail}.`,
      lost: NOTHING_SENT,
      todo: 'Do not sign: a list that was made for this statement could hold nobody but you. Tell other members, by another way than this site.',
      code,
      isAlarm: true,
      canRetry: false,
    };
  return {
    ...describeBadStatement(code, detail),
    todo: 'Try again. If it stays, do not sign, and tell whoever runs the site.',
    canRetry: true,
  };
}

/** Why a signature was not made or not taken. */
export function describeNoSignature(code: string, message: string): Refusal {
  const calm = { code, isAlarm: false, canRetry: false };
  switch (code) {
    case 'ALREADY_SIGNED':
      return {
        ...calm,
        title: 'You have signed this statement before.',
        lost: 'It counts once, whichever of your groups you sign with, and stands unless you have taken it back. Nothing was added now and nothing taken away.',
        todo: 'If you have a receipt, you can see whether it is on the board. Whoever has taken a signature back cannot sign the statement again.',
      };
    case 'NOTHING_TO_WITHDRAW':
      return {
        ...calm,
        title: 'There is no signature of yours in this group to take back.',
        lost: 'Nothing was changed.',
        todo: 'If you belong to several groups of this statement, choose the one in which you signed.',
      };
    case 'ALREADY_WITHDRAWN':
      return {
        ...calm,
        title: 'Your signature has been taken back before.',
        lost: 'It stays taken back, unless its name was opened before that.',
        todo: 'There is nothing more to do here.',
      };
    case 'STATEMENT_CLOSED':
      return {
        ...calm,
        title: 'The deadline passed before your signature arrived.',
        lost: 'It was not counted, and nobody can read your name.',
        todo: 'There is nothing more to do here.',
      };
    case 'STATEMENT_REFUSED':
      return {
        ...calm,
        title: 'Whoever runs this site refuses this statement.',
        lost: 'Your signature was not counted, and nobody can read your name.',
        todo: 'The page “What was hidden” says why.',
      };
    case 'STATEMENT_NOT_OPEN':
      return {
        ...calm,
        title: 'This statement cannot be signed.',
        lost: 'Your signature was not counted, and nobody can read your name.',
        todo: 'Go back to the statement: it says why.',
      };
    case 'BOARD_LOST':
      return {
        ...calm,
        title: 'This site has lost a part of the signatures, as the trustees have shown.',
        lost: 'No name can ever be opened here, so yours was not taken. Nobody can read it.',
        todo: 'The statement can be opened again as a new one; a signature made here counts for nothing there.',
      };
    case 'BAD_RECEIPT':
      return {
        ...calm,
        isAlarm: true,
        canRetry: true,
        title: 'The site answered with a receipt that is not valid.',
        lost: 'Your signature may or may not be on its way to the board. Either way your name is sealed until the condition is met.',
        todo: 'Send the same signature again: it cannot count twice.',
      };
    case 'RECEIPT_LATE':
      return {
        ...calm,
        canRetry: true,
        title: 'By the clock of this device, the site promises to publish later than it may.',
        lost: 'It has accepted what you sent. Either way your name is sealed until the condition is met.',
        todo: 'Compare the clock with another one and set it right, then send the same again: it cannot count twice.',
      };
    case 'PROOF_OTHER':
    case 'PROOF_INVALID':
      return {
        ...calm,
        canRetry: true,
        title: 'The proof that this device made does not hold.',
        lost: NOTHING_SENT,
        todo: 'Try again, perhaps in another browser.',
      };
    default:
      return {
        ...calm,
        canRetry: true,
        title: message || 'Something went wrong.',
        lost: isUntold(code)
          ? 'Your signature is still here. Whether it has arrived as well, the site has not said. Either way your name is sealed until the condition is met.'
          : 'Your signature is still here, on this device only.',
        todo: 'Send it again: it cannot count twice.',
      };
  }
}
