// What an operator writes for everybody to read: plain text, bounded, with nothing in it that cannot be seen
import { holdsControl } from '#lib/protocol/messages/shape.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';

/**
 * Why a text must not be shown on pages of this platform.
 * @param most characters (code points)
 * @param lines the most lines that it may take
 * @returns the rest of a sentence that begins with what the text is, or null
 */
export function findTextFault(text: string, { most, lines }: { most: number; lines: number }): string | null {
  const length = [...text].length;
  if (length > most) return `takes ${length} characters, at most ${most} fit`;
  const found = text.split(/\r\n|[\r\n]/).length;
  if (found > lines) return lines === 1 ? 'takes more than one line' : `takes ${found} lines, at most ${lines} fit`;
  if (holdsControl(text)) return 'holds a control character';
  return findDeceptive(text);
}
