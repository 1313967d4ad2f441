// SPEC §12.1: the order of a record's lines
import { groupId } from '../member/group.ts';
import { LINE_RANK, type LineType } from './record.ts';

/** The type of a line; null when there is no such type. */
export function typeOf(value: unknown): LineType | null {
  const type = (value as { type?: unknown } | null)?.type;
  return typeof type === 'string' && Object.hasOwn(LINE_RANK, type) ? (type as LineType) : null;
}

/**
 * Follows the order of a record. Types rise in rank, and lines of one rank rise by group, number, author and dealer, so that
 * each message has exactly one place. Entries and openings are ordered by the sections that read them.
 */
export class LineOrder {
  rank: number = LINE_RANK.header;
  private place = '';

  /** Whether a line may follow those admitted before; if so it becomes the last. */
  admits(type: LineType, value: Readonly<Record<string, unknown>>, line: number): boolean {
    const rank = LINE_RANK[type];
    if (type === 'header') return line === 1;
    if (rank < this.rank) return false;
    const isOrderedElsewhere = rank === LINE_RANK.entry || rank === LINE_RANK.opening;
    const place = isOrderedElsewhere ? '' : placeOf(value);
    if (rank === this.rank && !isOrderedElsewhere && place <= this.place) return false;
    this.rank = rank;
    this.place = place;
    return true;
  }
}

/** The place of a line among those of its rank, as a text that sorts. */
function placeOf(value: Readonly<Record<string, unknown>>): string {
  if (value.type === 'roll') {
    const group = value.group as { issuer?: unknown; name?: unknown } | undefined;
    return groupId({ issuer: String(group?.issuer), name: String(group?.name) });
  }
  const part = (number: unknown) => String(number ?? 0).padStart(16, '0');
  return [part(value.number), part(value.trustee), part(value.dealer), String(value.checkpoint ?? '')].join('/');
}
