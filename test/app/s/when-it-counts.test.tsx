import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { WasItInTime, WhenItCounts } from '#app/s/[id]/sign/when-it-counts.tsx';

const statement = { cadence: 0, deadline: 1_800_100_000, together: 5 };
const covering = { checkpoint: 4, time: 1_800_002_000 };

describe('what a page says of the time to take a signature back', () => {
  it('claims no more than the public counts show: who waits for more people is in them, and opens nothing', () => {
    const before = renderToStaticMarkup(<WhenItCounts statement={statement} covering={covering} />);
    const after = renderToStaticMarkup(<WasItInTime listing={{ checkpoint: 6, time: 1_800_003_000 }} covering={covering} />);
    for (const html of [before, after]) expect(html).toMatch(/Counted by what is public, (enough had signed in )?checkpoint 4/);
    expect(before).toContain('One that does not open with it can still be taken back.');
    expect(after).toContain('if it was not, your signature counts no more');
  });

  it('is sure where no checkpoint has enough', () => {
    expect(renderToStaticMarkup(<WhenItCounts statement={statement} covering={null} />)).toContain('So far no checkpoint has met it.');
    const listing = { checkpoint: 4, time: 1_800_002_000 };
    for (const first of [null, covering])
      expect(renderToStaticMarkup(<WasItInTime listing={listing} covering={first} />)).toContain('It was in time');
  });
});
