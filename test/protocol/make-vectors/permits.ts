// SPEC §5.10 – §5.12: permits but for their proofs, and the policies of groups and trustees
import { sayMember } from '#lib/protocol/challenge/answer.ts';
import { publicKeyOf, signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { FIELD_ORDER } from '#lib/protocol/numbers/field.ts';
import { BASE, formatPoint } from '#lib/protocol/numbers/point.ts';
import {
  checkGroupPolicy,
  checkPolicyHistory,
  type GroupPolicy,
  type GroupRules,
  judgeOpening,
  type OpenedBy,
  STANDARD_RULES,
  signGroupPolicy,
} from '#lib/protocol/permit/group-policy.ts';
import { checkPermit, isOpenWeek, type Permit, permitScope, permitSignals, sayOpen } from '#lib/protocol/permit/permit.ts';
import { checkTrusteePolicy, signTrusteePolicy, type TrusteePolicy } from '#lib/protocol/permit/trustee-policy.ts';
import { checkStatement, type Statement, statementId } from '#lib/protocol/statement/statement.ts';
import type { TestGroup } from '#test/support/world.ts';
import { type Case, type Chapter, computed, holds, judged } from './chapter.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const { context, groups, committee } = createScene('permits', {
  setup: PLAIN_SETUP,
  threshold: 2,
  size: 4,
  members: [5, 9],
  trigger: { count: 3 },
});
const [first, second] = groups as [TestGroup, TestGroup];
const { statement } = context;
const headers = groups.map(({ header }) => header);
const WEEK = 2_976;
const TIME = 1_800_000_000;
const other: Statement = { ...statement, nonce: '22'.repeat(32) };
const small = `01${'00'.repeat(31)}`;

const permit: Permit = {
  type: 'permit',
  week: WEEK,
  slot: 0,
  said: sayOpen(first.id, context.id),
  nullifier: '7',
  ephemeral: [...formatPoint(BASE)] as [string, string],
  sealed: [...formatPoint(BASE.double())] as [string, string],
  proof: {
    a: ['1', '2'],
    b: [
      ['3', '4'],
      ['5', '6'],
    ],
    c: ['7', '8'],
  },
};
const asked = (name: string, expect: string, change: object): Case => ({
  name,
  input: { permit: { ...permit, ...change } } as unknown as Json,
  expect,
});

const terms = { group: first.header.group, number: 1, ...STANDARD_RULES, time: TIME };
const policy = signGroupPolicy(terms, first.seed);
const resigned = (change: object, seed = first.seed, tag: 'group-policy' | 'roll' = 'group-policy') => {
  const { signature: _, ...body } = { ...policy, ...change };
  return signMessage(tag, body, seed);
};
const said = (name: string, expect: string, value: object): Case => ({ name, input: { policy: value } as unknown as Json, expect });
const next = signGroupPolicy({ ...terms, number: 2, opening: 'accounts', time: TIME + 5 }, first.seed);
const history = (name: string, expect: string, policies: GroupPolicy[]): Case => ({
  name,
  input: { group: first.id, policies } as unknown as Json,
  expect,
});
const opened = (name: string, expect: string, by: OpenedBy, rules: Record<string, Partial<GroupRules>>, slot = 0): Case => ({
  name,
  input: { openedBy: by, slot, rules } as unknown as Json,
  expect,
});
const member = { by: 'member', group: first.id } as const;
const account = { by: 'account', group: first.id } as const;

const trustee = committee.seeds[0] as Uint8Array;
const ids = groups.map(({ id }) => id).sort();
const taken = signTrusteePolicy({ number: 1, groups: ids, mostOpen: 500, longestLife: 160_358_400, time: TIME }, trustee);
const told = (name: string, expect: string, change: object, tag: 'trustee-policy' | 'trustee-log' = 'trustee-policy'): Case => {
  const { signature: _, ...body } = { ...taken, ...change };
  return { name, input: { policy: signMessage(tag, body, trustee) as TrusteePolicy } as unknown as Json, expect };
};

