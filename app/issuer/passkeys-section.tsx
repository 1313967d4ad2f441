'use client';

import { useState } from 'react';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { Time } from '../ui/time.tsx';
import { useReading } from '../ui/use-reading.ts';
import { makePasskey } from './ask-authenticator.ts';
import { describeIssuerFailure, describeUnread, type IssuerFailure } from './issuer-failure.ts';

/** The passkeys with which this clerk signs in, and another one. */
export function PasskeysSection() {
  const { value: kept, error, again } = useReading((signal) => issuerApi.listPasskeys({ signal }), []);
  const [state, setState] = useState<'ready' | 'busy' | 'none' | 'added' | IssuerFailure>('ready');
  const failure = typeof state === 'object' ? state : describeUnread(error);

  async function add() {
    setState('busy');
    try {
      const made = await makePasskey(await issuerApi.askForPasskey());
      if (made !== null) await issuerApi.addPasskey(made);
      setState(made === null ? 'none' : 'added');
    } catch (error) {
      setState(describeIssuerFailure(error));
    }
    again();
  }

  async function remove(id: string) {
    setState('ready');
    await issuerApi.removePasskey(id).catch((error: unknown) => setState(describeIssuerFailure(error)));
    again();
  }

  return (
    <Section title="Passkeys" id="passkeys">
      <p>
        A passkey signs you in with the lock of your device, and cannot be read on its way or typed into a false page. It does not hold your
        signing key.
      </p>
      {state === 'added' && <Notice kind="info" live title="The passkey is added." />}
      {state === 'none' && <Notice kind="info" live title="No passkey was made, or this device has one already." />}
      {failure && <Notice kind="error" live {...failure} />}
      {kept && kept.length > 0 && (
        <DataTable
          caption="Your passkeys"
          captionHidden
          rows={kept}
          rowKey={({ id }) => id}
          columns={[
            { heading: 'Passkey', cell: () => 'Passkey' },
            { heading: 'Added', cell: ({ since }) => <Time at={since} detail="day" /> },
            {
              heading: 'Remove',
              cell: ({ id }) => (
                <Button kind="link" onClick={() => void remove(id)}>
                  Remove this passkey
                </Button>
              ),
            },
          ]}
        />
      )}
      <div>
        <Button kind="secondary" busy={state === 'busy'} onClick={() => void add()}>
          Add a passkey
        </Button>
      </div>
    </Section>
  );
}
