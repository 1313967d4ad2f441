'use client';

import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { admissionWarnings, crowdWarnings, triggerWarnings, trusteeWarnings, type Warning, waveWarnings } from '#lib/signing/warnings.ts';
import { HidingTable } from '../ui/hiding-table.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { takeFocusAtTop } from '../ui/take-focus.ts';
import css from './new.module.css';
import { OpenStatement } from './open-statement.tsx';
import { StatementTerms } from './statement-terms.tsx';

interface ReviewStatementProps {
  context: StatementContext;
  headers: readonly RollHeader[];
  /** What the rolls of the groups tell about members who may be invented, and trustees about what they take on. */
  further: readonly Warning[];
  onBack: () => void;
}

/** Exactly the statement that will be posted: as readers see it, with its warnings, and as it is hashed. */
export function ReviewStatement({ context, headers, further, onBack }: ReviewStatementProps) {
  const { statement } = context;
  const [text] = statement.text;
  const warnings = [
    ...crowdWarnings(headers),
    ...triggerWarnings(context),
    ...waveWarnings(statement.together, headers),
    ...admissionWarnings(headers, statement),
    ...headers.flatMap((header) => trusteeWarnings(statement.committee, header, nameGroupsBy(context.rolls))),
    ...further,
  ];

  return (
    <Stack gap="wide">
      <Stack>
        <h2 ref={takeFocusAtTop} tabIndex={-1} className={css.heading}>
          Read it once more
        </h2>
        <p>
          Nothing of it can be changed once it is open: the text, the condition, the deadline, the groups and the trustees are one hash.
        </p>
        <article className={css.preview} lang={text?.language}>
          <p className={css.title}>
            <PersonName name={text?.title ?? ''} />
          </p>
          <Markdown text={text?.body ?? ''} lang={text?.language} />
        </article>
        <StatementTerms context={context} />
        {warnings.map((warning) => (
          <Notice key={warning.text} kind="warning" title={warning.text} />
        ))}
      </Stack>
      <details className={css.hashed}>
        <summary>Whom a signer hides among</summary>
        <HidingTable conditions={context} headers={headers} nameOf={nameGroupsBy(context.rolls)} />
      </details>
      <details className={css.hashed}>
        <summary>Exactly what is hashed</summary>
        <p>The statement in canonical form (RFC 8785). Its hash is its name, and every signature is bound to it.</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text that scrolls must be reachable by keyboard */}
        <section className={css.canonical} tabIndex={0} aria-label="Canonical JSON of the statement">
          <pre translate="no">{canonicalJson(statement)}</pre>
        </section>
        <p>
          Hash: <KeyFingerprint hex={context.id} whose="Hash of the statement" />
        </p>
      </details>
      <OpenStatement context={context} onBack={onBack} />
    </Stack>
  );
}
