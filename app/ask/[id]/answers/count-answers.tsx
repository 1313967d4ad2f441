'use client';

import { useEffect, useRef, useState } from 'react';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { CopyButton } from '#app/ui/copy-button.tsx';
import { FileDrop } from '#app/ui/file-drop.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section, Stack } from '#app/ui/page-parts.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import { countAnswers, fetchAnswers } from '#lib/browser/tallies.ts';
import type { Collected } from '#lib/checking/collect-answers.ts';
import { describeGroup, describeMembers, TALLY_LIMITS } from '#lib/checking/describe-tally.ts';
import { parseSealedAnswer, type SealedAnswer } from '#lib/protocol/challenge/answer.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import { canonicalJson, parseJson } from '#lib/protocol/messages/json.ts';
import type { LoadedChallenge } from '#lib/signing/load-challenge.ts';
import css from '../../ask.module.css';
import { quoteTally } from './quote-tally.ts';

type State =
  | { at: 'idle' }
  | { at: 'fetching' | 'counting' }
  | { at: 'failed'; text: string }
  | { at: 'counted'; collected: Collected; fetched: number };

/** Fetches the answers that the site keeps, adds those that came by other ways, and counts each member once. */
export function CountAnswers({ loaded, asker }: { loaded: LoadedChallenge; asker: Asker }) {
  const { context, ahead } = loaded;
  const [state, setState] = useState<State>({ at: 'idle' });
  const [brought, setBrought] = useState<readonly SealedAnswer[]>([]);
  const [fault, setFault] = useState<string>();
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function count() {
    const leaving = new AbortController();
    abort.current = leaving;
    try {
      setState({ at: 'fetching' });
      const kept = await fetchAnswers(context.id, asker, () => Math.floor(ownTime() - ahead), leaving.signal);
      setState({ at: 'counting' });
      const collected = await countAnswers(context, [...kept, ...brought], asker, leaving.signal);
      setState({ at: 'counted', collected, fetched: kept.length });
    } catch (error) {
      if (!leaving.signal.aborted) setState({ at: 'failed', text: error instanceof Error ? error.message : String(error) });
    }
  }

  async function bring(file: File) {
    const json = parseJson(await file.text());
    const read = json.ok ? parseSealedAnswer(json.value) : json;
    if (!read.ok) return setFault('This is not an answer that was saved as a file, or it was cut off or changed.');
    if (read.value.challenge !== context.id) return setFault('This is the answer to another question.');
    setFault(undefined);
    setBrought((before) => [...before.filter(({ ciphertext }) => ciphertext !== read.value.ciphertext), read.value]);
  }

  const isBusy = state.at === 'fetching' || state.at === 'counting';
  return (
    <Stack gap="wide">
      <Section title="Count the answers">
        <FileDrop
          label="An answer that somebody sent you as a file"
          hint={
            brought.length > 0
              ? `${brought.length} brought so far. Bring the next one, if there is one.`
              : 'Only if some came by other ways than this site.'
          }
          accept=".json,application/json"
          error={fault}
          onFile={(file) => void bring(file)}
        />
        <ThreeFacts
          leaves="A request for the answers to this question, signed with your key. The answers are opened and checked here."
          sees="This site sees that the asker looks, and when."
          when="When you press the button."
        />
        {isBusy && (
          <ProgressBar label={state.at === 'fetching' ? 'Fetching the answers' : 'Opening the answers and checking every proof'} />
        )}
        {state.at === 'failed' && <Notice kind="error" live title={state.text} lost="No answer is lost." todo="Try again in a moment." />}
        <div>
          <Button kind={state.at === 'counted' ? 'secondary' : 'primary'} onClick={() => void count()} busy={isBusy}>
            {state.at === 'counted' ? 'Look again' : 'Fetch and count'}
          </Button>
        </div>
      </Section>
      {state.at === 'counted' && <Counted loaded={loaded} collected={state.collected} />}
    </Stack>
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
        {groups.map((group) => (
          <li key={group.header.root} translate="no">
            {describeGroup(group)}
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
