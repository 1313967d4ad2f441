'use client';

import type { ReactNode } from 'react';
import { Button } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import type { Refusal } from './refusal-words.ts';

interface RefusalNoticeProps {
  refusal: Refusal;
  action?: ReactNode;
  /** For a button in place of the action, where the same may work in a moment. */
  onRetry?: () => void;
}

/** A refusal as a notice; loud where something is wrong with the statement or the site. */
export function RefusalNotice({ refusal, action, onRetry }: RefusalNoticeProps) {
  const { title, lost, todo, code, isAlarm, canRetry } = refusal;
  const again = canRetry && onRetry && (
    <Button kind="secondary" onClick={onRetry}>
      Try again
    </Button>
  );
  return <Notice kind={isAlarm ? 'error' : 'warning'} live title={title} lost={lost} todo={todo} code={code} action={again || action} />;
}
