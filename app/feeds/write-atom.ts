/** A feed of statements as Atom (RFC 4287). Pure: the same for everybody who asks on a day, but for what has happened. */

import { formatTime } from '#app/ui/time-words.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import type { FeedEntry, StatementFeed } from '#lib/server/feeds/feed.ts';
import { formatStatementLink } from '#lib/signing/statement-link.ts';
import { describeStanding } from '../statements/describe-standing.ts';
import { escapeMarkup } from '../ui/escape-markup.ts';
import { feedPath, nameFeed } from './feed-links.ts';

/** @param publicUrl the origin of the platform */
export function writeAtom({ kind, group, entries, today }: StatementFeed, publicUrl: string): string {
  const host = new URL(publicUrl).hostname;
  const self = publicUrl + feedPath(kind, group);
  const page = publicUrl + (group ? `/groups/${group.id}` : '/statements');
  const updated = entries.reduce((latest, { day }) => Math.max(latest, day), 0) || today;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `<id>${tagOf(host, group ? `${kind}/${group.id}` : kind)}</id>`,
    `<title>${line(nameFeed(kind, group))}</title>`,
    `<updated>${formatDay(updated)}</updated>`,
    `<author><name>Round Robin, ${escapeMarkup(host)}</name></author>`,
    `<link rel="self" type="application/atom+xml" href="${escapeMarkup(self)}"/>`,
    `<link rel="alternate" type="text/html" href="${escapeMarkup(page)}"/>`,
    ...entries.map((entry) => writeEntry(entry, kind, publicUrl)),
    '</feed>',
    '',
  ].join('\n');
}

function writeEntry({ statement, day }: FeedEntry, kind: StatementFeed['kind'], publicUrl: string): string {
  const link = formatStatementLink({ origin: publicUrl, id: statement.id });
  return [
    '<entry>',
    `<id>${tagOf(new URL(publicUrl).hostname, `${kind}/${statement.id}`)}</id>`,
    `<title xml:lang="${escapeMarkup(statement.language)}">${line(statement.title)}</title>`,
    `<updated>${formatDay(day)}</updated>`,
    `<link rel="alternate" type="text/html" href="${escapeMarkup(link)}"/>`,
    `<summary>${line(describeEntry(statement, kind))}</summary>`,
    '</entry>',
  ].join('\n');
}

/** Of a new statement only what its terms say: counts that rise in a feed would be kept with the hour of each fetch. */
function describeEntry(statement: FeedEntry['statement'], kind: StatementFeed['kind']): string {
  if (kind !== 'new') return `${describeStanding(statement)}.`;
  const until = formatTime(statement.deadline, 'day', 'UTC');
  const least = statement.needed === 1 ? 'one person signs' : `${groupDigits(statement.needed)} people sign`;
  return `To be signed until ${until}. The names open together, once at least ${least}.`;
}

/** A name that stays though the platform's port or scheme may change. RFC 4151. */
function tagOf(host: string, what: string): string {
  return `tag:${escapeMarkup(host)},2026:round-robin/${what}`;
}

function line(text: string): string {
  return escapeMarkup(onOneLine(text));
}

/** @param at the beginning of a day, Unix seconds */
function formatDay(at: number): string {
  return new Date(at * 1000).toISOString().replace('.000', '');
}
