import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listedHash } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash, type Said } from '#lib/protocol/board/signature.ts';
import { nullifierOf } from '#lib/protocol/member/credential.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  readWholeBoard,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { mixWave, openingOf } from '../support/reveal.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { createGroup, signForReal, systemRandom, type TestGroup } from '../support/world.ts';

type Signed = { entry: Entry; salt: string };

/** Where one statement is named, and where a roll, a group, a trustee or a range of a board: what any visitor can fill in. */
const PUBLIC = [
  '/api/anonymous/groups',
  '/api/anonymous/groups/[id]',
  '/api/anonymous/platform',
  '/api/anonymous/rolls/[hash]',
  '/api/anonymous/rolls/[hash]/leaves',
  '/api/anonymous/rolls/[hash]/names',
  '/api/anonymous/statements',
  '/api/anonymous/statements/[id]',
  '/api/anonymous/statements/[id]/board',
  '/api/anonymous/statements/[id]/board/[from]/[hash]',
  '/api/anonymous/statements/[id]/messages',
  '/api/anonymous/statements/[id]/record',
  '/api/anonymous/trustees/[key]/statements',
];

/**
 * Four sign in three checkpoints and one of them takes it back; the others are revealed in one wave. Under a second statement one signs,
 * and it ends destroyed. Then somebody seizes the wallets and searches whatever anybody can get, and what the platform stored.
 */
