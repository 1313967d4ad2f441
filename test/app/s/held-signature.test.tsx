import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Waiting } from '#app/s/[id]/sign/held-signature.tsx';

const nothing = () => {};
const show = (isOnItsWay: boolean) =>
  renderToStaticMarkup(<Waiting at={1_800_000_000} isOnItsWay={isOnItsWay} onSend={nothing} onDiscard={nothing} />);

it('a signature that waits can be discarded until it is on its way, and is not called unsent from then on', () => {
  expect(show(false)).toMatch(/nothing has been sent, and you have not signed.*Discard it/s);
  expect(show(true)).not.toMatch(/nothing|not signed|Discard/);
  expect(show(true)).toContain('may have arrived');
});
