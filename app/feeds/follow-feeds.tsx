import { FEED_KINDS } from '#lib/api/shapes.ts';
import { type FeedGroup, feedPath } from './feed-links.ts';
import css from './feeds.module.css';

/** Where a feed reader can be pointed, and who then learns of it. */
export function FollowFeeds({ group }: { group: FeedGroup | null }) {
  return (
    <p className={css.follow}>
      <span>Follow by feed reader: statements that are </span>
      <span>
        {FEED_KINDS.map((kind, i) => (
          <span key={kind}>
            <span>{i > 0 && ', '}</span>
            <a href={feedPath(kind, group)} type="application/atom+xml">
              {kind}
            </a>
          </span>
        ))}
      </span>
      <span>. This site sees the reader ask; a reader that is a service knows what you follow.</span>
    </p>
  );
}
