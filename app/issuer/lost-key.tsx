'use client';

import { useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { issuerApi, issuerStore } from '#lib/browser/issue-rolls.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { type Issuer, issuerKey } from '#lib/issuing/issuer-file.ts';
import { type EndTerms, goOn, replaceKey, revokeOwnKey, signedNext } from '#lib/issuing/new-key.ts';
import { fateOf } from '#lib/protocol/member/key-end.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { useReading } from '../ui/use-reading.ts';
import { JobProgress } from './groups/[id]/job-progress.tsx';
import { type KeptKey, listKeptKeys } from './kept-keys.ts';
import { someOf } from './some-of.ts';
import { useIssuerJob } from './use-issuer-job.ts';

/** Groups of a key by name, in one sentence. */
const MOST_NAMED = 10;

/** What to do when the key may not be relied on any more: a successor that it signs itself, or its revocation. */
export function LostKey({ issuer, onEnded }: { issuer: Issuer | null; onEnded?: () => void }) {
  const own = issuer && issuerKey(issuer);
  // Without an answer there is nothing to choose from; the list of groups above says what is wrong.
  const { value: groups, again } = useReading((signal) => issuerApi.listGroups({ signal }), [own]);
  const keys = listKeptKeys(groups ?? []);
  const [done, setDone] = useState<string | null>(null);
  const job = useIssuerJob();

  async function end(how: (terms: EndTerms, signal: AbortSignal) => Promise<unknown>, said: string) {
    setDone(null);
    const isDone = await job.start(async ({ signal }) => {
      await how({ now: Math.floor(ownTime() - (await askClockAhead())), random: secureRandom }, signal);
    });
    again();
    onEnded?.();
    if (isDone) setDone(said);
  }

  const isHere = keys.find(({ key }) => key === own);
  const others = keys.filter(({ key, ended }) => key !== own && !ended);
  if (keys.length === 0) return null;
  return (
    <Section title="My key was lost or stolen" id="lost">
      <Stack>
        <p>
          There are two ways, and both end the key for good: no roll, invitation or statement is made with it any more. Statements that are
          open keep their rolls. A new key makes new groups of the same names, and every member needs a new invitation: their wallets never
          put one key in the place of another.
        </p>
        {done && <Notice kind="info" live title={done} todo={NEXT} />}
        {job.failure && <Notice kind="error" live {...job.failure} />}
        {isHere && own && !isHere.ended && (
          <EndOwnKey
            onReplace={() => void end((terms, signal) => replaceKey(issuerApi, issuerStore, terms, { signal }), REPLACED)}
            onRevoke={() => void end((terms, signal) => revokeOwnKey(issuerApi, issuerStore, terms, { signal }), REVOKED)}
            isBusy={job.running}
          />
        )}
        {isHere?.ended && own && (
          <GoOn
            live={others}
            isBusy={job.running}
            onGoOn={() => void end((terms, signal) => goOnAfter(issuer, own, terms, signal), REPLACED)}
          />
        )}
        {others.map((one) => (
          <RevokeOther
            key={one.key}
            kept={one}
            isBusy={job.running}
            onRevoke={() => void end((_terms, signal) => issuerApi.endKey(one.key, null, { signal }), REVOKED_ELSEWHERE)}
          />
        ))}
        <JobProgress job={job} label="Ending the key" />
      </Stack>
    </Section>
  );
}

/** Goes on after an end that this browser did not see: which keys may be used hangs on how the key has ended. */
async function goOnAfter(issuer: Issuer, own: Hex32, terms: EndTerms, signal: AbortSignal): Promise<void> {
  const fate = fateOf(own, await anonymousApi.listEndedKeys({ signal }));
  await goOn(issuerApi, issuerStore, own, signedNext(issuer, fate), terms, { signal });
}

const NEXT =
  'Publish the new fingerprint where people trust you, save a copy of the new key, hand the invitations of each group in anew, and send them.';
const REPLACED = 'The old key has ended, and a new one goes on. Everybody on your rosters has a fresh invitation.';
const REVOKED = 'The old key is revoked, and a new one is made. Everybody on your rosters has a fresh invitation.';
const REVOKED_ELSEWHERE = 'The key is revoked.';

function EndOwnKey({ onReplace, onRevoke, isBusy }: { onReplace: () => void; onRevoke: () => void; isBusy: boolean }) {
  return (
    <>
      <p>
        <strong>You have it, and nobody has misused it</strong>, but somebody may keep a copy, such as a clerk who left: have it replaced.
        The old key signs that the new one follows it, so wallets can tell the new invitations from a stranger’s.
      </p>
      <p>
        <strong>It was stolen, or somebody may sign with it</strong>: revoke it. Nothing leads from it to a new key, because the thief could
        have signed that, too. Members have to compare the new fingerprint by another way than this site.
      </p>
      <ThreeFacts
        leaves="A message that the old key signs, and the names of your groups with the new key."
        sees="Everybody, on your public page, on the pages of your groups, and in the wallets of your members."
        when="At once, and for good."
      />
      {isBusy ? null : (
        <ButtonRow>
          <ConfirmDialog
            trigger="Replace the key"
            triggerKind="secondary"
            title="Replace your signing key?"
            confirm="Replace it"
            onConfirm={onReplace}
          >
            <p>
              The old key signs a last time. Your groups begin anew under the new key, without members: all on your rosters get fresh
              invitations, which you have to send. A file that you saved before is of no use any more.
            </p>
          </ConfirmDialog>
          <ConfirmDialog trigger="Revoke the key" title="Revoke your signing key?" confirm="Revoke it" onConfirm={onRevoke}>
            <p>
              This cannot be taken back. Members read that the key was lost or stolen. Your groups begin anew under a new key for which
              nobody vouches: tell your members its fingerprint yourself.
            </p>
          </ConfirmDialog>
        </ButtonRow>
      )}
    </>
  );
}

/** What to do in a browser whose key has ended. Where another browser went on already, a third key would divide the groups. */
function GoOn({ live, onGoOn, isBusy }: { live: readonly KeptKey[]; onGoOn: () => void; isBusy: boolean }) {
  const title = 'The key in this browser has ended.';
  const lost = 'Your rosters are still here.';
  if (live.length === 0)
    return (
      <Notice
        kind="error"
        title={title}
        lost={lost}
        action={
          <Button busy={isBusy} onClick={onGoOn}>
            Go on with a new key
          </Button>
        }
      />
    );
  return (
    <Notice
      kind="error"
      title={title}
      lost={lost}
      todo="Your account has gone on with another key, shown below, which is not in this browser. Save a copy of it where it is, delete the old key here, and restore that copy."
      action={
        <ConfirmDialog
          trigger="Go on with a new key all the same"
          triggerKind="secondary"
          title="Go on with one more key?"
          confirm="Make a new key"
          onConfirm={onGoOn}
        >
          <p>
            Your groups begin a third time, beside those of the key that your account went on with: people of one group come to stand in
            two. Do this only if nobody has that other key any more, and revoke it then.
          </p>
        </ConfirmDialog>
      }
    />
  );
}

function RevokeOther({ kept, onRevoke, isBusy }: { kept: KeptKey; onRevoke: () => void; isBusy: boolean }) {
  return (
    <>
      <p>
        <span>A key that is not in this browser keeps </span>
        <bdi translate="no">{someOf(kept.groups, MOST_NAMED)}</bdi>: <KeyFingerprint hex={kept.key} whose="A key of yours" short />
        <span>. If you have it in a file, restore the file first: then it can sign what happens to it.</span>
      </p>
      {isBusy ? null : (
        <ButtonRow>
          <ConfirmDialog trigger="Revoke this key" title="Revoke a key that is not here?" confirm="Revoke it" onConfirm={onRevoke}>
            <p>
              This cannot be taken back. Members read that the key was lost or stolen, on the word of your account alone. Nothing leads from
              it to a new key: make one, and tell your members its fingerprint yourself.
            </p>
          </ConfirmDialog>
        </ButtonRow>
      )}
    </>
  );
}
