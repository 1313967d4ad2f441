import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { RollHistory } from '#app/groups/[id]/roll-history.tsx';
import { GroupTable } from '#app/groups/group-table.tsx';
import { EndedKeyBanner } from '#app/ui/ended-key-banner.tsx';
import { FactList } from '#app/ui/fact-list.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { PageHead, Section, Stack } from '#app/ui/page-parts.tsx';
import { getContext } from '#lib/server/current-context.ts';
import { AppError } from '#lib/server/errors.ts';
import { getIssuerView, type IssuerView } from '#lib/server/issuers/profile.ts';
import { DomainWords } from './domain-words.tsx';

type Props = { params: Promise<{ key: string }> };

const loadIssuer = cache(async (key: string): Promise<IssuerView> => {
  return getIssuerView(await getContext(), key).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'ISSUER_NOT_FOUND') notFound();
    throw error;
  });
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { profile } = await loadIssuer((await params).key);
  return { title: profile?.name ?? 'An issuer' };
}

/** Whose word stands behind the names of these groups: what they say of themselves, what was checked of it, and every roll. */
export default async function IssuerPublicPage({ params }: Props) {
  const { key, profile, groups, hidden, histories, end, follows } = await loadIssuer((await params).key);
  return (
    <>
      <PageHead
        kicker="An issuer"
        title={profile?.name ?? 'An issuer without a name'}
        lead={<p>It says who the members of its groups are, and signs every roll with its key. This site does not have that key.</p>}
      />
      <Stack gap="wide">
        {end && <EndedKeyBanner issuer={key} end={end} />}
        <Section title="Who they are">
          {profile ? (
            <>
              {profile.about && <p dir="auto">{profile.about}</p>}
              <FactList
                facts={[
                  { term: 'Contact', value: <bdi translate="no">{profile.contact}</bdi> },
                  { term: 'Domain', value: <DomainWords profile={profile} /> },
                ]}
              />
              <p>Name, description and contact are the issuer’s own words, which nobody has checked. A domain is looked at every day.</p>
            </>
          ) : (
            <p>This issuer has said nothing of itself on this site.</p>
          )}
        </Section>
        <Section title="Key">
          <p>
            <KeyFingerprint hex={key} whose="Issuer’s key" />
          </p>
          <p>If the issuer has published this fingerprint elsewhere, compare.</p>
          {follows.map((before) => (
            <p key={before}>
              <span>It follows an older key, which has signed that: </span>
              <Link prefetch={false} href={`/issuers/${before}`}>
                <KeyFingerprint hex={before} whose="The older key" short />
              </Link>
            </p>
          ))}
        </Section>
        <Section title="Groups">
          <GroupTable isWhole groups={groups} />
          {hidden > 0 && (
            <p>
              <span>{`Of its groups, this site has hidden ${hidden}. `}</span>
              <Link prefetch={false} href="/moderation">
                Why
              </Link>
            </p>
          )}
        </Section>
        {histories.map((group) => (
          <RollHistory key={group.id} rolls={group.rolls} of={group.group.name} />
        ))}
        {groups.length > histories.length && <p>The page of each further group lists its rolls.</p>}
      </Stack>
    </>
  );
}
