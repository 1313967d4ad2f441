'use client';

import { useMemo, useState } from 'react';
import { CheckRecord } from '#app/check/check-record.tsx';
import { Button, ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { recordPath } from '#lib/browser/verify-record.ts';

/** One button, then the whole check of this statement's record. */
export function CheckStatement({ id }: { id: string }) {
  const [round, setRound] = useState(0);
  const source = useMemo(() => ({ statement: id }), [id]);
  if (round > 0) return <CheckRecord key={round} source={source} expected={id} onAgain={() => setRound(round + 1)} />;
  return (
    <ButtonRow>
      <Button onClick={() => setRound(1)}>Check the whole record</Button>
      <ButtonLink kind="secondary" href={recordPath(id)} prefetch={false} download>
        Download it
      </ButtonLink>
    </ButtonRow>
  );
}
