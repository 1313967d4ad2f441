import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { TriggerBuilder } from '#app/new/trigger-builder.tsx';
import { createGroup, systemRandom } from '../../support/world.ts';

it('shows the weight of a group that was taken away again, so that it can be emptied', () => {
  const { id, header } = createGroup('Harbour pilots', ['Ann', 'Ben', 'Eve'], systemRandom);
  const weights = { [id]: '2', ['d3'.repeat(32)]: '77', ['e4'.repeat(32)]: '' };
  const html = renderToStaticMarkup(
    <TriggerBuilder part={{ kind: 'weights', weights, total: '9' }} headers={[header]} notes={[]} onChange={() => {}} />,
  );
  expect(html).toMatch(/did not choose \(d3d3d3d3…\)/);
  expect(html).toContain('value="77"');
  expect(html).not.toContain('e4e4e4e4');
});
