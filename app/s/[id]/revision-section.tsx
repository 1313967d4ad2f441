import Link from 'next/link';
import { Fragment } from 'react';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { compareTexts, type Stretch } from '#lib/signing/text-difference.ts';
import { ChangedTerms } from './changed-terms.tsx';
import css from './revision.module.css';
import { cutTag } from './statement-title.tsx';

/** What a statement claims to revise, and how the two differ. The older one's page says nothing of it: anybody can claim anything. */
export function RevisionSection({ view, revised }: { view: StatementView; revised: StatementContext | null }) {
  const { revises } = view.statement;
  if (!revises) return null;
  const older = revised?.statement.text[0];
  return (
    <Section title="It claims to revise an earlier statement">
      <p>
        {older ? (
          <Link href={`/s/${revises}`} prefetch={false}>
            <PersonName name={older.title} />
          </Link>
        ) : (
          <>
            <span>This site does not have that one, or does not show it. Its hash is </span>
            <KeyFingerprint hex={revises} whose="Hash of the statement that it claims to revise" />
          </>
        )}
      </p>
      <p>
        That is the claim of whoever wrote this one. Nothing shows that the two have one author, and no signature of the one counts here.
      </p>
      {revised && <ChangedTexts older={revised.statement.text} newer={view.statement.text} />}
      {revised && <ChangedTerms older={revised} newer={view.context} />}
    </Section>
  );
}

/** All texts are signed, so each is compared with that of its own language; one that has none there is taken out or put in whole. */
function ChangedTexts({ older, newer }: { older: Statement['text']; newer: Statement['text'] }) {
  const tagOf = ({ language }: Statement['text'][number]) => language.toLowerCase();
  const tags = [...new Set([...newer, ...older].map(tagOf))];
  return tags.map((tag) => {
    const [before, now] = [older, newer].map((texts) => texts.find((one) => tagOf(one) === tag));
    const where = tags.length > 1 ? ` (${cutTag(tag)})` : '';
    return (
      <Fragment key={tag}>
        <Difference what={`Title${where}`} stretches={compareTexts(before?.title ?? '', now?.title ?? '', tags.length)} />
        <Difference what={`Text${where}`} stretches={compareTexts(before?.body ?? '', now?.body ?? '', tags.length)} />
      </Fragment>
    );
  });
}

function Difference({ what, stretches }: { what: string; stretches: readonly Stretch[] }) {
  if (stretches.every(({ kind }) => kind === 'both')) return <p>{`${what}: the same.`}</p>;
  return (
    <>
      <h3>{what}</h3>
      <p className={css.difference} dir="auto" translate="no">
        {stretches.map(({ kind, text }, i) => {
          const shown = writeOutUnseen(text).text;
          // biome-ignore lint/suspicious/noArrayIndexKey: a stretch is nothing but its place
          return kind === 'both' ? <span key={i}>{shown}</span> : kind === 'old' ? <del key={i}>{shown}</del> : <ins key={i}>{shown}</ins>;
        })}
      </p>
    </>
  );
}
