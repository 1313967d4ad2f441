'use client';

import { hexToBytes } from '@noble/hashes/utils.js';
import { useState } from 'react';
import { useIssuerJob } from '#app/issuer/use-issuer-job.ts';
import { Button } from '#app/ui/button.tsx';
import { Checkbox, Fieldset, Radio, Select } from '#app/ui/field.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { describeRules } from '#app/ui/opening-rules.ts';
import { Section, Stack } from '#app/ui/page-parts.tsx';
import { useReading } from '#app/ui/use-reading.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import { findGroup, type Issuer, issuerKey } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import {
  checkPolicyHistory,
  type GroupPolicy,
  type GroupRules,
  MOST_QUOTA,
  STANDARD_RULES,
  signGroupPolicy,
} from '#lib/protocol/permit/group-policy.ts';

interface OpeningChoiceProps {
  issuer: Issuer;
  id: Hex32;
}

/** Who may open statements for the group: what holds, and the issuer's word for another rule. */
export function OpeningChoice({ issuer, id }: OpeningChoiceProps) {
  const { value: policies, error, again } = useReading((signal) => readPolicies(id, signal), [id]);
  if (error !== undefined)
    return <Notice kind="error" title="This site does not say who may open statements." todo="Load this page again." />;
  if (!policies) return <p role="status">Asking who may open statements …</p>;
  return <OpeningForm key={policies.length} issuer={issuer} id={id} policies={policies} onPublished={again} />;
}

/** @throws ApiError, and Error where what the site shows does not hold together */
async function readPolicies(id: Hex32, signal: AbortSignal): Promise<GroupPolicy[]> {
  const checked = checkPolicyHistory(id, (await anonymousApi.getPolicies(id, { signal })).policies);
  if (!checked.ok) throw new Error(checked.detail);
  return checked.value;
}

const OPENINGS: readonly (readonly [GroupRules['opening'], string, string])[] = [
  ['open', 'Every member', 'Without being named. You open statements too.'],
  [
    'approved',
    'Every member, once you have read the draft',
    'You see each draft before anybody else, and not who wrote it. A refusal and your reason are public, the text is not.',
  ],
  ['accounts', 'You alone', 'Members ask you.'],
];

const QUOTAS = Array.from({ length: MOST_QUOTA }, (_, i) => i + 1);

interface OpeningFormProps extends OpeningChoiceProps {
  policies: readonly GroupPolicy[];
  onPublished: () => void;
}

function OpeningForm({ issuer, id, policies, onPublished }: OpeningFormProps) {
  const inForce: GroupRules = policies.at(-1) ?? STANDARD_RULES;
  const [rules, setRules] = useState<GroupRules>({ opening: inForce.opening, foreign: inForce.foreign, quota: inForce.quota });
  const job = useIssuerJob();
  const isChanged = rules.opening !== inForce.opening || rules.foreign !== inForce.foreign || rules.quota !== inForce.quota;

  async function publish() {
    const isDone = await job.start(async ({ signal }) => {
      const time = Math.floor(ownTime() - (await askClockAhead()));
      const group = { issuer: issuerKey(issuer), name: findGroup(issuer, id).name };
      const policy = signGroupPolicy({ group, number: policies.length + 1, ...rules, time }, hexToBytes(issuer.seed));
      await issuerApi.publishPolicy(id, policy, { signal });
    });
    if (isDone) onPublished();
  }

  return (
    <Section title="Who may open a statement" id="opening">
      <Stack>
        <p>{describeRules(inForce).join(' ')}</p>
        <Fieldset legend="From now on" hint="Statements that are open already keep what held when they were opened.">
          {OPENINGS.map(([opening, label, hint]) => (
            <Radio
              key={opening}
              name="opening"
              checked={rules.opening === opening}
              onChange={() => setRules({ ...rules, opening })}
              label={label}
              hint={hint}
            />
          ))}
          <Checkbox
            label="Members of other groups may name this group beside their own"
            checked={rules.foreign}
            onChange={(event) => setRules({ ...rules, foreign: event.target.checked })}
          />
        </Fieldset>
        {rules.opening !== 'accounts' && (
          <Select
            label="Statements of one member in a week"
            value={String(rules.quota)}
            onChange={(event) => setRules({ ...rules, quota: Number(event.target.value) })}
          >
            {QUOTAS.map((quota) => (
              <option key={quota} value={quota}>
                {quota}
              </option>
            ))}
          </Select>
        )}
        {job.failure && <Notice kind="error" live {...job.failure} />}
        <div>
          <Button kind="secondary" busy={job.running} disabled={!isChanged} onClick={() => void publish()}>
            Sign and publish this rule
          </Button>
        </div>
      </Stack>
    </Section>
  );
}
