'use client';

import { type ReactNode, useState } from 'react';
import { askToPersist, isPersisted, isStorageScarce } from '#lib/browser/persistence.ts';
import { Button, ButtonLink, ButtonRow } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useReading } from '../ui/use-reading.ts';

interface PersistenceNoticeProps {
  /** What is kept, or will be, as part of a sentence: "your memberships". */
  what: string;
  /** What is safe all the same. */
  todo: ReactNode;
  /** Where a copy is saved. */
  copy?: string;
}

/** Says so where the browser may delete what it keeps here, or has little room for it, with a press that asks it to keep it. */
export function PersistenceNotice({ what, todo, copy }: PersistenceNoticeProps) {
  const { value: outlook } = useReading(readOutlook, []);
  const [answer, setAnswer] = useState('');

  async function ask() {
    const isGranted = await askToPersist();
    setAnswer(isGranted ? `This browser has promised to keep ${what} until you delete them.` : 'This browser did not promise it.');
  }

  if (!outlook || (outlook.isKept && !outlook.isScarce)) return null;
  return (
    <Notice
      kind="warning"
      title={
        outlook.isScarce
          ? 'This looks like a private window, or a device with little room left.'
          : `This browser may delete ${what} by itself.`
      }
      lost={
        outlook.isScarce
          ? `A private window forgets ${what} when it is closed, and a device that is short of room may delete them. An ordinary window on a device with room keeps them longer.`
          : 'It has not promised to keep what this site stores: some browsers delete it after seven days without a visit, others when the device is short of room, and a private window when it is closed.'
      }
      todo={
        <>
          <span>{todo}</span> <span role="status">{answer}</span>
        </>
      }
      action={
        <ButtonRow>
          {copy !== undefined && (
            <ButtonLink prefetch={false} kind="secondary" href={copy}>
              Save a copy
            </ButtonLink>
          )}
          {!outlook.isKept && (
            <Button kind="secondary" onClick={() => void ask()}>
              Ask the browser to keep it
            </Button>
          )}
        </ButtonRow>
      }
    />
  );
}

async function readOutlook(): Promise<{ isKept: boolean; isScarce: boolean }> {
  const [isKept, isScarce] = await Promise.all([isPersisted(), isStorageScarce()]);
  return { isKept, isScarce };
}
