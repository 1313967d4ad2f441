'use client';

import { Attestation } from '#app/join/attestation.tsx';
import { Button, ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { StagedProgress } from '#app/ui/progress.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { TranslatedNotice } from '#app/ui/translated-notice.tsx';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Identity } from '#lib/protocol/member/credential.ts';
import { isTriggerMet } from '#lib/protocol/statement/trigger.ts';
import type { Lookalike, Place } from '#lib/signing/find-membership.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import type { BoardSurvey } from '#lib/signing/read-board.ts';
import { type Warning, warningsForSigner } from '#lib/signing/warnings.ts';
import { FocusHere } from './focus-here.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { Signed } from './signed.tsx';
import { STAGES, useSigning } from './use-signing.ts';

interface SignOfferProps {
  id: string;
  loaded: LoadedStatement;
  statementKey: Keyed;
  lookalikes: readonly Lookalike[];
  identity: Identity;
  place: Place;
  survey: BoardSurvey;
}

/** The moment of signing: what the public would read, what speaks against it, and the one button. */
export function SignOffer({ id, loaded, statementKey, lookalikes, identity, place, survey }: SignOfferProps) {
  const { context } = loaded;
  const { signing, sign, sendAgain, cancel, canCancel } = useSigning({ context, key: statementKey, place, identity });

  if (signing.at === 'signed')
    return <Signed id={id} context={context} statementKey={statementKey} entry={signing.entry} receipt={signing.receipt} survey={survey} />;

  if (signing.at === 'working')
    return (
      <FocusHere>
        <Stack>
          <StagedProgress
            label="Sealing your signature"
            stages={STAGES}
            current={signing.stage}
            done={signing.done}
            onCancel={canCancel ? cancel : undefined}
          />
          {signing.waiting !== undefined && (
            <Notice
              kind="info"
              live
              title="The site has more to check than it can at the moment."
              lost="Your signature is ready and nothing of it is lost."
              todo={`This page tries again by itself in ${signing.waiting} ${signing.waiting === 1 ? 'second' : 'seconds'}. Leave it open.`}
            />
          )}
        </Stack>
      </FocusHere>
    );

  const warnings = warningsForSigner(loaded, place, lookalikes, survey.counts);
  const isMet = isTriggerMet(context.statement.trigger, survey.counts);
  const failed = signing.at === 'failed' ? signing : null;
  return (
    <Stack>
      <Attestation name={place.membership.name} subject="this" />
      {isMet && (
        <Notice
          kind="warning"
          title="Enough people have signed already. Your name will appear as soon as your signature is on the board."
          todo="Nothing keeps it sealed until others follow."
        />
      )}
      <Warnings warnings={warnings} />
      <ThreeFacts
        leaves="A sealed name, and a proof that it is the name of a member who has not signed before."
        sees="Everybody sees that one more member has signed. Nobody sees who; the network sees that you visit this site."
        when={
          isMet
            ? 'Now, once. Your name as soon as the trustees have opened it: the condition is met already.'
            : 'Now, once. Your name only if the condition is met in time, together with all others.'
        }
      />
      <TranslatedNotice />
      {failed && (
        <RefusalNotice
          refusal={failed.refusal}
          action={
            failed.entry ? (
              <Button onClick={() => failed.entry && void sendAgain(failed.entry)}>Send it again</Button>
            ) : failed.refusal.code === 'ALREADY_SIGNED' ? (
              <ButtonLink kind="secondary" href={`/s/${id}/receipt`}>
                Look for your signature
              </ButtonLink>
            ) : undefined
          }
        />
      )}
      {(!failed || (failed.refusal.canRetry && !failed.entry)) && (
        <ButtonRow>
          <Button onClick={() => void sign()}>Seal my name and sign</Button>
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
