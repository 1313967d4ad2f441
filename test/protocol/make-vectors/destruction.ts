// SPEC §11: destruction, and what its authors vouch for; §2.3: states

import type { Json } from '#lib/protocol/messages/json.ts';
import { type Attested, checkDestroyed, signDestroyed, vouchedFor } from '#lib/protocol/reveal/destruction.ts';
import { stateAt } from '#lib/protocol/statement/outcome.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { createScene, PLAIN_SETUP } from './scene.ts';

const scene = createScene('destruction', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
const { context, committee } = scene;
const { statement } = context;
const end = destructionTime(statement);
const hash = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
const given = { statement, headers: scene.groups.map((group) => group.header) } as unknown as Json;

const say = (trustee: number, attested: Attested = { waves: [] }, time = end) =>
  signDestroyed({ context, trustee, seed: committee.seeds[trustee - 1] as Uint8Array }, attested, time);
const head = (number: number) => ({ head: { number, checkpoint: hash(number) }, waves: [] });
const wave = (number: number, content: string, opened = false) => ({ number, content, opened });
const destroyed = (name: string, expect: string, attested: Attested, time = end): Case => ({
  name,
  input: { message: say(1, attested, time) } as unknown as Json,
  expect,
});
const vouch = (name: string, ...messages: readonly object[]): Case => ({ name, input: { messages } as unknown as Json, expect: 'ok' });

export const destruction: Chapter = {
  file: 'destruction.json',
  section: '11',
  given,
  operations: {
    destroyed: {
      about: 'whether input.message, of the right shape and author, is good',
      replay: ({ message }) => judged(checkDestroyed(context, message)),
      cases: [
        destroyed('at deadline + grace', 'ok', { waves: [] }),
        destroyed('later, with a head and waves', 'ok', { ...head(4), waves: [wave(1, hash(1), true), wave(2, hash(2))] }, end + 1000),
        destroyed('a second early', 'DESTROYED_EARLY', { waves: [] }, end - 1),
        destroyed('a wave twice', 'DESTROYED_WAVES', { waves: [wave(1, hash(1)), wave(1, hash(2))] }),
        destroyed('waves descending', 'DESTROYED_WAVES', { waves: [wave(2, hash(2)), wave(1, hash(1))] }),
      ],
    },
    vouched: {
      about: 'what input.messages, of different authors, vouch for together: the head, the waves due and those of them opened',
      replay: ({ messages }) => computed(vouchedFor(context, messages) as unknown as Json),
      cases: [
        vouch('nothing'),
        vouch('one head of two', say(1, head(5))),
        vouch('the second highest head', say(1, head(5)), say(2, head(3)), say(3, head(4))),
        vouch(
          'T59: one rogue with a head and a wave of its own',
          say(1, { ...head(9999), waves: [wave(1, hash(1), true)] }),
          say(2, head(3)),
          say(3, head(3)),
        ),
        vouch(
          'a wave that two name, and one calls opened',
          say(1, { waves: [wave(1, hash(1), true)] }),
          say(2, { waves: [wave(1, hash(1))] }),
        ),
        vouch('T54: a wave that two call opened', ...[1, 2].map((i) => say(i, { waves: [wave(1, hash(1), true)] }))),
        vouch('two waves under one number', ...[1, 2].map((i) => say(i, { waves: [wave(1, hash(i), true)] }))),
      ],
    },
  },
};

const state = (name: string, key: Json, openings: readonly number[], now: number, messages: readonly object[] = []): Case => ({
  name,
  input: { key, openings, now, messages } as unknown as Json,
  expect: 'ok',
});
const waiting = { status: 'waiting', phase: 'deal', missing: [1] };
const keyed = { status: 'keyed' };
const due = { waves: [wave(1, hash(1))] };

export const states: Chapter = {
  file: 'states.json',
  section: '2.3',
  given,
  operations: {
    state: {
      about:
        'the state of given.statement at input.now, with input.key as judged in §7.5, input.openings the most valid openings of one chain of each wave, and the destructions input.messages',
      replay: ({ key, openings, now, messages }) =>
        computed(
          stateAt(
            context,
            key,
            openings.map((openings: number) => ({ openings })),
            messages,
            now,
          ),
        ),
      cases: [
        state('no key yet', waiting, [], statement.openBy),
        state('no key in time', waiting, [], statement.openBy + 1),
        state('key generation failed', { status: 'aborted', blame: [] }, [], statement.openBy - 1),
        state('open', keyed, [], statement.openBy),
        state('open until the deadline', keyed, [], statement.deadline),
        state('closed', keyed, [], statement.deadline + 1),
        state('a wave before it is opened', keyed, [1], statement.deadline),
        state('revealed', keyed, [2], statement.deadline),
        state('revealed, the second wave not', keyed, [2, 0], end, [say(1), say(2), say(3)]),
        state('revealed, the first wave not', keyed, [1, 2], end),
        state('closed to the last second', keyed, [1], end - 1),
        state('T60: ended by the platform’s word', keyed, [], end, [say(1), say(2)]),
        state('T60: the same with a wave that a platform shows', keyed, [1], end, [say(1), say(2)]),
        state('destroyed', keyed, [], end, [say(1), say(2), say(3)]),
        state('unopened', keyed, [], end, [say(1, due), say(2, due), say(3)]),
        state('T59: destroyed, though one names a wave', keyed, [], end, [say(1, due), say(2), say(3)]),
      ],
    },
  },
};
