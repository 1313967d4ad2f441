import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CommitteeMessages } from '#lib/api/shapes.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import type { MixSetting, MixStep } from '#lib/protocol/reveal/mix.ts';
import type { Names } from '#lib/protocol/reveal/names.ts';
import { readBoard } from '#lib/server/board/follower.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { acceptMessageBytes } from '#lib/server/messages/accept-bytes.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import { describeWaves, getStatementView } from '#lib/server/statements/get-view.ts';
import { requireKeyed } from '#lib/server/statements/judge-key.ts';
import { loadStatement } from '#lib/server/statements/load.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishGroup,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { mixBy, openingOf, settingOf, stepBytes } from '../support/reveal.ts';
import { storeUncheckedSignatures } from '../support/unchecked-signatures.ts';
import { createGroup, systemRandom } from '../support/world.ts';

const WAVES = 30;

/** Each signature after the first two opens in a wave of its own. */
describe('many small waves on the platform (T66)', () => {
  let platform: TestPlatform;
  let open: OpenStatement;
  const mixed: { setting: MixSetting; chain: MixStep[] }[] = [];
  beforeAll(async () => {
    platform = await startPlatform();
    const group = createGroup('Harbour pilots', inventNames(WAVES + 1), systemRandom);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 2 });
    for (let first = 1; first <= WAVES + 1; first += first === 1 ? 2 : 1) {
      await storeUncheckedSignatures(platform, open, group.id, first, first === 1 ? 2 : 1);
      await publishCheckpoints(platform.ctx);
      platform.clock.now++;
    }
    await publishAndCosign(platform, open, [1, 2, 4]);
    for (let number = 1; number <= WAVES; number++) {
      const setting = await settingOf(platform, open, number);
      mixed.push({
        setting,
        chain: mixBy(
          setting,
          [1 + (number % 4), 1 + ((number + 1) % 4)].map((trustee) => open.key.authors[trustee - 1] as Author),
        ),
      });
    }
  });
  afterAll(() => platform?.stop());

  /** As a trustee's client does, which comes again where a platform is busy. */
  async function deliver(send: () => Promise<unknown>): Promise<void> {
    for (;;) {
      const refusal = await send().then(
        () => null,
        (error: { code?: string }) => error,
      );
      if (refusal === null) return;
      if (refusal.code !== 'BUSY') throw refusal;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('are mixed and opened side by side, in whatever order their messages come, and all of them have their names', async () => {
    const { ctx } = platform;
    const { id } = open.context;
    await Promise.all(
      mixed.map(async ({ setting, chain }) => {
        for (const step of chain) await deliver(() => acceptMessageBytes(ctx, id, stepBytes(step)));
        for (const trustee of [4, 2]) {
          const opening = openingOf(open, setting, chain, trustee);
          await deliver(() => acceptMessage(ctx, id, opening));
        }
      }),
    );
    const { waves, state } = await getStatementView(ctx, id);
    expect([state, waves.length]).toEqual(['revealed', WAVES]);
    expect(waves.filter(({ isOpened, openedBy }) => isOpened && openedBy.join() === '2,4')).toHaveLength(WAVES);
    expect(waves.map(({ names }) => names.flatMap((line) => line.names).length)).toEqual([2, ...new Array(WAVES - 1).fill(1)]);
  });

  it('are looked at by many at once in two readings, behind which no checkpoint has to wait', async () => {
    const { ctx } = platform;
    const stored = await loadStatement(ctx, open.context.id);
    const keyed = await requireKeyed(ctx, stored.context);
    const spy = vi.spyOn(ctx.db, 'select');
    const one = await readBoard(ctx, stored.context, keyed);
    const cost = spy.mock.calls.length;
    spy.mockClear();
    const boards = await Promise.all(Array.from({ length: 40 }, () => readBoard(ctx, stored.context, keyed)));
    expect(spy.mock.calls.length).toBeLessThanOrEqual(2 * cost);
    spy.mockRestore();
    expect(new Set([one, ...boards]).size).toBe(1);
    expect(one?.waves).toHaveLength(WAVES);
  });

  it('are read by their committee in a few answers', async () => {
    let answers = 0;
    const seen: string[] = [];
    for (let after = 0; ; answers++) {
      const { messages } = JSON.parse(
        await listMessages(platform.ctx, open.context.id, { after, epoch: null }, 'committee'),
      ) as CommitteeMessages;
      if (messages.length === 0) break;
      seen.push(...messages.map(({ message, lists }) => (lists ? 'step' : message.type)));
      after = messages.at(-1)!.cursor;
    }
    expect(seen.filter((type) => type === 'step')).toHaveLength(2 * WAVES);
    expect(seen.filter((type) => type === 'opening')).toHaveLength(2 * WAVES);
    expect(answers).toBeLessThanOrEqual(3);
  });
});

describe('a page about many waves (T66)', () => {
  it('looks no more than twice at each step, opening and line of names, however many waves there are', () => {
    let looks = 0;
    const about = <T extends object>(wave: number, rest: T) => ({
      ...rest,
      get wave() {
        looks++;
        return wave;
      },
    });
    const numbers = Array.from({ length: 300 }, (_, i) => i + 1);
    const waves = numbers.map((number) => ({
      number,
      checkpoint: number,
      content: 'aa'.repeat(32),
      wave: null,
      openedBy: 'bb'.repeat(32),
    }));
    const parts = numbers.flatMap((wave) => [1, null].map((step) => about(wave, { trustee: 2, step })));
    const names = numbers.map((wave) => about(wave, { group: 'cc'.repeat(32), names: [] })) as unknown as Names[];
    const shown = describeWaves(waves, parts, names);
    expect(shown.every(({ mixedBy, openedBy, names: own }) => mixedBy.length === 1 && openedBy.length === 1 && own.length === 1)).toBe(
      true,
    );
    expect(looks).toBeLessThanOrEqual(2 * (parts.length + names.length));
  });
});
