'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import { countOf } from '#app/issuer/count-words.ts';
import { groupDigits } from '#app/ring/ring-words.ts';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { TextArea } from '#app/ui/field.tsx';
import { FileDrop } from '#app/ui/file-drop.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { issuerApi, issuerStore } from '#lib/browser/issue-rolls.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { findNewcomers, inviteMembers } from '#lib/issuing/invite.ts';
import { findGroup, type Issuer, MOST_ON_ROSTER } from '#lib/issuing/issuer-file.ts';
import { parseRoster } from '#lib/issuing/roster.ts';
import { decodeRoster } from '#lib/issuing/roster-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { useIssuerJob } from '../../use-issuer-job.ts';
import { JobProgress } from './job-progress.tsx';
import { type Consent, NO_CONSENT, RosterReview } from './roster-review.tsx';
import { sendTicketsInTurn } from './send-tickets.ts';

/** Bytes: 65,536 rows with columns that are not read. */
const LARGEST_ROSTER_FILE = 64 * 1024 * 1024;

/** From here on the limit is told. */
const NEARLY_FULL = MOST_ON_ROSTER * 0.9;

interface AddPeopleProps {
  issuer: Issuer;
  id: Hex32;
  onInvited: () => void;
}

/** Puts people on the roster, from a file or pasted rows, and makes their invitations. */
export function AddPeople({ issuer, id, onInvited }: AddPeopleProps) {
  const [pasted, setPasted] = useState('');
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [fileError, setFileError] = useState<string>();
  const [consent, setConsent] = useState<Consent>(NO_CONSENT);
  const [invited, setInvited] = useState<number | null>(null);
  // Counts what was invited, so that the file field forgets the file.
  const [round, setRound] = useState(0);
  const job = useIssuerJob();

  const text = useDeferredValue(file?.text ?? pasted);
  const { name: group, members } = findGroup(issuer, id);
  const standing = useMemo(() => members.filter((member) => !member.removed), [members]);
  const roster = useMemo(
    () => (text.trim() === '' ? null : parseRoster(text, { ...consent, group, standing })),
    [text, consent, group, standing],
  );
  const rows = useMemo(() => findNewcomers(findGroup(issuer, id), roster?.rows ?? []), [issuer, id, roster]);

  function take(bytes: Uint8Array, name: string) {
    setInvited(null);
    setConsent(NO_CONSENT);
    const decoded = decodeRoster(bytes);
    setFileError(decoded.ok ? undefined : decoded.detail);
    setFile(decoded.ok ? { name, text: decoded.value } : null);
    setPasted('');
  }

  async function invite() {
    let added = 0;
    const isDone = await job.start(async (watch) => {
      const known = new Set(findGroup(issuer, id).members.map((member) => member.secret));
      const now = await issuerStore.update((current) => inviteMembers(current, id, rows, secureRandom));
      const fresh = findGroup(now, id).members.filter((member) => !known.has(member.secret));
      added = fresh.length;
      setPasted('');
      setFile(null);
      setConsent(NO_CONSENT);
      await sendTicketsInTurn(issuerApi, id, fresh, watch);
    });
    if (isDone) setInvited(added);
    setRound(round + 1);
    onInvited();
  }

  return (
    <Section title={members.length === 0 ? 'Invite people' : 'Invite more people'} id="invite">
      <p>
        One person a row, name and address. The name is what the public will read if a statement is revealed, so write it as the person
        would stand by it. Names with a comma need quotation marks, as in the example. Further columns are not read.
      </p>
      {members.length >= NEARLY_FULL && (
        <Notice
          kind="warning"
          title={`This roster holds ${groupDigits(members.length)} of the ${groupDigits(MOST_ON_ROSTER)} people for whom it has room.`}
          todo="People who were removed count as well, because their invitations must not work again. Make another group before it is full."
        />
      )}
      <FileDrop
        key={round}
        label="CSV file with names and addresses"
        hint="It is read here and never leaves this browser. Up to 65,536 rows; addresses may be left out. “CSV UTF-8” in spreadsheets."
        accept=".csv,text/csv,text/plain"
        error={fileError}
        mostBytes={LARGEST_ROSTER_FILE}
        onBytes={take}
      />
      {!file && (
        <TextArea
          label="Or paste the rows"
          placeholder={'name,email\n"Jane Doe, Senator for District 4",jane@example.org\nAli Haddad,ali@example.org'}
          spellCheck={false}
          value={pasted}
          onChange={(event) => {
            setPasted(event.target.value);
            setInvited(null);
          }}
        />
      )}
      {roster && <RosterReview roster={roster} added={rows} consent={consent} onConsent={setConsent} />}
      {roster && rows.length > 0 && (
        <>
          <ThreeFacts
            leaves="One number for each invitation, which says nothing about the person. Names, addresses and links stay here."
            sees="This site sees how many people you invite."
            when="When you press the button. Nobody is written to: you send the links yourself."
          />
          <ButtonRow>
            <Button busy={job.running} onClick={() => void invite()}>
              {`Invite ${countOf(rows.length, 'person', 'people')}`}
            </Button>
            {file && (
              <Button kind="secondary" onClick={() => setFile(null)}>
                Put the file away
              </Button>
            )}
          </ButtonRow>
        </>
      )}
      <JobProgress job={job} label="Handing in the invitations" />
      {job.failure && <Notice kind="error" live {...job.failure} />}
      <p role="status">
        {invited === null || job.running
          ? ''
          : `${countOf(invited, 'invitation is', 'invitations are')} made. The links are under “Members and invitations”.`}
      </p>
    </Section>
  );
}
