'use client';

import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { checkPolicyHistory } from '#lib/protocol/permit/group-policy.ts';
import { Notice } from '../ui/notice.tsx';
import { describeRules } from '../ui/opening-rules.ts';
import { useReading } from '../ui/use-reading.ts';

/**
 * What the issuer of a chosen group has signed about who opens statements, where not everybody may: before the text is written, and not
 * after. Where it cannot be read here, whoever opens the statement is told.
 */
export function OpeningNote({ group, name }: { group: Hex32; name: string }) {
  const { value } = useReading((signal) => anonymousApi.getPolicies(group, { signal }), [group]);
  const history = value && checkPolicyHistory(group, value.policies);
  const rules = history?.ok ? history.value.at(-1) : undefined;
  if (!rules || (rules.opening === 'open' && rules.foreign)) return null;
  return <Notice kind="info" title={`Who may open a statement for ${quote(name)}:`} todo={describeRules(rules).join(' ')} />;
}
