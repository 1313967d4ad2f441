'use client';

import { type FormEvent, useState } from 'react';
import type { ClerkList, IssuerLog } from '#lib/api/issuer-shapes.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { groupIdsOf, type Issuer } from '#lib/issuing/issuer-file.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { Time } from '../ui/time.tsx';
import { useReading } from '../ui/use-reading.ts';
import { describeIssuerFailure, describeUnread, type IssuerFailure } from './issuer-failure.ts';
import { describeChange } from './log-words.ts';

type Clerk = ClerkList['clerks'][number];
type Change = IssuerLog['entries'][number];

async function readClerks(signal: AbortSignal): Promise<{ clerks: Clerk[]; changes: Change[] }> {
  return { clerks: await issuerApi.listClerks({ signal }), changes: await issuerApi.listChanges({ signal }) };
}

/** Who else administers this issuer, and what any of them changed. */
export function ClerksSection({ issuer }: { issuer: Issuer }) {
  const { value, error, again } = useReading(readClerks, []);
  const [failed, setFailed] = useState<IssuerFailure | null>(null);
  const failure = failed ?? describeUnread(error);
  const { clerks, changes } = value ?? {};

  async function remove(id: string) {
    setFailed(null);
    await issuerApi.removeClerk(id).catch((error: unknown) => setFailed(describeIssuerFailure(error)));
    again();
  }

  const names = new Map(groupIdsOf(issuer).map((id, i) => [id, issuer.groups[i]?.name ?? id]));
  return (
    <>
      <Section title="Clerks" id="clerks">
        <p>
          Several people can administer this issuer, each with a sign-in of their own. This site keeps no names: a clerk is a number.
          Whoever is to publish rolls needs your key and rosters as well. Give them the file that you save above, by a way that you trust,
          and agree on who publishes: two browsers that go on from one file make two histories, of which this site takes the first.
        </p>
        {failure && <Notice kind="error" live {...failure} />}
        {clerks && (
          <DataTable
            caption="Clerks of this issuer"
            captionHidden
            rows={clerks}
            rowKey={(clerk) => clerk.id}
            columns={[
              { heading: 'Clerk', cell: ({ number, isThis }) => `Clerk ${number}${isThis ? ' (you)' : ''}` },
              { heading: 'Asked', cell: ({ since }) => <Time at={since} detail="day" /> },
              { heading: 'State', cell: ({ hasJoined }) => (hasJoined ? 'Can sign in' : 'Has not answered yet') },
              { heading: 'Remove', cell: (clerk) => <Removal clerk={clerk} onRemove={() => void remove(clerk.id)} /> },
            ]}
          />
        )}
        <AskClerk onAsked={again} />
      </Section>
      {changes && (
        <Section title="What was changed" id="log">
          <p>All clerks see this list. Times are given to the hour.</p>
          <DataTable
            caption="What was changed of this issuer"
            captionHidden
            rows={changes.map((change, i) => ({ ...change, key: changes.length - i }))}
            rowKey={({ key }) => String(key)}
            empty="Nothing yet."
            columns={[
              { heading: 'What', cell: (change) => describeChange(change, names) },
              { heading: 'By', cell: ({ clerk }) => (clerk === undefined ? 'A program with the key' : `Clerk ${clerk}`) },
              { heading: 'When', cell: ({ at }) => <Time at={at} /> },
            ]}
          />
        </Section>
      )}
    </>
  );
}

function Removal({ clerk, onRemove }: { clerk: Clerk; onRemove: () => void }) {
  const who = `clerk ${clerk.number}`;
  return (
    <ConfirmDialog trigger={`Remove ${who}`} title={`Remove ${who}?`} confirm={`Remove ${who}`} onConfirm={onRemove}>
      <p>{clerk.isThis ? 'You are signed out everywhere and cannot sign in to this issuer any more.' : 'Their sessions end at once.'}</p>
      <p>
        A copy of the key that somebody has stays good: it can sign rolls, and whoever holds it can still speak to this site as its program.
      </p>
    </ConfirmDialog>
  );
}

function AskClerk({ onAsked }: { onAsked: () => void }) {
  const [address, setAddress] = useState('');
  const [state, setState] = useState<'ready' | 'busy' | { number: number } | IssuerFailure>('ready');

  async function ask(event: FormEvent) {
    event.preventDefault();
    setState('busy');
    try {
      setState(await issuerApi.askClerk(address.trim()));
      setAddress('');
      onAsked();
    } catch (error) {
      setState(describeIssuerFailure(error));
    }
  }

  return (
    <FormStack onSubmit={(event) => void ask(event)}>
      <TextInput
        label="E-mail address of another clerk"
        type="email"
        autoComplete="off"
        required
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <ThreeFacts
        leaves="The address, for one mail with a link."
        sees="This site, which keeps a keyed hash of it once the link is used, and the mail servers on the way."
        when="When you press the button. The link works once, within a week."
      />
      {typeof state === 'object' && 'number' in state && (
        <Notice kind="info" live title={`Clerk ${state.number} is asked.`} todo="If no mail comes, remove them and ask again." />
      )}
      {typeof state === 'object' && 'title' in state && <Notice kind="error" live {...state} />}
      <div>
        <Button type="submit" kind="secondary" busy={state === 'busy'}>
          Ask them
        </Button>
      </div>
    </FormStack>
  );
}
