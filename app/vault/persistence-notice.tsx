'use client';

import { useEffect, useState } from 'react';
import { askToPersist, isPersisted } from '#lib/browser/persistence.ts';
import { Button, ButtonLink, ButtonRow } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

interface PersistenceNoticeProps {
  /** What is kept, as part of a sentence: "your memberships". */
  what: string;
  /** Where a copy is saved. */
  copy: string;
}

/** Says so where the browser may delete what it keeps here, with a press for a copy and one that asks the browser to keep it. */
export function PersistenceNotice({ what, copy }: PersistenceNoticeProps) {
  const [kept, setKept] = useState<boolean | null>(null);
  const [answer, setAnswer] = useState('');

  useEffect(() => {
    let current = true;
    void isPersisted().then((persisted) => {
      if (current) setKept(persisted);
    });
    return () => {
      current = false;
    };
  }, []);

  async function ask() {
    const isGranted = await askToPersist();
    setAnswer(
      isGranted
        ? `This browser has promised to keep ${what} until you delete them.`
        : 'This browser did not promise it. Only a copy is safe.',
    );
  }

  if (kept !== false) return null;
  return (
    <Notice
      kind="warning"
      title={`This browser may delete ${what} by itself.`}
      lost="It has not promised to keep what this site stores: some browsers delete it after seven days without a visit, others when the device is short of room."
      todo={
        <>
          Save a copy, and keep the file where it will not get lost. <span role="status">{answer}</span>
        </>
      }
      action={
        <ButtonRow>
          <ButtonLink prefetch={false} kind="secondary" href={copy}>
            Save a copy
          </ButtonLink>
          <Button kind="secondary" onClick={() => void ask()}>
            Ask the browser to keep it
          </Button>
        </ButtonRow>
      }
    />
  );
}
