import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { ANONYMITY_COMFORT, ANONYMITY_FLOOR, type RollHeader } from '#lib/protocol/member/roll.ts';
import { growthWarnings } from '#lib/signing/growth.ts';

/** What belonging to a group hides, and what it cannot. @param rolls newest first */
export function Hiding({ rolls }: { rolls: readonly RollHeader[] }) {
  const size = rolls[0]?.size ?? 0;
  return (
    <Section title="What this group can hide" id="hiding">
      {size > 0 && size < ANONYMITY_FLOOR && (
        <Notice
          kind="warning"
          title={`Too small: no statement opens on a group of fewer than ${ANONYMITY_FLOOR}.`}
          todo="With so few members, anybody could guess who signed."
        />
      )}
      {size >= ANONYMITY_FLOOR && size < ANONYMITY_COMFORT && (
        <Notice
          kind="warning"
          title={`With ${size} members, people may guess.`}
          todo={`A crowd of ${ANONYMITY_COMFORT} or more hides better. Members are told so before they sign.`}
        />
      )}
      {growthWarnings(rolls).map(({ code, text }) => (
        <Notice key={code} kind="warning" title={text} />
      ))}
      <p>
        Until a statement is revealed, a signature shows only that <em>somebody</em> in the group has signed. Neither this site nor the
        issuer can tell who, even if they work together, and nobody can sign twice.
      </p>
      <p>
        It does not hide how many have signed, and when nearly all have, the rest can be told by elimination. Nor can it vouch that members
        are real: the issuer can admit invented people, which is why every change in size is listed below, with its date.
      </p>
    </Section>
  );
}
