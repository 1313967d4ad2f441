'use client';

import { FocusHere } from '#app/s/[id]/sign/focus-here.tsx';
import { RefusalNotice } from '#app/s/[id]/sign/refusal-notice.tsx';
import { Working } from '#app/s/[id]/sign/working.tsx';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { TranslatedNotice } from '#app/ui/translated-notice.tsx';
import { saveFile } from '#lib/browser/save-file.ts';
import type { SealedAnswer } from '#lib/protocol/challenge/answer.ts';
import type { Identity } from '#lib/protocol/member/credential.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { Lookalike, RollPlace } from '#lib/signing/find-membership.ts';
import { growthWarnings } from '#lib/signing/growth.ts';
import type { LoadedChallenge } from '#lib/signing/load-challenge.ts';
import { crowdWarnings, keyWarnings, lookalikeWarnings, setupWarnings } from '#lib/signing/warnings.ts';
import { ANSWER_STAGES, useAnswering } from './use-answering.ts';

interface AnswerOfferProps {
  loaded: LoadedChallenge;
  place: RollPlace;
  /** Of the group, up to the roll that is asked for, newest first. */
  history: readonly RollHeader[];
  identity: Identity;
  lookalikes: readonly Lookalike[];
  /** Keys of issuers that have ended. */
  ended: readonly EndedKey[];
}

/** The moment of answering: what the answer shows, what it cannot hide, and the one button. */
export function AnswerOffer({ loaded, place, history, identity, lookalikes, ended }: AnswerOfferProps) {
  const { context, provingKey } = loaded;
  const { answering, answer, sendAgain, cancel, canCancel } = useAnswering({ context, place, identity });
  if (answering.at === 'working')
    return <Working label="Making your answer" stages={ANSWER_STAGES} work={answering} onCancel={canCancel ? cancel : undefined} />;
  if (answering.at === 'sent') return <Answered />;
  if (answering.at === 'made') return <AnswerMade sealed={answering.sealed} onSend={() => void sendAgain(answering.sealed)} />;

  const nameOf = nameGroupsBy(context.rolls);
  const warnings = [
    ...keyWarnings([...context.rolls.values()], ended),
    ...lookalikeWarnings(lookalikes, 'question', ended, nameOf),
    ...crowdWarnings([place.header], undefined, 'answered', nameOf),
    ...growthWarnings(history, nameOf),
    ...setupWarnings(provingKey),
  ];
  const failed = answering.at === 'failed' ? answering : null;
  const sealed = failed?.sealed;
  return (
    <Stack>
      {warnings.map(({ text, loud }) => (
        <Notice key={text} kind={loud ? 'error' : 'warning'} title={text} todo={loud ? 'Think twice before you answer.' : undefined} />
      ))}
      <p>
        A link made for you alone makes your answer a name: answer only a question that the others are asked too, in a place that all of you
        see.
      </p>
      <ThreeFacts
        leaves="A proof that you are a member of this group who has not been counted before, encrypted to the asker. No name."
        sees="The asker, and everybody to whom the asker shows it: one more member of this group. This site sees that somebody answers, and which group was looked at."
        when="Now, once. The asker sees when it arrives."
      />
      <Limits />
      <TranslatedNotice />
      {failed && (
        <RefusalNotice
          refusal={failed.refusal}
          action={sealed ? <Button onClick={() => void sendAgain(sealed)}>Send it again</Button> : undefined}
        />
      )}
      {sealed && <SaveAnswer sealed={sealed} />}
      {!sealed && (
        <ButtonRow>
          <Button onClick={() => void answer('send')}>Prove that I am a member</Button>
          <Button kind="secondary" onClick={() => void answer('save')}>
            Make a file to send myself
          </Button>
        </ButtonRow>
      )}
    </Stack>
  );
}

/** What nobody can protect a member from who answers. */
function Limits() {
  return (
    <details>
      <summary>What this cannot protect you from</summary>
      <ul>
        <li>The asker can quote every word above as a question that you have answered.</li>
        <li>
          Somebody may hand on the question of another as their own. Your answer then counts for that other one: look at the asker above,
          not at whoever sent you the link.
        </li>
        <li>
          You could be made to show that an answer is yours: whoever has your wallet finds it, and what made it can be kept. It hides you
          from others, not from somebody who forces you.
        </li>
        <li>The asker can see when an answer comes. If you are asked while somebody waits beside you, it names you.</li>
        <li>Nobody can take an answer back.</li>
      </ul>
    </details>
  );
}

function Answered() {
  return (
    <FocusHere>
      <Notice kind="info" live title="Your answer is on its way to the asker.">
        <p>
          It counts once, also if you answer again or as a member of another group that is asked. Nothing of it is kept in this browser. You
          can close this page.
        </p>
      </Notice>
    </FocusHere>
  );
}

/** An answer that the person hands on: by any messenger, which sees who sends it. */
function AnswerMade({ sealed, onSend }: { sealed: SealedAnswer; onSend: () => void }) {
  return (
    <FocusHere>
      <Stack>
        <Notice kind="info" live title="Your answer is made, and on this device only.">
          <p>
            Only the asker can open it. Whoever carries it sees that you send something: use a way that does not bear your name, or the
            site.
          </p>
        </Notice>
        <SaveAnswer sealed={sealed} />
        <div>
          <Button kind="secondary" onClick={onSend}>
            Let this site hand it on after all
          </Button>
        </div>
      </Stack>
    </FocusHere>
  );
}

function SaveAnswer({ sealed }: { sealed: SealedAnswer }) {
  return (
    <div>
      <Button onClick={() => saveFile('round-robin-answer.json', `${canonicalJson(sealed)}\n`)}>Save the answer as a file</Button>
    </div>
  );
}
