'use client';

import type { AskerDomainState } from '#lib/api/asker-domain.ts';
import type { Challenge, ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';
import { FactList } from '../ui/fact-list.tsx';
import { GroupRolls } from '../ui/group-rolls.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';
import css from './ask.module.css';
import { describeAskerName } from './describe-asker.ts';
import { describeMade } from './describe-made.ts';

/** The asker's words, every character of them, set apart as a quotation, and by whom they claim to be. */
export function QuotedPurpose({ challenge, domain }: { challenge: Challenge; domain?: AskerDomainState | undefined }) {
  const { purpose, asker } = challenge;
  return (
    <figure className={css.quoted}>
      <blockquote lang={purpose.language} dir="auto" translate="no">
        {writeOutUnseen(purpose.text).text}
      </blockquote>
      <figcaption>
        <span>— </span>
        <PersonName name={asker.name} />
        <span className={css.unproven}>{` ${describeAskerName(domain)}`}</span>
      </figcaption>
    </figure>
  );
}

/** What else there is to know of a challenge. `made`: how many this asker's key has made on this site, where that is known. */
export function QuestionFacts({ context, made }: { context: ChallengeContext; made?: number }) {
  const { challenge, rolls } = context;
  return (
    <FactList
      facts={[
        { term: 'Asked of', value: <GroupRolls rolls={rolls} /> },
        { term: 'Can be answered until', value: <Time at={challenge.expires} /> },
        { term: 'The asker’s key', value: <KeyFingerprint hex={challenge.asker.key} whose="The asker’s key" /> },
        ...(made === undefined ? [] : [{ term: 'How many they ask', value: describeMade(made) }]),
      ]}
    />
  );
}
