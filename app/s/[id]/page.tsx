import type { Metadata } from 'next';
import { linkFeeds } from '#app/feeds/feed-links.ts';
import { Ring } from '#app/ring/ring.tsx';
import { ButtonLink } from '#app/ui/button.tsx';
import { Letter } from '#app/ui/letter.tsx';
import { PageColumns, PageHead, Stack } from '#app/ui/page-parts.tsx';
import { Words } from '#app/ui/words.tsx';
import { CheckSection } from './check-section.tsx';
import { CommitteeSection } from './committee-section.tsx';
import { EndedSection } from './ended-section.tsx';
import { EqualNames, RepeatedNames } from './equal-names.tsx';
import { HiddenStatement } from './hidden-statement.tsx';
import { KeepFresh } from './keep-fresh.tsx';
import { LateNames } from './late-names.tsx';
import { Lead } from './lead.tsx';
import { LinkCheck } from './link-check.tsx';
import { loadRecordSeal, loadRevised, loadStatementView } from './load-view.ts';
import { MembersSection } from './members-section.tsx';
import {
  canSign,
  describeState,
  findEqualNames,
  findRepeatedNames,
  listHashes,
  nameState,
  presentRing,
  refreshSeconds,
} from './present-statement.ts';
import { RevisionSection } from './revision-section.tsx';
import { ShareSection } from './share-section.tsx';
import css from './statement.module.css';
import { LetterText, StatementText } from './statement-text.tsx';
import { TermsSection } from './terms-section.tsx';

type Params = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const { view } = await loadStatementView((await params).id);
  const { title } = view;
  const description = describeState(view);
  return {
    title,
    description,
    alternates: { canonical: `/s/${view.id}`, types: linkFeeds(null) },
    openGraph: { type: 'article', siteName: 'Round Robin', url: `/s/${view.id}`, title, description },
    twitter: { card: 'summary_large_image', title, description },
  };
}

/** A statement: the round robin, its text and terms, who holds the key, and how to check it. Turns by itself into the ring of names. */
export default async function StatementPage({ params }: Params) {
  const { view, publicUrl, trialCommittee, contact } = await loadStatementView((await params).id);
  if (view.hidden) return <HiddenStatement {...{ view, trialCommittee, contact }} hidden={view.hidden} />;
  const [seal, revised] = await Promise.all([loadRecordSeal(view), loadRevised(view)]);
  const ring = presentRing(view);
  const equalNames = findEqualNames(view);
  const repeatedNames = findRepeatedNames(view);
  return (
    <>
      <div data-print="never">
        <KeepFresh seconds={refreshSeconds(view)} />
        <LinkCheck id={view.id} statement={view.statement}>
          <PageHead
            kicker={nameState(view)}
            title={view.title}
            text={<StatementText view={view} />}
            lead={<Lead view={view} />}
            action={
              canSign(view) && (
                <ButtonLink href={`/s/${view.id}/sign`}>{view.state === 'revealed' ? 'Add your name' : 'Sign this statement'}</ButtonLink>
              )
            }
          />
        </LinkCheck>
        <p className={css.unseen} role="status">
          <Words>{describeState(view)}</Words>
        </p>
        {equalNames.length > 0 && <EqualNames names={equalNames} />}
        {repeatedNames.length > 0 && <RepeatedNames names={repeatedNames} />}
        <div className={css.ring}>
          <Ring {...ring} />
        </div>
        <PageColumns
          main={
            <Stack gap="wide">
              <LateNames view={view} />
              <RevisionSection view={view} revised={revised} />
              <TermsSection view={view} />
              <EndedSection view={view} seal={seal} />
              <CommitteeSection view={view} trialCommittee={trialCommittee} />
              <CheckSection view={view} />
            </Stack>
          }
          beside={
            <Stack gap="wide">
              <MembersSection view={view} />
              <ShareSection view={view} publicUrl={publicUrl} />
            </Stack>
          }
        />
      </div>
      <Letter
        title={view.title}
        text={<LetterText view={view} />}
        ring={ring}
        standing={<Lead view={view} />}
        hashes={listHashes(view, seal)}
        checkUrl={`${publicUrl}/s/${view.id}/check`}
        recordUrl={`${publicUrl}/api/anonymous/statements/${view.id}/record`}
      />
    </>
  );
}
