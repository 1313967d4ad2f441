import { Words } from '#app/ui/words.tsx';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';

/** By whom a statement was opened, and on whose word that is so. SPEC §5.10. */
export function WhoOpened({ view: { openedBy, context, key } }: { view: Pick<StatementView, 'openedBy' | 'context' | 'key'> }) {
  const header = openedBy && context.rolls.get(openedBy.group);
  if (!header) return null;
  const group = quote(nameGroupsBy(context.rolls)(openedBy.group));
  const isKeyed = key.status === 'keyed';
  const said =
    openedBy.by === 'account'
      ? `Opened by the issuer of ${group}. That is this site’s word.`
      : `Opened by a member of ${group} (1 of ${header.size}). ${isKeyed ? 'This site and the trustees vouch for that; nobody knows which member.' : 'This site vouches for that; nobody knows which member.'}`;
  return (
    <p>
      <Words>{said}</Words>
    </p>
  );
}
