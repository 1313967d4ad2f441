'use client';

import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { issuerApi, issuerStore } from '#lib/browser/issue-rolls.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import { addGroup, groupIdsOf, type Issuer } from '#lib/issuing/issuer-file.ts';
import { registerGroup } from '#lib/issuing/run-group.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { toNormal } from '#lib/protocol/messages/normal-form.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { useReading } from '../ui/use-reading.ts';
import { describeIssuerFailure, describeUnread, type IssuerFailure } from './issuer-failure.ts';
import { type IssuerGroup, mergeGroups } from './merge-groups.ts';
import css from './my-groups.module.css';

/** The list of groups, and the form for another one. */
export function MyGroups({ issuer }: { issuer: Issuer }) {
  const { value: known, error, again } = useReading((signal) => issuerApi.listGroups({ signal }), []);
  const [failed, setFailed] = useState<IssuerFailure | null>(null);
  const failure = failed ?? describeUnread(error);

  function readAgain() {
    setFailed(null);
    again();
  }

  async function register(current: Issuer, id: Hex32) {
    try {
      await registerGroup(issuerApi, current, id, Math.floor(ownTime() - (await askClockAhead())));
      readAgain();
    } catch (error) {
      setFailed(describeIssuerFailure(error));
    }
  }

  return (
    <>
      {failure && (
        <Notice
          kind="error"
          live
          {...failure}
          action={
            <Button kind="secondary" onClick={readAgain}>
              Try again
            </Button>
          }
        />
      )}
      {known && (known.length > 0 || issuer.groups.length > 0) && (
        <DataTable
          caption="Groups that you keep"
          captionHidden
          rows={mergeGroups(issuer, known)}
          rowKey={(group) => group.id}
          columns={[
            { heading: 'Group', cell: (group) => <GroupCell group={group} onRegister={() => void register(issuer, group.id)} /> },
            { heading: 'On your roster', numeric: true, cell: (group) => group.roster ?? '—' },
            { heading: 'In the public roll', numeric: true, cell: (group) => group.size || 'No roll yet' },
          ]}
        />
      )}
      <MakeGroup onMade={register} />
    </>
  );
}

function GroupCell({ group, onRegister }: { group: IssuerGroup; onRegister: () => void }) {
  if (group.standing === 'kept')
    return (
      <Link prefetch={false} href={`/issuer/groups/${group.id}`}>
        <PersonName name={group.name} />
      </Link>
    );
  if (group.standing === 'ended')
    return (
      <span key="ended">
        <Link prefetch={false} href={`/groups/${group.id}`}>
          <PersonName name={group.name} />
        </Link>{' '}
        <small className={css.note}>Of a key that has ended. Open statements keep it.</small>
      </span>
    );
  if (group.standing === 'elsewhere')
    return (
      <span key="elsewhere">
        <PersonName name={group.name} /> <small className={css.note}>Its key is not in this browser: restore it from your file.</small>
      </span>
    );
  return (
    <span key="unknown">
      <PersonName name={group.name} /> <small className={css.note}>This site does not know it yet.</small>
      <Button kind="link" onClick={onRegister}>
        Register it
      </Button>
    </span>
  );
}

function MakeGroup({ onMade }: { onMade: (issuer: Issuer, id: Hex32) => Promise<void> }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function make(event: FormEvent) {
    event.preventDefault();
    setError(undefined);
    setBusy(true);
    const fault = await keepGroup(toNormal(name.trim()), onMade);
    setBusy(false);
    if (fault) setError(fault);
    else setName('');
  }

  return (
    <Section title="Make a group" id="make">
      <FormStack onSubmit={(event) => void make(event)}>
        <TextInput
          label="Name of the group"
          hint="As the public will read it, for example “Nurses of St Mary’s Hospital”. It cannot be changed later."
          required
          value={name}
          error={error}
          onChange={(event) => setName(event.target.value)}
        />
        <ThreeFacts
          leaves="The group’s name and the public half of your key, signed."
          sees="Everybody: the group gets a public page."
          when="When you press the button. Members’ names are never part of it."
        />
        <div>
          <Button type="submit" busy={busy}>
            Make the group
          </Button>
        </div>
      </FormStack>
    </Section>
  );
}

/** Stores a new group before this site hears of it. On a trial instance its own trustees are recognised from the start. */
async function keepGroup(name: string, onMade: (issuer: Issuer, id: Hex32) => Promise<void>): Promise<string | null> {
  const platform = await anonymousApi.getPlatform().catch(() => null);
  if (!platform) return 'This site cannot be reached. Try again in a moment.';
  const trustees = platform.trial ? platform.trustees.map((trustee) => trustee.key) : [];
  let fault: string | null = null;
  const issuer = await issuerStore.update((current) => {
    const added = addGroup(current, name, trustees);
    if (added.ok) return added.value;
    fault = `This name cannot be used: ${added.detail}.`;
    return current;
  });
  if (!fault) await onMade(issuer, groupIdsOf(issuer).at(-1) as Hex32);
  return fault;
}
