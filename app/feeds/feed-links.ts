/** What each feed is called, and where it is. */
import type { Metadata } from 'next';
import { FEED_KINDS, type FeedKind } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

export type FeedGroup = { id: Hex32; name: string };

const TITLES = { new: 'New statements', revealed: 'Revealed statements', ended: 'Ended statements' };

export function nameFeed(kind: FeedKind, group: FeedGroup | null): string {
  return group ? `${TITLES[kind]}: ${group.name}` : TITLES[kind];
}

export function feedPath(kind: FeedKind, group: FeedGroup | null): string {
  return `/api/anonymous/feeds/${kind}${group ? `?group=${group.id}` : ''}`;
}

/** The feeds for the head of a page, where feed readers look for them. */
export function linkFeeds(group: FeedGroup | null): NonNullable<Metadata['alternates']>['types'] {
  return { 'application/atom+xml': FEED_KINDS.map((kind) => ({ url: feedPath(kind, group), title: nameFeed(kind, group) })) };
}
