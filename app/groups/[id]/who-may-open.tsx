import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { describeRules } from '#app/ui/opening-rules.ts';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { Time } from '#app/ui/time.tsx';
import type { PolicyAnswer } from '#lib/api/shapes.ts';
import { STANDARD_RULES } from '#lib/protocol/permit/group-policy.ts';
import css from './group.module.css';

/** Who opens statements for a group, and what its issuer did not let be opened. */
export function WhoMayOpen({ policies, refused }: PolicyAnswer) {
  const newest = policies.at(-1);
  return (
    <Section title="Who may open a statement" id="opening">
      {describeRules(newest ?? STANDARD_RULES).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {newest ? (
        <p key="signed">
          <span>Its issuer has signed so on </span>
          <Time at={newest.time} detail="day" />.
        </p>
      ) : (
        <p key="silent">Its issuer has said nothing about it, so this holds.</p>
      )}
      {refused.length > 0 && (
        <details>
          <summary>{refused.length === 1 ? 'One draft was refused' : `${refused.length} drafts were refused`}</summary>
          <ul className={css.trustees}>
            {refused.map(({ statement, reason, day }) => (
              <li key={statement}>
                <PersonName name={reason} />
                <small>
                  <Time at={day} detail="day" />, <KeyFingerprint hex={statement} whose="Hash of the draft" short />
                </small>
              </li>
            ))}
          </ul>
          <p>The reason is the issuer’s own. What a draft said is kept nowhere: its hash shows whoever has it that it was this one.</p>
        </details>
      )}
    </Section>
  );
}
