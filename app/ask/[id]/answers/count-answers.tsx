'use client';

import { useRef, useState } from 'react';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { CopyButton } from '#app/ui/copy-button.tsx';
import { FileDrop } from '#app/ui/file-drop.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section, Stack } from '#app/ui/page-parts.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { useJob } from '#app/ui/use-job.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import { countAnswers, fetchAnswers } from '#lib/browser/tallies.ts';
import type { Collected } from '#lib/checking/collect-answers.ts';
import { describeGroups, describeMembers, TALLY_LIMITS } from '#lib/checking/describe-tally.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { LoadedChallenge } from '#lib/signing/load-challenge.ts';
import css from '../../ask.module.css';
import { quoteTally } from './quote-tally.ts';
import { type Brought, readBrought, type UnreadFile } from './read-brought.ts';

const STAGES = {
  fetching: 'Fetching the answers',
  counting: 'Opening the answers and checking every proof',
} as const;

/** Fetches the answers that the site keeps, adds those that came by other ways, and counts each member once. */
export function CountAnswers({ loaded, asker }: { loaded: LoadedChallenge; asker: Asker }) {
  const { context, ahead } = loaded;
  const [collected, setCollected] = useState<Collected | null>(null);
  const [brought, setBrought] = useState<Brought>({ answers: new Map(), unread: [] });
  const [stage, setStage] = useState<keyof typeof STAGES>('fetching');
  const job = useJob(describeNotCounted);

  const count = () =>
    job.start(async ({ signal }) => {
      setStage('fetching');
      const kept = await fetchAnswers(context.id, asker, () => Math.floor(ownTime() - ahead), signal);
      setStage('counting');
      setCollected(await countAnswers(context, [...kept, ...brought.answers.values()], asker, signal));
    });

  // Files that come while others are read wait for them, and are added.
  const reading = useRef(Promise.resolve(brought));
  const [waiting, setWaiting] = useState(0);
  function bring(files: File[]) {
    setWaiting((before) => before + 1);
    reading.current = reading.current.then(async (before) => {
      const now = await readBrought(context.id, files, before.answers);
      setBrought(now);
      setWaiting((left) => left - 1);
      return now;
    });
  }

  return (
    <Stack gap="wide">
      <Section title="Count the answers">
        <FileDrop
          label="Answers that members sent you as files"
          hint={
            brought.answers.size > 0
              ? `${groupDigits(brought.answers.size)} brought so far. Bring more, if there are any.`
              : 'Only if some came by other ways than this site. Choose as many at once as you like; they are read here and sent nowhere.'
          }
          accept=".json,application/json"
          error={brought.unread.length > 0 && <Unread files={brought.unread} />}
          onFiles={bring}
        />
        <ThreeFacts
          leaves="A request for the answers to this question, signed with your key. The answers are opened and checked here."
          sees="This site sees that the asker looks, and when."
          when="When you press the button."
        />
        {waiting > 0 && <ProgressBar label="Reading the files" />}
        {job.running && <ProgressBar label={STAGES[stage]} />}
        {job.failure && <Notice kind="error" live title={job.failure} lost="No answer is lost." todo="Try again in a moment." />}
        <ButtonRow>
          <Button kind={collected ? 'secondary' : 'primary'} onClick={() => void count()} busy={job.running || waiting > 0}>
            {collected ? 'Look again' : 'Fetch and count'}
          </Button>
          {job.running && (
            <Button kind="secondary" onClick={() => job.stop()}>
              Cancel
            </Button>
          )}
        </ButtonRow>
      </Section>
      {collected && <Counted loaded={loaded} collected={collected} />}
    </Stack>
  );
}

function describeNotCounted(error: unknown): string {
  return error instanceof Error && error.message ? error.message : 'The answers could not be counted.';
}

const MOST_UNREAD_SHOWN = 20;

/** Which of the files brought no answer, and why. */
function Unread({ files }: { files: readonly UnreadFile[] }) {
  const rest = files.length - MOST_UNREAD_SHOWN;
  return (
    <>
      <p>{files.length === 1 ? 'One file brought no answer:' : `${groupDigits(files.length)} files brought no answer:`}</p>
      <ul>
        {files.slice(0, MOST_UNREAD_SHOWN).map(({ name, fault }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and the list is never put in another order
          <li key={i}>
            <bdi translate="no">{name}</bdi>
            <span>{`: ${fault}`}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p>{`And ${groupDigits(rest)} more.`}</p>}
    </>
  );
}

/** How many members answered, what was not counted, and the file that shows it to others. */
function Counted({ loaded, collected }: { loaded: LoadedChallenge; collected: Collected }) {
  const { context } = loaded;
  const { tally, repeated, refused } = collected;
  const groups = [...context.rolls].map(([group, header]) => ({
    header,
    count: tally.answers.filter(({ said }) => said.group === group).length,
  }));
  const counted = { members: tally.answers.length, groups };
  const useless = Object.values(refused).reduce((sum, one) => sum + one, 0);
  return (
    <Section title="What they say">
      <p className={css.count} role="status">
        <span translate="no">{describeMembers(counted)}</span>
        <span>{counted.members === 1 ? ' has answered.' : ' have answered.'}</span>
      </p>
      <ul>
        {describeGroups(groups).map((told) => (
          <li key={told} translate="no">
            {told}
          </li>
        ))}
        {repeated > 0 && <li>{`${repeated} came again from members who are counted already, and count no second time.`}</li>}
        {useless > 0 && <li>{`${useless} of what came is no answer to this question, and is left out.`}</li>}
      </ul>
      <ButtonRow>
        <Button onClick={() => saveFile('round-robin-answers.json', `${canonicalJson(tally)}\n`)}>Save the file that proves it</Button>
        <CopyButton value={quoteTally(context, counted)}>Copy it as a sentence</CopyButton>
      </ButtonRow>
      <p>
        Anybody can check that file on the page “Check a record”, or without any server with{' '}
        <code translate="no">npm run verify-membership</code>. It holds no name.
      </p>
      <details>
        <summary>What it shows, and what it does not</summary>
        <ul>
          {TALLY_LIMITS.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </details>
    </Section>
  );
}
