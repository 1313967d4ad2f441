'use client';

import { useState } from 'react';
import type { Made } from '#lib/browser/ceremony-worker.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ContributionMade } from './contribution-made.tsx';
import { PartForm, type PersonTakingPart } from './part-form.tsx';
import { TurnProgress } from './turn-progress.tsx';
import { type TurnFailure, useTurn } from './use-turn.ts';

/** Taking part in a ceremony: name and randomness, the queue, the work, and what comes out. */
export function JoinCeremony({ ceremony }: { ceremony: string }) {
  const { turn, failure, take, stop, again } = useTurn(ceremony);
  const [person, setPerson] = useState<PersonTakingPart>({ name: '', seed: null });
  if (turn.at === 'form') return <PartForm person={person} onPerson={setPerson} onStart={(part) => void take(part)} />;
  if (turn.at === 'accepted') return <ContributionMade made={turn.made} position={turn.position} />;
  if (failure) return <StoppedTurn failure={failure} made={turn.made} onAgain={again} />;
  return <TurnProgress report={turn.report} links={turn.links} onCancel={stop} />;
}

/** A turn that came to nothing, or whose contribution the site did not take. */
function StoppedTurn({ failure, made: everything, onAgain }: { failure: TurnFailure; made: Made | null; onAgain: () => void }) {
  const made = failure.lost ? null : everything; // nobody can add what has another before it
  return (
    <Stack gap="wide">
      <Notice
        kind="warning"
        live
        title={failure.text}
        lost={failure.lost ?? (made ? 'Your contribution is made and still here.' : 'The ceremony is as it was. Your part was not added.')}
        todo={made ? 'Save the two files below and send them to the coordinator, before somebody else contributes.' : undefined}
        {...(failure.code ? { code: failure.code } : {})}
        action={
          <Button kind="secondary" onClick={onAgain}>
            Begin again
          </Button>
        }
      />
      {made && <ContributionMade made={made} position={null} />}
    </Stack>
  );
}
