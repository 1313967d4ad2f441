'use client';

import { useState } from 'react';
import { AttestedDetails } from '#app/join/attestation.tsx';
import { Button, ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { describeDuration } from '#app/ui/time-words.ts';
import { TranslatedNotice } from '#app/ui/translated-notice.tsx';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Identity } from '#lib/protocol/member/credential.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { countTogether, isTriggerMet } from '#lib/protocol/statement/trigger.ts';
import type { Lookalike, RollPlace } from '#lib/signing/find-membership.ts';
import { growthWarnings } from '#lib/signing/growth.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { readMinimum } from '#lib/signing/minimum.ts';
import type { BoardSurvey } from '#lib/signing/read-board.ts';
import { type Warning, warningsForSigner } from '#lib/signing/warnings.ts';
import { DelayField } from './delay-field.tsx';
import type { Later } from './held-signature.tsx';
import { MinimumField } from './minimum-field.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { SignedNotice } from './signed.tsx';
import { STAGES, useSigning } from './use-signing.ts';
import { WhoSees } from './who-sees.tsx';
import { WhomYouHideAmong } from './whom-you-hide-among.tsx';
import { Working } from './working.tsx';

interface SignOfferProps {
  id: string;
  loaded: LoadedStatement;
  statementKey: Keyed;
  lookalikes: readonly Lookalike[];
  identity: Identity;
  place: RollPlace;
  survey: BoardSurvey;
  /** Of the group, up to the statement's roll, newest first. */
  history: readonly RollHeader[];
  /** Keys of issuers that have ended. */
  ended: readonly EndedKey[];
  later: Later;
}

/** The moment of signing: what the public would read, what speaks against it, and the one button. */
export function SignOffer(props: SignOfferProps) {
  const { id, loaded, statementKey, lookalikes, identity, place, survey, history, ended, later } = props;
  const { context } = loaded;
  const [typed, setTyped] = useState('');
  const minimum = readMinimum(typed, context);
  const wanted = minimum.ok ? minimum.value : undefined;
  const [delay, setDelay] = useState(0);
  const onMade = delay > 0 ? (body: Body) => later.hold(body, survey, delay) : undefined;
  const material = { context, key: statementKey, place, identity, action: 'sign' as const, minimum: wanted, onMade };
  const { signing, sign, sendAgain, cancel, canCancel } = useSigning(material);

  if (signing.at === 'signed')
    return (
      <SignedNotice id={id} context={context} statementKey={statementKey} body={signing.body} receipt={signing.receipt} survey={survey} />
    );
  if (signing.at === 'working')
    return <Working label="Sealing your signature" stages={STAGES} work={signing} onCancel={canCancel ? cancel : undefined} />;

  const { trigger, together } = context.statement;
  const warnings = [
    ...warningsForSigner(loaded, place, lookalikes, survey.counts, ended),
    ...growthWarnings(history, nameGroupsBy(loaded.context.rolls)),
  ];
  const isMet = isTriggerMet(trigger, countTogether(survey.counts, together));
  const failed = signing.at === 'failed' ? signing : null;
  return (
    <Stack>
      <AttestedDetails name={place.membership.name} subject="this" />
      {isMet && (
        <Notice
          kind="warning"
          title={
            together === 1
              ? 'Counted by what is public, enough people have signed already. Your name appears as soon as the trustees have opened it, unless some wait for more people.'
              : `Counted by what is public, enough people have signed already. Names that come now appear ${together} or more of a group at a time.`
          }
          todo="Nothing else keeps yours sealed until others follow."
        />
      )}
      <Warnings warnings={warnings} />
      <ThreeFacts
        leaves="A sealed name, and a proof that it is the name of a member who has not signed before."
        sees="The site and the trustees get it sealed. The public sees a salted hash, and that one more has signed. The network sees that you visit this site."
        when={`${delay > 0 ? `Once, at some moment within ${describeDuration(delay)}, while this page is open.` : 'Now, once.'} ${
          isMet
            ? `Your name as soon as the trustees have opened it: by the public count the condition is met already${wanted ? `, if ${wanted} people can be named` : ''}.`
            : `Your name only if the condition is met in time${wanted ? `, by ${wanted} people or more,` : ','} together with all others.`
        }`}
      />
      <MinimumField context={context} typed={typed} onType={setTyped} />
      <DelayField cadence={context.statement.cadence} delays={later.delays} chosen={delay} onChoose={setDelay} />
      <WhomYouHideAmong context={context} header={place.header} />
      <WhoSees context={context} />
      <TranslatedNotice />
      {failed && (
        <RefusalNotice
          refusal={failed.refusal}
          action={
            failed.body ? (
              <Button onClick={() => failed.body && void sendAgain(failed.body)}>Send it again</Button>
            ) : failed.refusal.code === 'ALREADY_SIGNED' ? (
              <ButtonLink kind="secondary" href={`/s/${id}/receipt`}>
                Look for your signature
              </ButtonLink>
            ) : undefined
          }
        />
      )}
      {(!failed || (failed.refusal.canRetry && !failed.body)) && (
        <ButtonRow>
          <Button
            onClick={() => {
              if (minimum.ok) void sign();
              else document.querySelector<HTMLInputElement>('input[name=minimum]')?.focus();
            }}
          >
            Seal my name and sign
          </Button>
          <ButtonLink kind="secondary" href={`/s/${id}`}>
            Not now
          </ButtonLink>
        </ButtonRow>
      )}
    </Stack>
  );
}

/** The loud ones each on their own, the others together. */
function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const quiet = warnings.filter((warning) => !warning.loud);
  return (
    <>
      {warnings
        .filter((warning) => warning.loud)
        .map((warning) => (
          <Notice key={warning.text} kind="error" title={warning.text} todo="Think twice before you sign." />
        ))}
      {quiet.length > 0 && (
        <Notice kind="warning" title={quiet.length === 1 ? quiet[0]!.text : 'Know this before you sign:'}>
          {quiet.length > 1 && (
            <ul>
              {quiet.map((warning) => (
                <li key={warning.text}>{warning.text}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
    </>
  );
}
