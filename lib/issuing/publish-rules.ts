import { hexToBytes } from '@noble/hashes/utils.js';
import type { Api } from '#lib/api/client.ts';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import {
  checkPolicyHistory,
  type GroupPolicy,
  type GroupPolicyFailure,
  type GroupRules,
  STANDARD_RULES,
  signGroupPolicy,
} from '#lib/protocol/permit/group-policy.ts';
import { groupNameOf, type Issuer } from './issuer-file.ts';

type Client = Pick<IssuerApi, 'publishPolicy'> & Pick<Api, 'getPolicies'>;

/**
 * Signs the next policy of a group and publishes it; what is left out of `change` stays as it is. Nothing is sent where nothing changes.
 * `now`: Unix seconds by the platform's clock, within five minutes. @throws ApiError
 */
export async function publishRules(
  api: Client,
  issuer: Issuer,
  { group, change, now }: { group: { id: Hex32; name: string }; change: Partial<GroupRules>; now: number },
  options?: CallOptions,
): Promise<Checked<GroupPolicy | null, GroupPolicyFailure>> {
  const { policies } = await api.getPolicies(group.id, options);
  const history = checkPolicyHistory(group.id, policies);
  if (!history.ok) return history;
  const last = history.value.at(-1);
  const { opening, foreign, quota } = { ...(last ?? STANDARD_RULES), ...change };
  if (last && opening === last.opening && foreign === last.foreign && quota === last.quota) return accept(null);
  const terms = { group: groupNameOf(issuer, group.name), number: (last?.number ?? 0) + 1, opening, foreign, quota };
  const policy = signGroupPolicy({ ...terms, time: Math.max(now, last?.time ?? 0) }, hexToBytes(issuer.seed));
  await api.publishPolicy(group.id, policy, options);
  return accept(policy);
}
