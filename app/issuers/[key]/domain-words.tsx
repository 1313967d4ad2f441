import { Time } from '#app/ui/time.tsx';
import type { IssuerView } from '#lib/server/issuers/profile.ts';

const WAYS = { dns: 'a record in its DNS', web: 'a file on its web server' };

/** The issuer's domain, and whether its holder recognises the key, with the day on which that was looked at. */
export function DomainWords({ profile }: { profile: NonNullable<IssuerView['profile']> }) {
  const { domain, checkedAt } = profile;
  if (domain === '') return <span>None given.</span>;
  return (
    <>
      <p>
        <bdi translate="no">{domain}</bdi>
      </p>
      <p>
        <DomainProof profile={profile} />
      </p>
      {checkedAt !== null && (
        <p>
          Last looked at: <Time at={checkedAt} detail="day" />
        </p>
      )}
    </>
  );
}

function DomainProof({ profile: { provedBy, provedAt, checkedAt } }: { profile: NonNullable<IssuerView['profile']> }) {
  if (provedBy !== null) return <span>{`Proved by ${WAYS[provedBy]}.`}</span>;
  if (checkedAt === null) return <span>Not looked at yet.</span>;
  if (provedAt === null) return <strong>Not proved: anybody can write a domain here.</strong>;
  return (
    <strong key="lost">
      Not proved any more. It was until <Time at={provedAt} detail="day" />.
    </strong>
  );
}
