'use client';

import Link from 'next/link';
import { useState } from 'react';
import { useIssuerJob } from '#app/issuer/use-issuer-job.ts';
import { StatementTerms } from '#app/new/statement-terms.tsx';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { TextInput } from '#app/ui/field.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Markdown } from '#app/ui/markdown.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section, Stack } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { useReading } from '#app/ui/use-reading.ts';
import type { DraftDecision } from '#lib/api/issuer-shapes.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { readDrafts, type WaitingDraft } from '#lib/issuing/read-drafts.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

/** Drafts of members that wait for the issuer; nothing where there are none. */
export function WaitingDrafts({ id }: { id: Hex32 }) {
  const { value: drafts, error, again } = useReading((signal) => readDrafts({ ...anonymousApi, ...issuerApi }, id, { signal }), [id]);
  const [last, setLast] = useState<DraftDecision>();
  if (error !== undefined)
    return <Notice kind="error" title="The drafts that wait for you could not be fetched." todo="Load this page again." />;
  if (!drafts || (drafts.length === 0 && !last)) return null;
  return (
    <Section title="Drafts that wait for you" id="drafts">
      <Stack gap="wide">
        {last && <Decided {...last} group={id} />}
        {drafts.length === 0 ? (
          <p>No other draft waits for you.</p>
        ) : (
          <p>Members wrote them; nobody can tell you who. What you refuse is named by its hash and your reason, for everybody.</p>
        )}
        {drafts.map((draft) => (
          <DraftToDecide
            key={draft.id}
            group={id}
            draft={draft}
            onDecided={(decision) => {
              setLast(decision);
              again();
            }}
          />
        ))}
      </Stack>
    </Section>
  );
}

/** What became of the draft that was decided on last. */
function Decided({ decision, statement, group }: DraftDecision & { group: Hex32 }) {
  const title =
    decision === 'approve'
      ? 'The draft is open. Its trustees make its key now; then members can sign it.'
      : 'The draft is refused. Its hash and your reason stand on the page of the group.';
  const page = decision === 'approve' ? `/s/${statement}` : `/groups/${group}`;
  return (
    <Notice
      kind="info"
      live
      title={title}
      action={
        <Link prefetch={false} href={page}>
          {decision === 'approve' ? 'Page of the statement' : 'Page of the group'}
        </Link>
      }
    />
  );
}

interface DraftToDecideProps {
  group: Hex32;
  draft: WaitingDraft;
  onDecided: (decision: DraftDecision) => void;
}

function DraftToDecide({ group, draft: { id, context }, onDecided }: DraftToDecideProps) {
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string>();
  const job = useIssuerJob();

  async function decide(decision: DraftDecision) {
    if (await job.start(({ signal }) => issuerApi.decideDraft(group, decision, { signal }))) onDecided(decision);
  }

  function refuse() {
    const said = reason.trim();
    setFault(said === '' ? 'Say why: your reason is public, and the author reads it.' : undefined);
    if (said !== '') void decide({ decision: 'refuse', statement: id, reason: said });
  }

  return (
    <article>
      <Stack>
        {context.ok ? (
          <DraftText context={context.value} />
        ) : (
          <Notice
            kind="error"
            title="What the site says of this draft does not hold together."
            todo="It cannot be opened. Refuse it, and tell whoever runs the site."
            code={context.code}
          />
        )}
        <p>
          Hash: <KeyFingerprint hex={id} whose="Hash of the draft" short />
        </p>
        <TextInput
          label="Reason, if you refuse it"
          hint="Public. The text of the draft is not."
          maxLength={500}
          value={reason}
          error={fault}
          onChange={(event) => setReason(event.target.value)}
        />
        {job.failure && <Notice kind="error" live {...job.failure} />}
        <ButtonRow>
          <Button busy={job.running} disabled={!context.ok} onClick={() => void decide({ decision: 'approve', statement: id })}>
            Approve and open it
          </Button>
          <Button kind="secondary" disabled={job.running} onClick={refuse}>
            Refuse it
          </Button>
        </ButtonRow>
      </Stack>
    </article>
  );
}

/** All that its author wants to have signed, as its signers would see it. */
function DraftText({ context }: { context: StatementContext }) {
  return (
    <>
      {context.statement.text.map(({ language, title, body }) => (
        <div key={language} lang={language}>
          <h3>
            <PersonName name={title} />
          </h3>
          <Markdown text={body} lang={language} />
        </div>
      ))}
      <StatementTerms context={context} />
    </>
  );
}
