/** The deadline of a statement as a calendar of one event (RFC 5545). Pure, and the same for everybody who asks. */

import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { formatStatementLink } from '#lib/signing/statement-link.ts';

/** Octets of a line before it must be folded. RFC 5545 §3.1. */
const LINE_OCTETS = 75;

/** @param publicUrl the origin of the platform @param shown the title as this platform shows it */
export function writeDeadlineCalendar(
  { id, statement }: Pick<StatementContext, 'id' | 'statement'>,
  publicUrl: string,
  shown: string,
): string {
  const link = formatStatementLink({ origin: publicUrl, id });
  const title = onOneLine(shown);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Round Robin//Deadline//EN',
    'BEGIN:VEVENT',
    `UID:${id}@${new URL(publicUrl).hostname}`,
    // When this was written would differ from one reader to the next.
    `DTSTAMP:${formatUtc(statement.openBy)}`,
    `DTSTART:${formatUtc(statement.deadline)}`,
    `SUMMARY:${escapeText(`Deadline: ${title}`)}`,
    `DESCRIPTION:${escapeText(`Members can sign the statement until this moment. ${link}`)}`,
    `URL:${link}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

/** "20270301T140000Z". @param at Unix seconds */
function formatUtc(at: number): string {
  return new Date(at * 1000).toISOString().replace(/\.\d+|[-:]/g, '');
}

/** RFC 5545 §3.3.11. */
function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, (char) => `\\${char}`).replaceAll('\n', '\\n');
}

/** Breaks a long line between characters; what follows a break begins with a space. */
function foldLine(line: string): string {
  const encoder = new TextEncoder();
  let folded = '';
  let octets = 0;
  for (const char of line) {
    const length = encoder.encode(char).length;
    if (octets + length > LINE_OCTETS) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += char;
    octets += length;
  }
  return folded;
}
