// SPEC §10.9: the names of opened tokens
import { checkCapsules, type OpenedName } from '#lib/protocol/member/capsule.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { formatPoint, type PointText } from '#lib/protocol/numbers/point.ts';
import { checkNames, lookUpNames, type Names, seatOf } from '#lib/protocol/reveal/names.ts';
import { seeded } from '#test/circuits/signer.ts';
import { createGroup } from '#test/support/world.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';

const { header, id, members, capsules } = createGroup('Sailors', ['Ada Lovelace', 'Žofie Nováková', '李小龍'], seeded('opened names'));
const place = { statement: '5a'.repeat(32), wave: 1 };
const file = checkCapsules(header, capsules);
if (!file.ok) throw new Error(file.code);
const memberTokens = members.map(({ identity, name }) => formatPoint(clearToken(tokenOf(membershipOf(identity, id), id, name).point)));
const foreign = formatPoint(clearToken(tokenOf('00'.repeat(32), id, 'Eve').point));
const tokens = [memberTokens[2], memberTokens[0], foreign] as [PointText, PointText, PointText];
const line = lookUpNames(file.value, place, tokens);
const [first, second] = line.names as [OpenedName, OpenedName];
const withFirst = (change: Partial<OpenedName>): Names => ({ ...line, names: [{ ...first, ...change }, ...line.names.slice(1)] });
const named = (name: string, expect: string, names: Names, of: readonly PointText[] = tokens): Case => ({
  name,
  input: { tokens: of, line: names } as unknown as Json,
  expect,
});

export const openedNames: Chapter = {
  file: 'opened-names.json',
  section: '10.9',
  given: { header, capsules: Buffer.from(capsules).toString('hex') } as unknown as Json,
  operations: {
    'look-up': {
      about: 'output is the line that whoever holds given.capsules writes for input.tokens',
      replay: ({ tokens }) => computed(lookUpNames(file.value, place, tokens) as unknown as Json),
      cases: [
        { name: 'two members and a token without a capsule', input: { tokens }, expect: 'ok' },
        { name: 'one token twice', input: { tokens: [memberTokens[1], memberTokens[1]] } as Json, expect: 'ok' },
      ],
    },
    names: {
      about:
        'whether input.line names input.tokens, the opened list of its group, by given.header; output is the names, "" where there is none',
      replay: ({ tokens, line }) => judged(checkNames(header, tokens, line), (names) => names.map(({ name }) => name ?? '')),
      cases: [
        named('two names and one that is unreadable', 'ok', line),
        named('tokens in another order', 'NAMES_TOKENS', line, tokens.toReversed()),
        named('a token more', 'NAMES_TOKENS', line, [...tokens, foreign]),
        named('a name for another token', 'NAMES_TOKENS', withFirst({ token: second.token })),
        named('T44: another name', 'NAME_UNPROVEN', withFirst({ name: 'Eve' })),
        named('T44: the name and salt of another', 'NAME_UNPROVEN', withFirst({ name: second.name, salt: second.salt })),
        named('T44: another sign', 'NAME_UNPROVEN', withFirst({ sign: first.sign === 0 ? 1 : 0 })),
        named('T45: another blind', 'NAME_UNLISTED', withFirst({ blind: second.blind })),
        named('T45: another place', 'NAME_UNLISTED', withFirst({ index: second.index })),
        named('T45: a path cut short', 'NAME_UNLISTED', withFirst({ path: first.path.slice(1) })),
      ],
    },
    seat: {
      about: 'output is the hash by which a name of input.token is shown in order',
      replay: ({ token }) => computed(seatOf(token)),
      cases: [{ name: 'of a token', input: { token: tokens[0] }, expect: 'ok' }],
    },
  },
};
