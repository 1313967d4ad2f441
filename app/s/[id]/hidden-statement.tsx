import Link from 'next/link';
import { ButtonLink } from '#app/ui/button.tsx';
import { HiddenNotice } from '#app/ui/hidden-notice.tsx';
import { PageHead, Stack } from '#app/ui/page-parts.tsx';
import { Time } from '#app/ui/time.tsx';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { CheckSection } from './check-section.tsx';
import { CommitteeSection } from './committee-section.tsx';
import { KeepFresh } from './keep-fresh.tsx';
import type { HiddenPage } from './load-view.ts';
import { canSign, describeState, nameState, refreshSeconds } from './present-statement.ts';

/** A statement that this site does not show: why, how it stands for those who have signed it, and where its record is. */
export function HiddenStatement({ view, hidden, contact, trialCommittee }: HiddenPage) {
  return (
    <>
      <KeepFresh seconds={refreshSeconds(view)} />
      <PageHead kicker={nameState(view)} title={view.title} />
      <Stack gap="wide">
        <HiddenNotice decision={hidden} contact={contact} todo={<GoesOn view={view} isRefused={hidden.action === 'refuse'} />} />
        <Stack gap="narrow">
          <p role="status">{describeState(view)}</p>
          <p>
            <span>Deadline: </span>
            <Time at={view.statement.deadline} />
          </p>
        </Stack>
        <CommitteeSection view={view} trialCommittee={trialCommittee} />
        <CheckSection view={view} />
      </Stack>
    </>
  );
}

function GoesOn({ view, isRefused }: { view: StatementView; isRefused: boolean }) {
  if (isRefused) return <span key="refused">Nobody had signed it, and nobody can sign it here.</span>;
  return (
    <span key="hidden">
      <span>
        Its text is not shown here. Hiding takes nothing away from those who have signed: their signatures stay sealed on the board, and the
        trustees open the names under the same condition as before.{' '}
      </span>
      {canSign(view) && <Link href={`/s/${view.id}/withdraw`}>Take your signature back</Link>}
    </span>
  );
}

/** In place of the page on which it would be signed. */
export function NoSigning({ view, hidden, contact }: HiddenPage) {
  const back = (
    <ButtonLink kind="secondary" href={`/s/${view.id}`}>
      Back to the statement
    </ButtonLink>
  );
  const todo =
    hidden.action === 'refuse'
      ? 'It takes no signatures here.'
      : 'It cannot be signed on this page. This site still takes a signature that npm run sign makes from its hash.';
  return <HiddenNotice decision={hidden} contact={contact} todo={todo} action={back} />;
}
