import { isUntold } from '#lib/api/api-error.ts';
import { describeNoSignature, type Refusal } from './refusal-words.ts';

const STANDS = 'your signature stands, and its name opens if the condition is met';

/**
 * Why a withdrawal was not made or not taken, as `describeNoSignature` says it of a signature. Here one is on the board already: never is
 * its owner told that nobody can read the name. Pure.
 */
export function describeNoWithdrawal(code: string, message: string): Refusal {
  return { ...describeNoSignature(code, message), ...wordsOf(code) };
}

function wordsOf(code: string): Partial<Refusal> {
  switch (code) {
    case 'NOTHING_TO_WITHDRAW':
    case 'ALREADY_WITHDRAWN':
      return {};
    case 'STATEMENT_CLOSED':
      return { title: 'The deadline passed before your withdrawal arrived.', lost: `Nothing was taken back: ${STANDS}.` };
    case 'STATEMENT_REFUSED':
      return { lost: 'Nothing was taken back.' };
    case 'STATEMENT_NOT_OPEN':
      return { title: 'Nothing can be taken back from this statement now.', lost: 'Nothing was changed.' };
    case 'BOARD_LOST':
      return { lost: 'Nothing was taken back, and no further name can be opened here.', todo: 'There is nothing more to do here.' };
    case 'PROOF_OTHER':
    case 'PROOF_INVALID':
      return { lost: `Nothing was sent: ${STANDS}.` };
    case 'BAD_RECEIPT':
      return {
        lost: `Your withdrawal may or may not be on its way to the board. Until it is there, ${STANDS}.`,
        todo: 'Send the same withdrawal again: it cannot count twice.',
      };
    case 'RECEIPT_LATE':
      return { lost: `It has accepted what you sent. Until that is on the board, ${STANDS}.` };
    default:
      return {
        lost: isUntold(code)
          ? `Your withdrawal is still here. Whether it has arrived as well, the site has not said. Until it has, ${STANDS}.`
          : `Your withdrawal is still here, on this device only. Until it has arrived, ${STANDS}.`,
      };
  }
}
