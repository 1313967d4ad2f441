// SPEC §5.12: what trustees have signed that they take on, for whoever writes a statement
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { checkTrusteePolicy, newestPolicies, type TrusteePolicy } from '#lib/protocol/permit/trustee-policy.ts';
import { destructionTime, type Statement } from '#lib/protocol/statement/statement.ts';
import type { Warning } from './warnings.ts';

const DAY = 86_400;

/** The policies of these trustees that hold, by their keys: what is not signed by the trustee that it names says nothing. */
function holdingPolicies(keys: readonly Hex32[], policies: readonly unknown[]): Map<Hex32, TrusteePolicy> {
  const checked = policies.flatMap((policy) => {
    const one = checkTrusteePolicy(policy);
    return one.ok && keys.includes(one.value.key) ? [one.value] : [];
  });
  return newestPolicies(checked);
}

/** Trustees of a statement that have said that they take no part in one like it: without all of them there is no key. `now` in Unix seconds. */
export function policyWarnings(statement: Statement, policies: readonly unknown[], now: number): Warning[] {
  const { trustees } = statement.committee;
  const byKey = holdingPolicies(
    trustees.map(({ key }) => key),
    policies,
  );
  return trustees.flatMap(({ key, name }): Warning[] => {
    const policy = byKey.get(key);
    const fault = policy && faultBy(policy, statement, now);
    return fault
      ? [{ code: 'TRUSTEE_DECLINES', loud: true, text: `${quote(name)} has signed that it ${fault}. Without it no key can be made.` }]
      : [];
  });
}

function faultBy({ groups, longestLife }: TrusteePolicy, statement: Statement, now: number): string | null {
  if (groups !== 'any' && statement.rolls.some(({ group }) => !groups.includes(group))) return 'serves other groups alone';
  if (destructionTime(statement) > now + longestLife)
    return `takes on nothing that ends more than ${Math.floor(longestLife / DAY)} days ahead`;
  return null;
}
