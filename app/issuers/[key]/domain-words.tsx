import { Time } from '#app/ui/time.tsx';
import type { IssuerView } from '#lib/server/issuers/profile.ts';

const WAYS = { dns: 'a record in its DNS', web: 'a file on its web server' };

/** The issuer's domain, and whether its holder recognises the key, with the day on which that was looked at. */
export function DomainWords({ profile }: { profile: NonNullable<IssuerView['profile']> }) {
  const { domain, provedBy, provedAt, checkedAt } = profile;
  const name = <span translate="no">{domain}</span>;
  if (domain === '') return <>None given.</>;
  if (provedBy !== null)
    return (
      <>
        {name}: proved by {WAYS[provedBy]}, last looked at <Day at={checkedAt ?? provedAt} />.
      </>
    );
  if (provedAt !== null)
    return (
      <>
        {name}: <strong>not proved any more</strong>. It was until <Day at={provedAt} />, and was last looked at <Day at={checkedAt} />.
      </>
    );
  return checkedAt === null ? (
    <>{name}: not looked at yet.</>
  ) : (
    <>
      {name}: <strong>not proved</strong>. Last looked at <Day at={checkedAt} />; anybody can write a domain here.
    </>
  );
}

function Day({ at }: { at: number | null }) {
  return at === null ? <>never</> : <Time at={at} detail="day" />;
}
