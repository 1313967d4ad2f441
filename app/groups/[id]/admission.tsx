import { FactList } from '#app/ui/fact-list.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';

/** The ways of SPEC §4.2, and on whose word each of them rests. */
const WAYS: Record<number, { term: string; word: string }> = {
  1: { term: 'By invitation', word: 'on the issuer’s word' },
  2: { term: 'By a code to a work address', word: 'on the word of whoever runs that mail server' },
  3: { term: 'By signing in at an organisation', word: 'on the word of whoever administers its accounts' },
  4: { term: 'By a mail sent from work', word: 'on the word of whoever runs that mail server' },
  5: { term: 'In person', word: 'on the issuer’s word' },
};

/** How the members of a roll were admitted, as its issuer signed it: whose word stands behind them. */
export function Admission({ admitted }: Pick<RollHeader, 'admitted'>) {
  return (
    <Section title="How members were admitted" id="admission">
      {admitted === undefined ? (
        <p>The issuer does not say in its newest roll.</p>
      ) : (
        <>
          <FactList
            facts={admitted.map(({ way, count }) => ({ term: WAYS[way]?.term ?? '', value: `${groupDigits(count)}, ${WAYS[way]?.word}` }))}
          />
          <p>The issuer has signed these numbers with the roll. Nobody else has checked them.</p>
        </>
      )}
    </Section>
  );
}
