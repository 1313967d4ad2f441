'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { Button } from '../ui/button.tsx';
import { Fieldset, Radio } from '../ui/field.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { OpenAsIssuer } from './open-as-issuer.tsx';
import { OpenAsMember } from './open-as-member.tsx';

interface OpenStatementProps {
  context: StatementContext;
  onBack: () => void;
}

/** Who opens a statement that is complete: a member, who stays unnamed, or an issuer with its account. */
export function OpenStatement({ context, onBack }: OpenStatementProps) {
  const router = useRouter();
  const [isIssuer, setIssuer] = useState(false);
  const onOpened = () => router.push(`/s/${context.id}#${context.id}`);
  const OpenAs = isIssuer ? OpenAsIssuer : OpenAsMember;
  return (
    <Section title="Open it" id="open">
      <Stack>
        <Fieldset
          legend="You open it as"
          hint="Whoever opens a statement belongs to one of its groups, so that nobody can flood this site and its trustees."
        >
          <Radio
            name="opener"
            checked={!isIssuer}
            onChange={() => setIssuer(false)}
            label="A member, who stays unnamed"
            hint="Your browser proves that you belong to a group. Nobody learns who you are, not even this site."
          />
          <Radio
            name="opener"
            checked={isIssuer}
            onChange={() => setIssuer(true)}
            label="The issuer of a group"
            hint="For whoever is signed in with the issuer’s account here. Everybody reads that the issuer has opened it."
          />
        </Fieldset>
        <OpenAs context={context} onOpened={onOpened} />
        <div>
          <Button kind="secondary" onClick={onBack}>
            Change something
          </Button>
        </div>
      </Stack>
    </Section>
  );
}
