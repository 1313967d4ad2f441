import { groupDigits } from '#app/ring/ring-words.ts';
import { NameList } from '#app/ui/name-list.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { PersonName } from '#app/ui/person-name.tsx';

/** Says which names stand more than once, and what that can mean. */
export function EqualNames({ names }: { names: readonly string[] }) {
  const [only] = names;
  return (
    <Notice
      kind="warning"
      title={
        names.length === 1 ? (
          <>
            The name “<PersonName name={only ?? ''} />” stands more than once.
          </>
        ) : (
          `${groupDigits(names.length)} names stand more than once.`
        )
      }
    >
      {names.length > 1 && <NameList names={names} label="Names that stand more than once" />}
      <p>Two people of one name, or one person with two identities. The issuers of the groups can say which.</p>
    </Notice>
  );
}
