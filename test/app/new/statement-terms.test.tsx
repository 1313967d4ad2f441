import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { StatementTerms } from '#app/new/statement-terms.tsx';
import { createCommittee, createGroup, createStatement, systemRandom } from '../../support/world.ts';

const group = createGroup('Harbour pilots', ['Ann', 'Ben', 'Eve'], systemRandom);
const setup = { verificationKey: '0'.repeat(64), setup: '1'.repeat(64), random: systemRandom };

it.each([
  [0, 'At once, each on its own'],
  [3_600, 'Every hour'],
  [7 * 86_400, 'every 7 days'],
])('says how signatures appear, also at a pace that the form does not offer: %d s', (cadence, words) => {
  const times = { cadence, mergeDelay: cadence + 600, grace: cadence + 20_000 };
  const context = createStatement([group], createCommittee(4, 2, systemRandom), { count: 2 }, { ...setup, change: times });
  expect(renderToStaticMarkup(<StatementTerms context={context} />)).toContain(words);
});
