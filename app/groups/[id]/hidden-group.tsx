import Link from 'next/link';
import { EndedKeyBanner } from '#app/ui/ended-key-banner.tsx';
import { HiddenNotice } from '#app/ui/hidden-notice.tsx';
import { PageHead, Stack } from '#app/ui/page-parts.tsx';
import type { Decision, StatementList } from '#lib/api/shapes.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import { type GroupView, shownName } from '#lib/server/groups/list.ts';
import { GroupStatements } from './group-statements.tsx';
import { RollHistory } from './roll-history.tsx';

interface HiddenGroupProps {
  view: GroupView;
  hidden: Decision;
  /** How the operator is reached; null where nobody said. */
  contact: string | null;
  listed: StatementList;
  end: EndedKey | undefined;
}

/** A group that this site does not show: why, and what its members may still need. */
export function HiddenGroup({ view, hidden, contact, listed, end }: HiddenGroupProps) {
  return (
    <>
      <PageHead kicker="A group" title={shownName(view)} />
      <Stack gap="wide">
        <HiddenNotice
          decision={hidden}
          contact={contact}
          todo="No new statement and no new question may name it. Statements that do go on as before, and its members can sign them and take their signatures back. Wallets still find its rolls."
        />
        {end && <EndedKeyBanner issuer={view.group.issuer} end={end} />}
        <p>
          <Link prefetch={false} href={`/issuers/${view.group.issuer}`}>
            Its issuer
          </Link>
        </p>
        <GroupStatements group={{ id: view.id, name: shownName(view) }} listed={listed} />
        <RollHistory rolls={view.rolls} />
      </Stack>
    </>
  );
}