const contextOf = (value: { statement: Statement; headers: typeof headers }) => {
  const checked = checkStatement(value.statement, value.headers);
  if (!checked.ok) throw new Error(checked.code);
  return checked.value;
};

export const permits: Chapter = {
  file: 'permits.json',
  section: '5.10',
  given: { statement, headers } as unknown as Json,
  operations: {
    'permit-scope': {
      about: 'output is the scope of a slot of input.platform',
      replay: ({ platform, group, week, slot }) => computed(String(permitScope(platform, group, week, slot))),
      cases: [
        { name: 'the first slot', input: { platform: statement.platform, group: first.id, week: WEEK, slot: 0 }, expect: 'ok' },
        { name: 'the next slot', input: { platform: statement.platform, group: first.id, week: WEEK, slot: 1 }, expect: 'ok' },
        { name: 'the next week', input: { platform: statement.platform, group: first.id, week: WEEK + 1, slot: 0 }, expect: 'ok' },
        { name: 'another group', input: { platform: statement.platform, group: second.id, week: WEEK, slot: 0 }, expect: 'ok' },
        { name: 'another platform', input: { platform: publicKeyOf(trustee), group: first.id, week: WEEK, slot: 0 }, expect: 'ok' },
      ],
    },
    'check-permit': {
      about: 'whether input.permit is one for given.statement, by steps 1 to 3; output is the signals that its proof must have',
      replay: ({ permit }, value) => {
        const own = contextOf(value);
        return judged(checkPermit(own, permit), (checked) => permitSignals(own, checked).map(String));
      },
      cases: [
        asked('of a member of the first group', 'ok', {}),
        asked('of a member of the second group', 'ok', { said: sayOpen(second.id, context.id) }),
        asked('of the last slot', 'ok', { slot: 15 }),
        asked('of a slot that is none', 'BAD_SHAPE', { slot: 16 }),
        asked('of a week that is none', 'BAD_SHAPE', { week: -1 }),
        asked('with a scope', 'BAD_SHAPE', { scope: '5' }),
        asked('for another statement', 'OTHER_STATEMENT', { said: sayOpen(first.id, statementId(other)) }),
        asked('in a group that the statement does not name', 'UNKNOWN_GROUP', { said: sayOpen('00'.repeat(32), context.id) }),
        asked('that says what an answer says', 'BAD_SHAPE', { said: sayMember(first.id) }),
        asked('that says what a signature says', 'BAD_SHAPE', { said: { action: 'sign', group: first.id } }),
        asked('a nullifier of r', 'BAD_SHAPE', { nullifier: String(FIELD_ORDER) }),
        asked('a nullifier spelt with a zero in front', 'BAD_SHAPE', { nullifier: '07' }),
        asked('T32: an ephemeral that is the identity', 'SEAL_OPEN_TO_ALL', { ephemeral: ['0', '1'] }),
        asked('a sealed point off the curve', 'BAD_POINT', { sealed: ['1', '1'] }),
      ],
    },
    'open-week': {
      about: 'whether a platform takes a permit of input.week at input.now',
      replay: ({ week, now }) => holds(isOpenWeek(week, now)),
      cases: [
        { name: 'its first second', input: { week: WEEK, now: WEEK * 604_800 }, expect: 'ok' },
        { name: 'the second before', input: { week: WEEK, now: WEEK * 604_800 - 1 }, expect: 'refused' },
        { name: 'ten minutes less a second after its end', input: { week: WEEK, now: (WEEK + 1) * 604_800 + 599 }, expect: 'ok' },
        { name: 'ten minutes after its end', input: { week: WEEK, now: (WEEK + 1) * 604_800 + 600 }, expect: 'refused' },
      ],
    },
    'check-group-policy': {
      about: 'whether input.policy is one of the issuer of its group',
      replay: ({ policy }) => judged(checkGroupPolicy(policy)),
      cases: [
        said('as it was made', 'ok', policy),
        said('the widest quota', 'ok', resigned({ quota: 16 })),
        said('a quota of nothing', 'BAD_SHAPE', resigned({ quota: 0 })),
        said('a quota above sixteen', 'BAD_SHAPE', resigned({ quota: 17 })),
        said('an opening that is none', 'BAD_SHAPE', resigned({ opening: 'nobody' })),
        said('number 0', 'BAD_SHAPE', resigned({ number: 0 })),
        said('a foreign spelt out', 'BAD_SHAPE', resigned({ foreign: 'yes' })),
        said('signed by another issuer', 'POLICY_SIGNATURE', resigned({}, second.seed)),
        said('for the group of another issuer', 'POLICY_SIGNATURE', resigned({ group: second.header.group })),
        said('signed as a roll is', 'POLICY_SIGNATURE', resigned({}, first.seed, 'roll')),
        said('with another quota, not signed again', 'POLICY_SIGNATURE', { ...policy, quota: 3 }),
        said('an issuer key of small order', 'BAD_GROUP', { ...policy, group: { ...policy.group, issuer: small } }),
      ],
    },
    'check-policy-history': {
      about: 'whether input.policies are all policies of input.group so far',
      replay: ({ group, policies }) => judged(checkPolicyHistory(group, policies)),
      cases: [
        history('none', 'ok', []),
        history('two', 'ok', [policy, next]),
        history('without the first', 'POLICY_ORDER', [next]),
        history('one twice', 'POLICY_ORDER', [policy, policy]),
        history('of another group', 'POLICY_ORDER', [signGroupPolicy({ ...terms, group: second.header.group }, second.seed)]),
        history('back in time', 'POLICY_ORDER', [policy, signGroupPolicy({ ...terms, number: 2, time: TIME - 1 }, first.seed)]),
      ],
    },
    'judge-opening': {
      about: 'whether given.statement may be opened by input.openedBy with input.slot, where input.rules differ from the standard ones',
      replay: ({ openedBy, slot, rules }, value) =>
        judged(judgeOpening(contextOf(value).rolls, openedBy, (group) => ({ ...STANDARD_RULES, ...rules[group] }), slot)),
      cases: [
        opened('by a member', 'ok', member, {}),
        opened('by a member with the second slot', 'ok', member, {}, 1),
        opened('by a member with a third slot', 'SLOT_BEYOND_QUOTA', member, {}, 2),
        opened('by a member with a third slot of three', 'ok', member, { [first.id]: { quota: 3 } }, 2),
        opened('by an account', 'ok', account, {}),
        opened('by a member where only the account may', 'ACCOUNTS_ONLY', member, { [first.id]: { opening: 'accounts' } }),
        opened('by the account where only it may', 'ok', account, { [first.id]: { opening: 'accounts' } }),
        opened('by a member where the other group has closed its own doors', 'ok', member, { [second.id]: { opening: 'accounts' } }),
        opened('by a member where the other group is not named by others', 'GROUP_CLOSED', member, { [second.id]: { foreign: false } }),
        opened('by another issuer’s account where it is not', 'GROUP_CLOSED', account, { [second.id]: { foreign: false } }),
        opened('where the own group is not named by others', 'ok', member, { [first.id]: { foreign: false } }),
        opened('for a group that it does not name', 'UNKNOWN_GROUP', { by: 'account', group: '00'.repeat(32) }, {}),
      ],
    },
    'check-trustee-policy': {
      about: 'whether input.policy is one of the trustee that it names',
      replay: ({ policy }) => judged(checkTrusteePolicy(policy)),
      cases: [
        told('as it was made', 'ok', {}),
        told('for any group', 'ok', { groups: 'any' }),
        told('groups that do not ascend', 'POLICY_GROUPS', { groups: ids.toReversed() }),
        told('a group twice', 'POLICY_GROUPS', { groups: [first.id, first.id] }),
        told('no group', 'BAD_SHAPE', { groups: [] }),
        told('no statement at all', 'BAD_SHAPE', { mostOpen: 0 }),
        told('of another trustee', 'POLICY_SIGNATURE', { key: publicKeyOf(committee.seeds[1] as Uint8Array) }),
        told('of a key of small order', 'BAD_TRUSTEE', { key: small }),
        told('signed as a log is', 'POLICY_SIGNATURE', {}, 'trustee-log'),
      ],
    },
  },
};
