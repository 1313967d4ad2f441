import { expect, it } from 'vitest';
import { signTrusteePolicy } from '#lib/protocol/permit/trustee-policy.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { policyWarnings } from '#lib/signing/trustee-policies.ts';
import { inventNames } from '../support/platform.ts';
import { createCommittee, createGroup, createStatement, systemRandom } from '../support/world.ts';

const group = createGroup('Harbour pilots', inventNames(8), systemRandom);
const committee = createCommittee(4, 2, systemRandom);
const options = { verificationKey: 'a'.repeat(64), setup: 'b'.repeat(64), random: systemRandom };
const { statement } = createStatement([group], committee, { count: 3 }, options);
const [seed, other] = committee.seeds as [Uint8Array, Uint8Array];
const end = destructionTime(statement);
const DAY = 86_400;
const policy = (number: number, change: object = {}, by = seed) =>
  signTrusteePolicy({ groups: 'any', mostOpen: 5, longestLife: 10 * DAY, time: 1_800_000_000, number, ...change }, by);
const warn = (policies: unknown[], now = end - 10 * DAY) => policyWarnings(statement, policies, now).map(({ text }) => text);
const name = `“${statement.committee.trustees[0]?.name}”`;

it('an author is told of trustees who have signed that they take no part in such a statement, by their newest word', () => {
  const foreign = { groups: ['c'.repeat(64)] };
  expect(warn([policy(1)])).toEqual([]);
  expect(warn([policy(1, foreign)])).toEqual([`${name} has signed that it serves other groups alone. Without it no key can be made.`]);
  expect(warn([policy(1)], end - 10 * DAY - 1)).toEqual([
    `${name} has signed that it takes on nothing that ends more than 10 days ahead. Without it no key can be made.`,
  ]);
  expect(warn([policy(2), policy(1, foreign)])).toEqual([]);
  expect(warn([policy(1, { groups: [group.id] }), policy(1, foreign, other)])).toHaveLength(1);
});

it('a policy that its trustee has not signed, or of somebody who is not in the committee, says nothing', () => {
  expect(warn([{ ...policy(1), groups: ['c'.repeat(64)] }, policy(1, { groups: ['c'.repeat(64)] }, systemRandom(32)), null])).toEqual([]);
});
