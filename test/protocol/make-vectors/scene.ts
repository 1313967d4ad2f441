import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Trigger } from '#lib/protocol/statement/trigger.ts';
import { seeded } from '#test/circuits/signer.ts';
import { type Committee, createCommittee, createGroup, createStatement, type TestGroup } from '#test/support/world.ts';

/** The verification key that a statement names, and the setup that made it. */
export type Setup = { verificationKey: string; setup: string };
/** Of no key: for vectors that hold no proof, so that a new setup leaves them as they are. */
export const PLAIN_SETUP: Setup = { verificationKey: 'aa'.repeat(32), setup: 'bb'.repeat(32) };

export type Scene = { context: StatementContext; groups: TestGroup[]; committee: Committee; random: Random };

type Plan = {
  setup: Setup;
  threshold: number;
  size: number;
  /** How many members each group has. */
  members: readonly number[];
  trigger: Trigger | ((groups: readonly TestGroup[]) => Trigger);
  change?: Partial<Statement>;
};

const NAMES = [
  'Ada Lovelace',
  'Žofie Nováková',
  'Brian O’Neill',
  '李小龍',
  'Μαρία Παππά',
  'Fatima Al-Zahra',
  'Jón Jónsson',
  'Nguyễn Văn An',
  'Ana-María Ruiz',
];

/** Groups, committee and statement out of a seed. */
export function createScene(seed: string, plan: Plan): Scene {
  const random = seeded(seed);
  const groups = plan.members.map((count, i) =>
    createGroup(
      `Crew ${i + 1}`,
      NAMES.slice(0, count).map((name) => `${name}, crew ${i + 1}`),
      random,
    ),
  );
  const committee = createCommittee(plan.size, plan.threshold, random);
  const trigger = typeof plan.trigger === 'function' ? plan.trigger(groups) : plan.trigger;
  const context = createStatement(groups, committee, trigger, { ...plan.setup, random, change: plan.change ?? {} });
  return { context, groups, committee, random };
}

/** The secrets behind a scene, so that an implementation can also make what it checks here. They protect nothing. */
export function secretsOf({ groups, committee }: Scene) {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return {
    trustees: committee.seeds.map(hex),
    issuers: groups.map((group) => hex(group.seed)),
    members: groups.map((group) => group.members.map(({ identity, name }) => ({ secret: formatField(identity.secret), name }))),
  };
}
