import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { linkFeeds } from '#app/feeds/feed-links.ts';
import { ButtonLink } from '#app/ui/button.tsx';
import { CopyField } from '#app/ui/copy-button.tsx';
import { EndedKeyBanner } from '#app/ui/ended-key-banner.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { PageColumns, PageHead, Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import type { ChallengeList, PolicyAnswer, StatementList } from '#lib/api/shapes.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import { ANONYMITY_FLOOR } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { TrusteeDescriptor } from '#lib/protocol/statement/statement.ts';
import { listChallenges } from '#lib/server/challenges/list.ts';
import { getContext } from '#lib/server/current-context.ts';
import { AppError } from '#lib/server/errors.ts';
import { type GroupView, getGroupView, shownName } from '#lib/server/groups/list.ts';
import { listPolicies } from '#lib/server/groups/policies.ts';
import { findEnds } from '#lib/server/issuers/key-ends.ts';
import { findContacts } from '#lib/server/issuers/profile.ts';
import type { Operator } from '#lib/server/operator.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import { Admission } from './admission.tsx';
import { GroupQuestions } from './group-questions.tsx';
import { GroupStatements } from './group-statements.tsx';
import { HiddenGroup } from './hidden-group.tsx';
import { Hiding } from './hiding.tsx';
import { RecognisedTrustees } from './recognised-trustees.tsx';
import { RollHistory } from './roll-history.tsx';
import { WhoMayOpen } from './who-may-open.tsx';

type Props = { params: Promise<{ id: string }> };
type GroupPage = {
  view: GroupView;
  listed: StatementList;
  asked: ChallengeList['challenges'];
  publicUrl: string;
  trustees: readonly TrusteeDescriptor[];
  contact: { name: string; contact: string } | undefined;
  /** How the issuer's key has ended; undefined while it has not. */
  end: EndedKey | undefined;
  policies: PolicyAnswer;
  operator: Operator;
};

/** Rolls that the page lists and judges: of an honest group, all. */
const MOST_ROLLS = 1_000;

const loadGroup = cache(async (id: string): Promise<GroupPage> => {
  const ctx = await getContext();
  const view = await getGroupView(ctx, id, MOST_ROLLS).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'GROUP_NOT_FOUND') notFound();
    throw error;
  });
  const listed = await listStatements(ctx, { group: view.id });
  const asked = await listChallenges(ctx, view.id);
  const contact = (await findContacts(ctx, [view.group.issuer])).get(view.group.issuer);
  const end = (await findEnds(ctx.db, [view.group.issuer])).get(view.group.issuer);
  const policies = await listPolicies(ctx, view.id);
  return { view, listed, asked, publicUrl: ctx.publicUrl, trustees: ctx.trustees, contact, end, policies, operator: ctx.operator };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { view } = await loadGroup((await params).id);
  const name = shownName(view);
  return { title: name, alternates: { types: linkFeeds({ id: view.id, name }) } };
}

/** What everybody may know of a group: how many, since when, by whose word. */
export default async function GroupPage({ params }: Props) {
  const { view, listed, asked, publicUrl, trustees, contact, end, policies, operator } = await loadGroup((await params).id);
  if (view.hidden) return <HiddenGroup view={view} hidden={view.hidden} contact={operator.contact} listed={listed} end={end} />;
  const [newest] = view.rolls;
  return (
    <>
      <PageHead
        kicker="A group"
        title={view.group.name}
        lead={
          newest ? (
            <p key="size">
              <span>{countOf(newest.header.size, 'member', 'members')}</span>. Only its issuer knows who they are.
            </p>
          ) : (
            <p>Its issuer has not published a roll yet, so nobody can sign as a member.</p>
          )
        }
        action={
          newest &&
          !end &&
          newest.header.size >= ANONYMITY_FLOOR && (
            <ButtonLink prefetch={false} href={`/new?group=${view.id}`}>
              Write a statement
            </ButtonLink>
          )
        }
      />
      <PageColumns
        main={
          <>
            {end && <EndedKeyBanner issuer={view.group.issuer} end={end} />}
            <GroupStatements group={{ id: view.id, name: view.group.name }} listed={listed} />
            <GroupQuestions id={view.id} listed={asked} canAsk={!end && (newest?.header.size ?? 0) >= ANONYMITY_FLOOR} />
            <Hiding rolls={view.rolls.map(({ header }) => header)} />
            <WhoMayOpen {...policies} />
            {newest && <Admission admitted={newest.header.admitted} />}
            <RollHistory rolls={view.rolls} />
          </>
        }
        beside={
          <>
            <Section title="Its issuer">
              <p>
                <KeyFingerprint hex={view.group.issuer} whose="Issuer’s key" />
              </p>
              {contact && (
                <p>
                  <PersonName name={contact.name} />, who can be reached at <bdi translate="no">{contact.contact}</bdi>. These are its own
                  words.
                </p>
              )}
              <p>
                <Link prefetch={false} href={`/issuers/${view.group.issuer}`}>
                  More about this issuer
                </Link>
              </p>
              <p>
                The fingerprint of the key that signs every roll. This site does not have the key and cannot admit anybody. If the issuer
                has published it elsewhere, compare.
              </p>
            </Section>
            <RecognisedTrustees keys={newest?.header.trustees ?? []} known={trustees} />
            <CopyField label="Link to this group" value={`${publicUrl}/groups/${view.id}`} />
          </>
        }
      />
    </>
  );
}
