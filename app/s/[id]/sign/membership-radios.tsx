'use client';

import { Fieldset, Radio } from '#app/ui/field.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import type { EligibleMembership } from '#lib/signing/find-membership.ts';

interface MembershipRadiosProps {
  legend: string;
  hint: string;
  eligible: readonly EligibleMembership[];
  picked: EligibleMembership;
  onPick: (index: number) => void;
}

/** Which of several memberships to use. */
export function MembershipRadios({ legend, hint, eligible, picked, onPick }: MembershipRadiosProps) {
  return (
    <Fieldset legend={legend} hint={hint}>
      {eligible.map(({ membership, group }, i) => (
        <Radio
          key={`${group} ${membership.name}`}
          name="membership"
          checked={picked === eligible[i]}
          onChange={() => onPick(i)}
          label={<PersonName name={membership.group.name} />}
          hint={
            <>
              as <PersonName name={membership.name} />
            </>
          }
        />
      ))}
    </Fieldset>
  );
}
