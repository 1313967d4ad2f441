import Link from 'next/link';
import css from '#app/ask/ask.module.css';
import { describeAskerName } from '#app/ask/describe-asker.ts';
import { describeMade } from '#app/ask/describe-made.ts';
import { shortenText } from '#app/ring/ring-names.ts';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { Time } from '#app/ui/time.tsx';
import type { ChallengeList } from '#lib/api/shapes.ts';
import { challengeId } from '#lib/protocol/challenge/challenge.ts';

/** Who asks the members of a group to prove that they belong, and for what. */
export function GroupQuestions({ id, listed, canAsk }: { id: string; listed: ChallengeList['challenges']; canAsk: boolean }) {
  return (
    <Section title="Proofs of membership" id="questions">
      {listed.length > 0 ? (
        <ul className={css.asked}>
          {listed.map(({ challenge, made, domain }) => {
            const own = challengeId(challenge);
            return (
              <li key={own}>
                <p lang={challenge.purpose.language}>
                  <Link prefetch={false} href={`/ask/${own}#${own}`}>
                    <PersonName name={shortenPurpose(challenge.purpose.text)} />
                  </Link>
                </p>
                <small>
                  <span>{domain?.provedBy ? 'Asked by ' : 'Asked by somebody who writes the name '}</span>
                  <PersonName name={challenge.asker.name} />
                  <span>, until </span>
                  <Time at={challenge.expires} />
                </small>
                {domain && <small>{describeAskerName(domain)}</small>}
                <small>{describeMade(made)}</small>
              </li>
            );
          })}
        </ul>
      ) : (
        <p>Nobody is asking the members of this group anything at the moment.</p>
      )}
      {canAsk && (
        <p>
          <Link prefetch={false} href={`/ask?group=${id}`}>
            Ask members to prove that they belong
          </Link>
        </p>
      )}
    </Section>
  );
}

/** Of a line of text, what is some 140 letters wide. */
const SHOWN_EMS = 70;

/** The beginning of an asker's words, on one line. */
export function shortenPurpose(text: string): string {
  return shortenText(text.replaceAll(/\s+/g, ' '), SHOWN_EMS);
}
