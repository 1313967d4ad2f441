import 'server-only';
import type { FeedKind, StatementSummary } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** `day`: when it came to that, Unix seconds at the beginning of a day of UTC, so that it tells nothing finer of anybody. */
export type FeedEntry = { statement: StatementSummary; day: number };
export type StatementFeed = { kind: FeedKind; group: { id: Hex32; name: string } | null; entries: readonly FeedEntry[]; today: number };
