'use client';

import { useMemo, useState } from 'react';
import { manifest } from '#lib/browser/artifacts.ts';
import { describeFutureSeal, listCaveats, listSteps, type StepResult } from '#lib/checking/describe-report.ts';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { LongList } from '../ui/long-list.tsx';
import { NameList } from '../ui/name-list.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { takeFocus } from '../ui/take-focus.ts';
import { Time } from '../ui/time.tsx';
import css from './check.module.css';
import { describeVerdict, quoteVerdict } from './describe-verdict.ts';
import { describeFailure, STEP_NAMES } from './failure-words.ts';

/** What came out: the verdict, every check, every failure with its place, what a record cannot show, and the names. */
export function CheckResult({ report, expected }: { report: RecordReport; expected: string | undefined }) {
  const [at] = useState(() => Math.floor(Date.now() / 1000));
  const verdict = describeVerdict(report, expected);
  const caveats = listCaveats(report, manifest);
  const future = describeFutureSeal(report, at);
  const names = useMemo(() => report.names.map(({ name }) => name ?? 'unreadable name'), [report]);
  return (
    <Stack gap="wide">
      <div className={verdict.holds ? css.holds : css.fails} role="status">
        <h2 ref={takeFocus} tabIndex={-1}>
          {verdict.title}
        </h2>
        <p>{verdict.meaning}</p>
        <blockquote className={css.quote}>{quoteVerdict(report, verdict, at)}</blockquote>
        <CopyButton value={quoteVerdict(report, verdict, at)}>Copy these sentences</CopyButton>
      </div>
      {future && <Notice kind="warning" title="This record was sealed in the future." todo={future} />}
      {report.failures.length > 0 && (
        <Section title="What failed">
          <LongList items={report.failures} textOf={describeFailure} find="Find a failure" one="failure" many="failures">
            {(shown) => (
              <ul className={css.failures}>
                {shown.map((failure) => (
                  <li key={`${failure.line} ${failure.step} ${failure.code} ${failure.detail}`}>
                    <span>{describeFailure(failure)}</span> <code translate="no">{failure.code}</code>
                  </li>
                ))}
              </ul>
            )}
          </LongList>
        </Section>
      )}
      <Section title="What was checked">
        <ol className={css.steps}>
          {listSteps(report).map((step) => (
            <li key={step.step} className={step.passed === null ? css.coming : step.passed ? css.passed : css.failed}>
              <strong>{STEP_NAMES[step.step]}</strong>
              <span className={css.count}>{outcomeOf(step)}</span>
              <span className={css.sentence}>{step.sentence}</span>
            </li>
          ))}
        </ol>
      </Section>
      {names.length > 0 && (
        <Section title={titleOfNames(names.length, verdict.holds)}>
          <NameList names={names} label="The names" />
        </Section>
      )}
      <Section title="What no record can show">
        <ul>
          {caveats.map((caveat) => (
            <li key={caveat}>{caveat}</li>
          ))}
          <li>
            That the rolls hold only real people: for that the issuers stand. Anybody can give a group of invented people the name of
            another, so compare the key of each issuer below with the one that you know from elsewhere.
          </li>
          <li>That nobody was shown another board: compare what you found with others who checked the same statement.</li>
        </ul>
      </Section>
      <FactList facts={listFacts(report)} />
    </Stack>
  );
}

function Groups({ groups }: Pick<RecordReport, 'groups'>) {
  return groups.map(({ name, size, issuer }) => (
    <div key={`${issuer} ${name}`}>
      <PersonName name={name} />
      <span>{`, ${countOf(size, 'member', 'members')}. Its issuer’s key: `}</span>
      <KeyFingerprint hex={issuer} whose="Issuer’s key" />
    </div>
  ));
}

function titleOfNames(count: number, holds: boolean): string {
  const names = countOf(count, 'name', 'names');
  return holds ? names : `${names}, which nobody should rely on`;
}

function outcomeOf(step: StepResult): string {
  if (step.passed === null) return 'not checked';
  if (step.passed) return `${groupDigits(step.checked)} passed`;
  return `${groupDigits(step.failed)} failed`;
}

function listFacts(report: RecordReport) {
  return [
    ...(report.statement ? [{ term: 'Statement', value: <PersonName name={report.statement.text[0]?.title ?? ''} /> }] : []),
    ...(report.id ? [{ term: 'Hash of the statement', value: <KeyFingerprint hex={report.id} whose="Hash of the statement" /> }] : []),
    ...(report.groups.length > 0 ? [{ term: 'Whose members could sign', value: <Groups groups={report.groups} /> }] : []),
    ...(report.ok && report.hash
      ? [{ term: 'Hash of the record', value: <KeyFingerprint hex={report.hash} whose="Hash of the record" /> }]
      : []),
    ...(report.writtenAt === null ? [] : [{ term: 'Sealed by the platform', value: <Time at={report.writtenAt} /> }]),
    { term: 'Lines', value: groupDigits(report.lines) },
  ];
}
