import { onOneLine, stripDirections } from '#lib/protocol/messages/visible-text.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { describeTrigger } from '#lib/signing/trigger-words.ts';

/** A checked statement as it is shown to its signer in a terminal. */
export function describeStatement({ context }: LoadedStatement, platform: string): string {
  const { statement, rolls } = context;
  const nameOf = (group: string) => `“${rolls.get(group)?.group.name ?? group}”`;
  const { threshold, trustees } = statement.committee;
  const facts = [
    ['Statement', context.id],
    ['Platform', platform],
    ['Opens', `the names open once ${describeTrigger(statement.trigger, nameOf)}`],
    ['Groups', [...rolls].map(([group, roll]) => `${nameOf(group)} (${roll.size} members)`).join(', ')],
    ['Deadline', timeOf(statement.deadline)],
    ['Destroyed', `the key, from ${timeOf(destructionTime(statement))} on, if the names are not open by then`],
    [
      'Trustees',
      `${threshold} of ${trustees.length} open the names: ${trustees.map((trustee) => `${trustee.name} (${trustee.contact})`).join('; ')}`,
    ],
  ];
  const texts = statement.text.map(({ language, title, body }) => `[${language}] ${onOneLine(title)}\n\n${stripDirections(body)}\n`);
  return [...texts, ...facts.map(([name, fact]) => `${(name as string).padEnd(10)} ${onOneLine(fact as string)}`), ''].join('\n');
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}
