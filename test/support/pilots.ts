import { inventNames, type OpenStatement, openKeyedStatement, publishGroup, type TestPlatform } from './platform.ts';
import { createGroup, type TestGroup } from './world.ts';

/** The seed of a platform on which the signatures of the pilots are kept. */
export const PILOTS_SEED = 'whole path';
export const PILOTS = ['Ada Lovelace', 'Žofie Nováková', 'Brian O’Neill', '李小龍', ...inventNames(5)];

/** The group of the pilots, published. It has to be the first that its platform draws. */
export async function publishPilots(platform: TestPlatform): Promise<TestGroup> {
  const group = createGroup('Harbour pilots', PILOTS, platform.random);
  await publishGroup(platform, group);
  return group;
}

/** The pilots, and a statement that three of them open. */
export async function openPilots(platform: TestPlatform): Promise<{ group: TestGroup; open: OpenStatement }> {
  const group = await publishPilots(platform);
  return { group, open: await openKeyedStatement(platform, [group], { count: 3 }) };
}
