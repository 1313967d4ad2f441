import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { onOneLine, writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';
import { destructionTime, lastCosignTime } from '#lib/protocol/statement/statement.ts';
import { describeFurtherTexts } from '#lib/signing/further-texts.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { describeWatcher } from '#lib/signing/send-later.ts';
import { describeTrigger } from '#lib/signing/trigger-words.ts';
import { wrapLines } from './wrap-lines.ts';

/** A checked statement as it is shown to its signer in a terminal of so many columns, or in a file. */
export function describeStatement({ context }: LoadedStatement, platform: string, columns?: number): string {
  const { statement, rolls } = context;
  const nameOne = nameGroupsBy(rolls);
  const nameOf = (group: string) => quote(nameOne(group));
  const { threshold, trustees } = statement.committee;
  const facts = [
    ['Statement', context.id],
    ['Platform', platform],
    ...(statement.revises ? [['Revises', `${statement.revises}, as it claims; nothing shows that both have one author`]] : []),
    ['Opens', `the names open once ${describeTrigger(statement.trigger, nameOf)}`],
    ['Together', describeTogether(statement.together)],
    ['Groups', [...rolls].map(([group, roll]) => `${nameOf(group)} (${roll.size} members)`).join(', ')],
    ['Watched', describeWatcher(statement.cadence)],
    [
      'Deadline',
      `${timeOf(statement.deadline)}; a platform that breaks the rules could slip signatures in until ${timeOf(lastCosignTime(statement))}`,
    ],
    ['Destroyed', `the key, from ${timeOf(destructionTime(statement))} on, if the names are not open by then`],
    [
      'Trustees',
      `${threshold} of ${trustees.length} mix and open the names: ${trustees.map((trustee) => `${trustee.name} (${trustee.contact})`).join('; ')}`,
    ],
  ];
  const texts = statement.text.map(
    ({ language, title, body }) =>
      `${wrapLines(onOneLine(title), columns, `[${onOneLine(language)}] `, '┊ ')}\n\n${describeBody(body, columns)}\n`,
  );
  const further = describeFurtherTexts(texts.length - 1);
  return [
    ...texts,
    ...(further === null ? [] : [`${further}\n`]),
    ...facts.map(([name, fact]) => wrapLines(onOneLine(fact as string), columns, `${(name as string).padEnd(10)} `, ' '.repeat(11))),
    '',
  ].join('\n');
}

/**
 * A body as it was written, every mark of it, with a word about what nobody could see; each line behind a bar, so that none is taken
 * for a line of ours; a dotted one where a line goes on that the terminal has no room for. SPEC §5.6.
 */
function describeBody(body: string, columns: number | undefined): string {
  const { text: shown, unseen } = writeOutUnseen(body);
  const text = wrapLines(shown.replace(/\r\n?/g, '\n'), columns, '│ ', '┊ ');
  if (unseen === 0) return text;
  const count = unseen === 1 ? 'One character of this text' : `${unseen} characters of this text`;
  return `${text}\n\n${count} cannot be seen, and stands here as its number, as in ‹U+202E›.`;
}

function describeTogether(together: number): string {
  return together === 1
    ? 'a name may open alone, and then whoever saw its signature come in can tell whose it was'
    : `at least ${together} names of a group open at a time; where fewer are left, they are destroyed`;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}
