'use client';

import { useEffect, useRef, useState } from 'react';
import { verifyRecord } from '#lib/browser/verify-record.ts';
import type { VerifyingReport } from '#lib/browser/verifying-worker.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { CheckProgressBar } from './check-progress.tsx';
import { CheckResult } from './check-result.tsx';

export type RecordSource = { statement: string } | { file: Blob };

type State = { at: 'checking'; progress: VerifyingReport | null } | { at: 'stopped'; text: string } | { at: 'done'; report: RecordReport };

interface CheckRecordProps {
  source: RecordSource;
  /** The hash that the record's statement must have. */
  expected?: string | undefined;
  onAgain: () => void;
}

/** Checks one record from beginning to end, in a worker, and shows how it goes and what came out. */
export function CheckRecord({ source, expected, onAgain }: CheckRecordProps) {
  const [state, setState] = useState<State>({ at: 'checking', progress: null });
  const abort = useRef<AbortController>(null);

  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    const onReport = (progress: VerifyingReport) => setState({ at: 'checking', progress });
    verifyRecord(source, { signal: controller.signal, onReport }).then(
      (report) => setState({ at: 'done', report }),
      (error: unknown) => {
        if (controller.signal.reason !== LEFT) setState({ at: 'stopped', text: reasonOf(error) });
      },
    );
    return () => controller.abort(LEFT);
  }, [source]);

  const again = (
    <Button kind="secondary" onClick={onAgain}>
      Check again
    </Button>
  );
  switch (state.at) {
    case 'checking':
      return <CheckProgressBar progress={state.progress} onCancel={() => abort.current?.abort(new Error('The check was stopped.'))} />;
    case 'stopped':
      return <Notice kind="warning" live title={state.text} lost="Nothing has been said about the record." action={again} />;
    case 'done':
      return (
        <Stack gap="wide">
          <CheckResult report={state.report} expected={expected} />
          <div>{again}</div>
        </Stack>
      );
  }
}

/** Why a check ends when nobody looks at it any more. */
const LEFT = new Error('left');

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'The check took longer than an hour and was stopped.';
  return error instanceof Error && error.message ? error.message : 'The record could not be read.';
}
