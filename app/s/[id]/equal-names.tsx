import { NameList } from '#app/ui/name-list.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import type { ShownName } from './present-statement.ts';

/** Says which names stand more than once, and what that can mean. */
export function EqualNames({ names }: { names: readonly string[] }) {
  const [only] = names;
  return (
    <Notice
      kind="warning"
      title={
        only !== undefined && names.length === 1
          ? `The name ${quote(only)} stands more than once.`
          : `${groupDigits(names.length)} names stand more than once.`
      }
    >
      {names.length > 1 && <NameList names={names} label="Names that stand more than once" />}
      <p>Two people of one name, or one person with two identities. The issuers of the groups can say which.</p>
    </Notice>
  );
}

/** Says which names stand for several signatures: each is shown once, and counts as often as it was signed. SPEC §10.8. */
export function RepeatedNames({ names }: { names: readonly ShownName[] }) {
  const [only] = names;
  const sum = names.reduce((all, { signatures }) => all + signatures, 0);
  return (
    <Notice
      kind="warning"
      title={
        only && names.length === 1
          ? `The name ${quote(only.text)} stands for ${groupDigits(sum)} signatures.`
          : `${groupDigits(names.length)} names stand for ${groupDigits(sum)} signatures.`
      }
    >
      {names.length > 1 && <NameList names={names.map(({ text }) => text)} label="Names that stand for several signatures" />}
      <p>The roll of their group holds them more than once: each is shown once, and all its signatures count. The issuer can say why.</p>
    </Notice>
  );
}
