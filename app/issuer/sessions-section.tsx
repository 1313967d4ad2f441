'use client';

import { useState } from 'react';
import { ApiError } from '#lib/api/api-error.ts';
import type { SessionList } from '#lib/api/issuer-shapes.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { Time } from '../ui/time.tsx';
import { useReading } from '../ui/use-reading.ts';
import { describeIssuerFailure, describeUnread, type IssuerFailure } from './issuer-failure.ts';

type Session = SessionList['sessions'][number];

/** Where the account is signed in, with a button to end each of the others. This browser's own ends with Sign out. */
export function SessionsSection() {
  const { value: sessions, error, again } = useReading((signal) => issuerApi.listSessions({ signal }), []);
  const [failed, setFailed] = useState<IssuerFailure | null>(null);
  const failure = failed ?? describeUnread(error);

  async function end(id: string) {
    setFailed(null);
    try {
      await issuerApi.endSession(id);
    } catch (error) {
      if (!ApiError.is(error, 'SESSION_NOT_FOUND')) setFailed(describeIssuerFailure(error)); // it ended by itself
    }
    again();
  }

  return (
    <Section title="Where you are signed in" id="sessions">
      <p>
        A session ends an hour after it was last used, and after twelve hours at most. This site keeps no addresses and does not know which
        browser is which: end what you do not recognise by its times.
      </p>
      {failure && <Notice kind="error" live {...failure} />}
      {sessions && (
        <DataTable
          caption="Sessions of this account"
          captionHidden
          rows={sessions}
          rowKey={(session) => session.id}
          columns={[
            { heading: 'Since', cell: ({ startedAt }) => <Time at={startedAt} /> },
            { heading: 'Last used about', cell: ({ activeAt }) => <Time at={activeAt} /> },
            { heading: 'End it', cell: (session) => <SessionEnd session={session} onEnd={() => void end(session.id)} /> },
          ]}
        />
      )}
    </Section>
  );
}

function SessionEnd({ session, onEnd }: { session: Session; onEnd: () => void }) {
  if (session.isThis) return 'This browser';
  return (
    <Button kind="link" onClick={onEnd}>
      End this session
    </Button>
  );
}
