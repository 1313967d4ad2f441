import Link from 'next/link';
import type { FeedGroup } from '#app/feeds/feed-links.ts';
import { FollowFeeds } from '#app/feeds/follow-feeds.tsx';
import { ListedStatements } from '#app/statements/statement-list.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import type { StatementList as Listed } from '#lib/api/shapes.ts';

/** What the members of a group may sign or could have signed, newest first. */
export function GroupStatements({ group, listed: { statements, next } }: { group: FeedGroup; listed: Listed }) {
  return (
    <Section title="Statements" id="statements">
      {statements.length > 0 ? <ListedStatements statements={statements} /> : <p>None names this group yet.</p>}
      {next && (
        <p>
          <Link prefetch={false} href={`/statements?group=${group.id}&before=${next}`}>
            Older ones
          </Link>
        </p>
      )}
      <FollowFeeds group={group} />
    </Section>
  );
}
