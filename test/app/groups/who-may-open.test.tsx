import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { WhoMayOpen } from '#app/groups/[id]/who-may-open.tsx';

const statement = '5f'.repeat(32);
const refused = [{ statement, reason: 'It names somebody <b>.', day: 1_800_000_000 - (1_800_000_000 % 86_400) }];

describe('the page of a group, of a draft that its issuer refused,', () => {
  it('shows hash, reason and day, and says that its text is kept nowhere', () => {
    const page = renderToStaticMarkup(<WhoMayOpen policies={[]} refused={refused} />);
    const words = page.replaceAll(/<wbr\/?>/g, '').replaceAll(/<[^>]+>/g, '|');
    for (const shown of ['One draft was refused', 'It names somebody &lt;b&gt;.', '15 January 2027', 'What a draft said is kept nowhere'])
      expect(words).toContain(shown);
    expect(page).toContain(statement);
  });

  it('shows nothing of the kind where nothing was refused', () => {
    expect(renderToStaticMarkup(<WhoMayOpen policies={[]} refused={[]} />)).not.toContain('refused');
  });
});
