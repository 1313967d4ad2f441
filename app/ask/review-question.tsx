'use client';

import Link from 'next/link';
import { useState } from 'react';
import { ApiError, isUntold } from '#lib/api/api-error.ts';
import { askerDomain, askerProof } from '#lib/api/asker-domain.ts';
import { domainPlaces } from '#lib/api/issuer-profile.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import type { ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { CopyField } from '../ui/copy-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { takeFocusAtTop } from '../ui/take-focus.ts';
import { ThreeFacts } from '../ui/three-facts.tsx';
import css from './ask.module.css';
import { QuestionFacts, QuotedPurpose } from './question.tsx';

interface ReviewQuestionProps {
  context: ChallengeContext;
  asker: Asker;
  /** The key file was made for this question and must be saved first. */
  isNewAsker: boolean;
  onSaved: () => void;
  onBack: () => void;
}

type State = { at: 'reading' } | { at: 'publishing' } | { at: 'failed'; text: string; code?: string } | { at: 'published' };

/** Exactly the challenge that will be published, the key file that must be kept, and then the link to hand on. */
export function ReviewQuestion({ context, asker, isNewAsker, onSaved, onBack }: ReviewQuestionProps) {
  const [state, setState] = useState<State>({ at: 'reading' });
  const [isKept, setKept] = useState(!isNewAsker);
  const domain = askerDomain(asker.name);

  function keep() {
    saveFile('round-robin-asker-key.json', `${JSON.stringify(asker, null, 2)}\n`);
    setKept(true);
    onSaved();
  }

  async function publish() {
    setState({ at: 'publishing' });
    try {
      await anonymousApi.openChallenge(context.challenge);
      setState({ at: 'published' });
    } catch (error) {
      const code = error instanceof ApiError ? error.code : undefined;
      setState({ at: 'failed', text: error instanceof Error ? error.message : String(error), ...(code ? { code } : {}) });
    }
  }

  if (state.at === 'published')
    return (
      <Stack>
        <h2 key="published" ref={takeFocusAtTop} tabIndex={-1} className={css.heading}>
          Published
        </h2>
        <p>
          Give the same link to everybody whom you ask, in one place that all of them see. A link made for one person makes the answer a
          name.
        </p>
        <CopyField label="Link to this question" value={`${location.origin}/ask/${context.id}#${context.id}`} />
        <p>
          <Link href={`/ask/${context.id}/answers`}>Read the answers</Link>, with your key file, whenever you like. The site keeps them for
          30 days after the time to answer is over.
        </p>
      </Stack>
    );
  return (
    <Stack gap="wide">
      <Stack>
        <h2 key="unpublished" ref={takeFocusAtTop} tabIndex={-1} className={css.heading}>
          Read it once more
        </h2>
        <p>Members see it like this. Nothing of it can be changed afterwards: every answer is bound to all of it.</p>
        <QuotedPurpose challenge={context.challenge} />
        <QuestionFacts context={context} />
      </Stack>
      <Section title="Your key file">
        <p>
          It signs your questions and is the only thing that can read the answers. Whoever has it can ask in your name. Nobody can give you
          another copy.
        </p>
        {isKept ? <p role="status">You have saved it. Keep it where you will find it again.</p> : null}
        <div>
          <Button kind={isKept ? 'secondary' : 'primary'} onClick={keep}>
            {isKept ? 'Save it once more' : 'Save the key file'}
          </Button>
        </div>
      </Section>
      {domain !== null && (
        <Section title="Proving the name">
          <p>
            This site looks each day whether the holder of <span translate="no">{domain}</span> names your key, and tells members. Put this
            line into a TXT record of <code translate="no">{domainPlaces(domain).record}</code> or into the file{' '}
            <code translate="no">{domainPlaces(domain).file}</code>.
          </p>
          <CopyField label="The line that proves it" value={askerProof(context.challenge.asker.key)} />
        </Section>
      )}
      <Stack>
        <ThreeFacts
          leaves="The question exactly as shown here, signed with your key. The key file stays with you."
          sees="Everybody: this site lists it for each group, and counts how many were asked with your key."
          when="At once. It is listed while it can be answered, and erased here 30 days later; whoever has seen it may keep it."
        />
        {state.at === 'failed' && (
          <Notice
            kind="error"
            live
            title={state.text}
            lost={isUntold(state.code) ? 'Whether it was published, the site has not said.' : 'Nothing was published.'}
            todo={
              isUntold(state.code) ? 'Try again before you change anything: it is published once.' : 'Try again, or go back and change it.'
            }
            code={state.code}
          />
        )}
        <ButtonRow>
          <Button onClick={() => void publish()} busy={state.at === 'publishing'} disabled={!isKept}>
            {state.at === 'publishing' ? 'Publishing …' : 'Publish the question'}
          </Button>
          <Button kind="secondary" onClick={onBack}>
            Change something
          </Button>
        </ButtonRow>
      </Stack>
    </Stack>
  );
}
