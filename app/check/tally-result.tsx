'use client';

import type { TallyReport } from '#lib/checking/check-tally.ts';
import { describeGroups, describeMembers, TALLY_LIMITS } from '#lib/checking/describe-tally.ts';
import { QuotedPurpose } from '../ask/question.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { LongList } from '../ui/long-list.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { takeFocus } from '../ui/take-focus.ts';
import { Time } from '../ui/time.tsx';
import css from './check.module.css';

/** What a tally amounts to: how many members answered which words, or what is wrong with it. */
export function TallyResult({ report }: { report: TallyReport }) {
  const { challenge, failures } = report;
  if (!report.ok || !challenge)
    return (
      <Stack gap="wide">
        <div className={css.fails} role="status">
          <h2 ref={takeFocus} tabIndex={-1}>
            These answers do not hold.
          </h2>
          <p>Do not rely on anything in this file.</p>
        </div>
        <Section title="What failed">
          <LongList items={failures} textOf={describeTallyFailure} find="Find a failure" one="failure" many="failures">
            {(shown) => (
              <ul className={css.failures}>
                {shown.map((failure) => (
                  <li key={`${failure.code} ${failure.detail}`}>
                    <span>{`${describeTallyFailure(failure)} `}</span>
                    <code translate="no">{failure.code}</code>
                  </li>
                ))}
              </ul>
            )}
          </LongList>
        </Section>
      </Stack>
    );
  return (
    <Stack gap="wide">
      <div className={css.holds} role="status">
        <h2 ref={takeFocus} tabIndex={-1}>
          <span translate="no">{describeMembers(report)}</span>
          <span>{report.members === 1 ? ' has answered.' : ' have answered.'}</span>
        </h2>
        <p>Every proof in this file holds, and each member is counted once, over all groups that were asked. They were asked:</p>
      </div>
      <QuotedPurpose challenge={challenge} />
      <FactList
        facts={[
          {
            term: 'As members of',
            value: describeGroups(report.groups).map((told, i) => (
              <div key={told}>
                <span translate="no">{told}</span>
                <span>. Its issuer’s key: </span>
                <KeyFingerprint hex={report.groups[i]?.header.group.issuer ?? ''} whose="Issuer’s key" />
              </div>
            )),
          },
          { term: 'Could be answered until', value: <Time at={challenge.expires} /> },
          { term: 'The asker’s key', value: <KeyFingerprint hex={challenge.asker.key} whose="The asker’s key" /> },
          { term: 'Hash of the question', value: <KeyFingerprint hex={report.id ?? ''} whose="Hash of the question" /> },
        ]}
      />
      <Section title="What such a file shows, and what it does not">
        <ul>
          {TALLY_LIMITS.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </Section>
    </Stack>
  );
}

function describeTallyFailure({ code, detail }: TallyReport['failures'][number]): string {
  return detail || code;
}
