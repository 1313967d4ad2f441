import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { MortalOrders } from './mortal-process.ts';
import { setStage } from './stage.ts';

/** In the order of a life, so that each process gets as far as the next one's end. */
const ENDS = [
  'rename journal.json.draft',
  'posted commit',
  'sync share.json.draft',
  'write secrets.json.erasing',
  'post confirm',
  'writeFile board.log',
  'post cosignature',
  'sync partials-1.log',
  'rename partials-1.log',
  'posted opening',
  'write share.json.erasing',
  'posted destroyed',
];

it('survives kill -9 as a real process at twelve moments of its life: the reveal still comes, nothing is said twice differently', async () => {
  const stage = await setStage({ seed: 'crash' });
  const keystore = await stage.keystoreOf(1);
  const clock = path.join(keystore, '..', 'clock');
  const second = await stage.start(2);
  const { id } = stage.context;
  const advance = () => {
    // What everybody else does while the first trustee dies and is started again.
    const { messages, board } = { messages: stage.board.messages(id), board: stage.board.board(id) };
    if (messages.filter(({ type }) => type === 'confirm').length === 2 && board.length === 0) return publishTwo();
    const hasOpened = stage.messagesOf('opening').length === 2;
    stage.clock.now = hasOpened ? destructionTime(stage.context.statement) : stage.clock.now + 1;
  };
  const publishTwo = async () => {
    for (const member of [0, 1]) await stage.sign(member);
    stage.board.publish(id);
  };
  const live = async (dieBefore: string): Promise<NodeJS.Signals | null> => {
    const orders: MortalOrders = { keystore, url: stage.board.url, clock, seed: 'crash trustee 1', dieBefore };
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'mortal-process.ts'), JSON.stringify(orders)],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const isQuiet = () => dieBefore === '' && readdirSync(path.join(keystore, 'statements', id)).length === 2;
    for (let turn = 0; turn < 600 && !isOver && !isQuiet(); turn++) {
      writeFileSync(clock, String(stage.clock.now));
      await second.trustee.runRound();
      await advance();
      await sleep(30);
    }
    if (!isOver) child.kill('SIGTERM');
    const [, signal] = await ended;
    return signal;
  };

  for (const dieBefore of ENDS) expect([dieBefore, await live(dieBefore)]).toEqual([dieBefore, 'SIGKILL']);
  await live('');

  const own = stage.board.posted.filter(({ trustee }) => trustee === 1);
  const texts = new Set(own.map((message) => canonicalJson(message)));
  expect(own.length).toBeGreaterThan(texts.size); // repeated after a death, word for word
  expect([...texts].map((text) => (JSON.parse(text) as { type: string }).type).sort()).toEqual([
    ...['commit', 'confirm', 'cosignature', 'deal', 'destroyed', 'opening'],
  ]);
  expect(
    stage
      .messagesOf('opening')
      .map(({ trustee }) => trustee)
      .sort(),
  ).toEqual([1, 2]);
  expect(readdirSync(path.join(keystore, 'statements', id)).sort()).toEqual(['journal.json', 'statement.json']);
  await stage.close();
}, 180_000);
