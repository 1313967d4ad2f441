/** What a member is told when a challenge cannot be answered. Pure. */
import { NOTHING_SENT, type Refusal } from '#app/s/[id]/sign/refusal-words.ts';
import { isUntold } from '#lib/api/api-error.ts';

const MAYBE_ANSWERED = {
  lost: 'Your answer is still here. Whether it has arrived as well, the site has not said; only the asker can open it.',
  todo: 'Send it again: it counts once.',
};

/** Why a challenge is not shown as it was given out; `detail` is the check's own sentence. */
export function describeBadQuestion(code: string, detail = ''): Refusal {
  const alarm = { lost: NOTHING_SENT, code, isAlarm: true, canRetry: false };
  if (code === 'SWAPPED_CHALLENGE')
    return {
      ...alarm,
      title: 'The site gave out another question than the one you asked for.',
      todo: 'Do not answer. Tell whoever sent you the link, by another way than this site.',
    };
  if (code === 'INCOMPLETE_LINK')
    return {
      ...alarm,
      isAlarm: false,
      title: 'The link that led you here is incomplete.',
      todo: 'Ask whoever sent it for the whole link, or copy it again: its end shows that the question was not swapped.',
    };
  return {
    ...alarm,
    title: `What the site says about this question does not hold together${detail ? `: ${detail}` : ''}.`,
    todo: 'Do not answer. Tell whoever runs the site, with the code below.',
  };
}

/** Why a wallet does not answer; `detail` is the check's own sentence. */
export function describeNoAnswer(code: string, detail = ''): Refusal {
  const calm = { lost: NOTHING_SENT, code, isAlarm: false, canRetry: false };
  switch (code) {
    case 'CHALLENGE_EXPIRED':
      return {
        ...calm,
        lost: 'No answer of yours was taken now.',
        title: 'The time to answer is over.',
        todo: 'There is nothing more to do here.',
      };
    case 'CHALLENGE_UNLISTED':
      return {
        ...calm,
        isAlarm: true,
        title: 'This question is not in the list that everybody is shown.',
        todo: 'Do not answer: a question that was made for you alone would make your answer a name.',
      };
    case 'ROLL_OUTDATED':
      return {
        ...calm,
        isAlarm: true,
        title: `It asks by an old list of members: ${detail}.`,
        todo: 'Do not answer: who has left since, or has come, would make you easier to find. Ask for a new question.',
      };
    case 'ROLL_UNLISTED':
    case 'ROLL_CHAIN':
      return {
        ...calm,
        isAlarm: true,
        title: `Its list of members is not one that everybody is shown: ${detail}.`,
        todo: 'Do not answer: a list that was made for this question could hold nobody but you. Tell other members, by another way than this site.',
      };
    case 'OLDER_ROLL':
    case 'ROLL_FORKED':
      return {
        ...calm,
        isAlarm: true,
        title: `Something is wrong with the group’s list of members: ${detail}.`,
        todo: 'Do not answer. Tell other members, by another way than this site.',
      };
    case 'GROUP_TOO_SMALL':
      return {
        ...calm,
        title: 'The group is too small to hide you.',
        todo: 'An answer from so few would name you. Nothing can be done about it here.',
      };
    case 'NOT_IN_ROLL':
      return {
        ...calm,
        title: detail || 'The roll that is asked for does not hold you.',
        todo: 'Ask the issuer whether you were admitted before it was published, and under which name.',
      };
    case 'ANSWERS_FULL':
      return {
        ...calm,
        canRetry: true,
        title: 'This site keeps no more answers to this question.',
        lost: 'Your answer is made, and still on this device only.',
        todo: 'Save it as a file and send that to the asker by another way.',
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
        todo: 'Try again in a moment.',
        ...(isUntold(code) ? MAYBE_ANSWERED : {}),
      };
  }
}