describe('T50: who seizes a wallet', () => {
  let platform: TestPlatform;
  let routes: Route[];
  let group: TestGroup;
  let revealed: OpenStatement;
  let destroyed: OpenStatement;
  const shown: Signed[] = [];
  let withdrawn: Signed[];
  let unopened: Signed;
  const files: Record<'sealed' | 'mixed' | 'open' | 'over', string> = { sealed: '', mixed: '', open: '', over: '' };
  /** The numbers of every item of every step of the mix. */
  let mixed: string[];
  const dumps: Record<'sealed' | 'over', string> = { sealed: '', over: '' };

  const signUnder = async (open: OpenStatement, member: number, action: Said['action']): Promise<Signed> => {
    const said = { action, group: group.id };
    const entry = await signForReal(open.context, open.key.keyed.key, group, member, said, systemRandom);
    const salt = Buffer.from(systemRandom(32)).toString('hex');
    await postEntry(platform.ctx, entry, salt);
    return { entry, salt };
  };

  beforeAll(async () => {
    platform = await startPlatform();
    connectRoutes(platform);
    routes = await loadRoutes();
    group = createGroup('Harbour pilots', inventNames(8), systemRandom);
    await publishGroup(platform, group);
    revealed = await openKeyedStatement(platform, [group], { count: 3 }, { together: 3 });
    destroyed = await openKeyedStatement(platform, [group], { count: 3 });
    unopened = await signUnder(destroyed, 0, 'sign');
    await publishAndCosign(platform, destroyed, [1, 2, 3]);
    shown.push(await signUnder(revealed, 0, 'sign'));
    withdrawn = [await signUnder(revealed, 3, 'sign')];
    await nextCheckpoint();
    withdrawn.push(await signUnder(revealed, 3, 'withdraw'));
    shown.push(await signUnder(revealed, 1, 'sign'));
    await nextCheckpoint();
    shown.push(await signUnder(revealed, 2, 'sign'));
    await nextCheckpoint();
    files.sealed = await readPublic();
    dumps.sealed = await dumpDatabase(platform.databaseUrl);
    const { setting, chain } = await mixWave(platform, revealed, [1, 4]);
    mixed = chain.flatMap(({ lists }) => lists.flatMap(({ items }) => items.flat(2)));
    await acceptMessage(platform.ctx, revealed.context.id, openingOf(revealed, setting, chain, 2));
    files.mixed = await readPublic();
    await acceptMessage(platform.ctx, revealed.context.id, openingOf(revealed, setting, chain, 4));
    files.open = await readPublic();
    platform.clock.now = destructionTime(revealed.context.statement);
    await eraseUnopened(platform.ctx);
    files.over = await readPublic();
    dumps.over = await dumpDatabase(platform.databaseUrl);
  });
  afterAll(() => platform?.stop());

  const nextCheckpoint = async () => {
    platform.clock.now += 5;
    await publishAndCosign(platform, revealed, [1, 2, 3]);
  };

  /** The answers of every anonymous address, bytes in hex. */
  async function readPublic(): Promise<string> {
    const { fetch } = fetchFrom(routes);
    const addresses = [
      'groups',
      `groups/${group.id}`,
      'platform',
      'statements',
      `trustees/${revealed.key.authors[0]!.context.id}/statements`,
    ];
    for (const { context } of [revealed, destroyed]) {
      const place = `statements/${context.id}`;
      const roll = `rolls/${context.statement.rolls[0]!.roll}`;
      addresses.push(place, `${place}/board`, `${place}/messages`, `${place}/record`, roll, `${roll}/leaves`, `${roll}/names`);
      const index = (await (await fetch(`${ORIGIN}/api/anonymous/${place}/board`)).json()) as {
        segments: { from: number; hash: string }[];
      };
      addresses.push(...index.segments.map(({ from, hash }) => `${place}/board/${from}/${hash}`));
    }
    const texts: string[] = [];
    for (const address of addresses) {
      const answer = await fetch(`${ORIGIN}/api/anonymous/${address}`);
      expect([address, answer.status]).toEqual([address, 200]);
      const bytes = Buffer.from(await answer.arrayBuffer());
      texts.push(answer.headers.get('Content-Type')?.includes('octet-stream') ? bytes.toString('hex') : bytes.toString());
    }
    return texts.join('\n');
  }

  const nullifierOfMember = (open: OpenStatement, member: number) =>
    formatField(nullifierOf(group.members[member]!.identity, open.context.scope));
  /** Everything of a signature that its owner's secret, or the body itself, leads to. */
  const tracesOf = ({ entry, salt }: Signed) => [
    ...[entry.nullifier, ...entry.ephemeral, ...entry.sealed].flatMap((number) => [number, toHex(number)]),
    ...[entryHash(entry), salt],
  ];
  const toHex = (decimal: string) => BigInt(decimal).toString(16).padStart(64, '0');
  const found = (needles: readonly string[], text: string) => needles.filter((needle) => text.includes(needle));

  it('searches every address that shows anything to everybody', () => {
    const readable = routes.filter(({ pattern, methods }) => pattern.startsWith('/api/anonymous/') && methods.includes('GET'));
    expect(readable.map(({ pattern }) => pattern).sort()).toEqual(PUBLIC);
  });

  it('computes the nullifiers, and finds them where they must be: on the platform, before the end', () => {
    expect(nullifierOfMember(revealed, 3)).toBe(withdrawn[0]!.entry.nullifier);
    expect(nullifierOfMember(destroyed, 0)).toBe(unopened.entry.nullifier);
    for (const { entry, salt } of [...shown, ...withdrawn, unopened])
      expect(found([toHex(entry.nullifier), salt], dumps.sealed)).toHaveLength(2);
  });

  it('finds in public nothing of anybody until k trustees have opened: no entry, no salt, no item of a mix (T49)', () => {
    for (const text of [files.sealed, files.mixed])
      expect([...shown.flatMap(tracesOf), ...mixed].filter((one) => text.includes(one))).toEqual([]);
    expect(mixed.length).toBeGreaterThan(20);
    expect(found(mixed, files.open)).toEqual(mixed);
  });

  it('finds of a withdrawn or destroyed signature nothing in public, ever', () => {
    for (const one of [...withdrawn, unopened]) for (const text of Object.values(files)) expect(found(tracesOf(one), text)).toEqual([]);
  });

  it('finds a revealed signature in its wave, and with all that is public not in which checkpoint it came', async () => {
    const lists = new Set((await readWholeBoard(platform.ctx, revealed.context.id)).flatMap(({ listed }) => listed));
    for (const { entry, salt } of shown) {
      const hash = entryHash(entry);
      expect(lists.has(listedHash(hash, salt))).toBe(true);
      expect(found([entry.nullifier], files.over)).toEqual([entry.nullifier]);
      const candidates = new Set(`${files.open}\n${files.over}`.match(/[0-9a-f]{64}/g));
      expect(candidates.size).toBeGreaterThan(50);
      expect([...candidates].filter((one) => lists.has(listedHash(hash, one)))).toEqual([]);
    }
  });

  it('finds on the platform, once the statements are over, no more than in public', () => {
    expect(shown.flatMap(({ salt }) => found([salt], dumps.over))).toEqual([]);
    expect([...withdrawn, unopened].flatMap((one) => found(tracesOf(one), dumps.over))).toEqual([]);
  });
});
