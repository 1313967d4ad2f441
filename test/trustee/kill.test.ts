import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { parseMixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import type { MortalOrders } from './mortal-process.ts';
import { setStage, startAll, vouch } from './stage.ts';

/** In the order of a life, so that each process gets as far as the next one's end. */
const ENDS = [
  'rename journal.json.draft',
  'posted commit',
  'sync share.json.draft',
  'write secrets.json.erasing',
  'post confirm',
  'writeFile board.log',
  'post cosignature',
  'writeFile waves.log',
  'rename mix-1-HASH.ndjson.draft',
  'post mix',
  'sync partials-1-HASH.log',
  'rename partials-1-HASH.log',
  'posted opening',
  'write share.json.erasing',
  'posted destroyed',
];
/** A field element or scalar, but for a few that are short. */
const NUMBER = /\b\d{60,}\b/g;

it('survives kill -9 as a real process at each moment of its life: the reveal comes, nothing is said twice, no disk holds a permutation (T53)', async () => {
  const stage = await setStage({ seed: 'crash' });
  const keystore = await stage.keystoreOf(1);
  const clock = path.join(keystore, '..', 'clock');
  const [second, ...rest] = await startAll(stage, [2, 3, 4]);
  const { id } = stage.context;
  const folder = path.join(keystore, 'statements', id);
  const advance = async () => {
    // What everybody else does while the first trustee dies and is started again.
    if (stage.messagesOf('confirm').length === 4 && stage.board.board(id).length === 0) {
      for (const member of [0, 1]) await stage.sign(member);
      stage.board.publish(id);
      await vouch(stage, 3);
    }
    const hasOpened = stage.messagesOf('opening').length === 2;
    stage.clock.now = hasOpened ? destructionTime(stage.context.statement) : stage.clock.now + 1;
  };
  const live = async (dieBefore: string): Promise<NodeJS.Signals | null> => {
    const orders: MortalOrders = { keystore, url: stage.board.url, clock, seed: `crash ${dieBefore}`, dieBefore };
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
    // For some looks in a row: between two of its steps it has as few files for a moment.
    let quiet = 0;
    const isQuiet = () => {
      quiet = dieBefore === '' && readdirSync(folder).length === 3 ? quiet + 1 : 0;
      return quiet > 10;
    };
    for (let turn = 0; turn < 3_000 && !isOver && !isQuiet(); turn++) {
      writeFileSync(clock, String(stage.clock.now));
      await second!.trustee.runRound().catch(() => {});
      // Two are down once there is something to sign for, so that both others must mix.
      if (stage.board.board(id).length === 0) for (const other of rest) await other.trustee.runRound();
      await advance();
      await sleep(30);
    }
    if (!isOver) child.kill('SIGTERM');
    const [, signal] = await ended;
    return signal;
  };

  for (const dieBefore of ENDS) {
    expect([dieBefore, await live(dieBefore)]).toEqual([dieBefore, 'SIGKILL']);
    // From then on everything of its journal has been sent.
    if (stage.messagesOf('confirm').length === 4) expect(strangeNumbers(stage.context, folder, publicNumbers())).toEqual([]);
  }
  await live('');

  const own = stage.board.posted.filter(({ trustee }) => trustee === 1);
  const texts = new Set(own.map((message) => canonicalJson(message)));
  expect(own.length).toBeGreaterThan(texts.size); // repeated after a death, word for word
  expect([...texts].map((text) => (JSON.parse(text) as { type: string }).type).sort()).toEqual([
    ...['commit', 'confirm', 'cosignature', 'deal', 'destroyed', 'mix', 'opening'],
  ]);
  expect(
    stage
      .messagesOf('opening')
      .map(({ trustee }) => trustee)
      .sort(),
  ).toEqual([1, 2]);
  expect(readdirSync(folder).sort()).toEqual(['journal.json', 'receipts.log', 'statement.json']);
  await stage.close();

  /** Every number that may be on a trustee's disk: those of messages and entries. */
  function publicNumbers(): Set<string> {
    const known = JSON.stringify([stage.board.messages(id), stage.steps(), stage.board.board(id), stage.group.header]);
    return new Set(known.match(NUMBER));
  }
}, 300_000);

/** Numbers in the files of a statement that stand in no message: but for the share, and steps and partials that were not sent yet. */
function strangeNumbers(context: StatementContext, folder: string, known: ReadonlySet<string>): string[] {
  const files = readdirSync(folder).filter((name) => !/^(share|secrets|mix-|partials-|opening-)/.test(name));
  for (const name of readdirSync(folder).filter((file) => /^mix-.*ndjson$/.test(file))) {
    const lines = readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1);
    expect(parseMixLines(context, lines).ok).toBe(true); // a finished step and nothing else, for its shapes are strict
  }
  return files.flatMap((name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    return [...text.matchAll(NUMBER)].filter(([number]) => !known.has(number)).map(([number]) => `${name}: ${number}`);
  });
}
