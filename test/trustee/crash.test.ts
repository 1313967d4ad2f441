import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import type { TrusteeMessage } from '#lib/protocol/messages/trustee-message.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { announceFetch, announceFiles } from './crash-points.ts';
import { readNames } from './read-names.ts';
import { type Actor, type Stage, setStage, startAll, vouch } from './stage.ts';

/** Whether to die before a step; asked for every step of every incarnation. */
type Fate = (step: string) => boolean;

/**
 * Plays a whole life of four trustees, of which the first is started again after each death, and must mix itself: another is down while
 * the wave is opened. A step is named by what it does and by how much its author had said before. After its death nothing that an
 * incarnation does has any effect.
 */
async function playLife(fate: Fate): Promise<{ stage: Stage; folder: string; steps: string[]; deaths: number }> {
  const stage = await setStage({ seed: 'crash' });
  const folder = await stage.keystoreOf(1);
  let others = await startAll(stage, [2, 3, 4]);
  const steps: string[] = [];
  let deaths = 0;
  let isDead = false;
  let first: Actor | null = null;
  const revive = async () => {
    isDead = false;
    let hasDied = false;
    const onStep = (label: string) => {
      const step = `${label} after ${stage.board.messages(stage.context.id).filter(({ trustee }) => trustee === 1).length}`;
      if (!hasDied && !fate(step)) return void steps.push(step);
      isDead = true;
      hasDied = true;
      throw new Error('died');
    };
    first = await stage.start(1, { files: announceFiles(onStep), fetch: announceFetch(onStep) }).catch(() => null);
  };
  const live = async (isDone: () => boolean) => {
    for (let round = 0; !isDone(); round++) {
      if (round === 500) throw new Error(`no progress: ${first?.lines.slice(-12).join('\n')}\n2: ${others[0]?.lines.slice(-8).join('\n')}`);
      if (!isDead) await first?.trustee.runRound().catch(() => {});
      if (!isDead) await first?.trustee.eraseDue().catch(() => {});
      if (isDead) {
        deaths++;
        await revive();
      } else {
        for (const other of others) await other.trustee.runRound();
        stage.clock.now += 3; // lets pauses after failures pass
      }
    }
  };
  const said = (type: TrusteeMessage['type'], count: number) => () => stage.messagesOf(type).length >= count;
  await revive();
  await live(said('confirm', 4));
  await stage.sign(0);
  stage.board.publish(stage.context.id);
  await live(said('cosignature', 4));
  await stage.sign(1);
  stage.board.publish(stage.context.id);
  const all = others;
  others = all.slice(0, 1); // two are left when it is final, so both must mix
  await vouch(stage, 3);
  await live(said('opening', 2));
  others = all;
  stage.clock.now = destructionTime(stage.context.statement);
  await live(said('destroyed', 4));
  let quiet = 0; // what is left is put away
  await live(() => !isDead && quiet++ > 2);
  return { stage, folder, steps, deaths };
}

function slotOf(message: TrusteeMessage): string {
  if (message.type === 'mix') return `mix/${message.step}`;
  const about = message.type === 'complaint' ? message.deal.trustee : message.type === 'opening' ? message.wave : 0;
  return `${message.type}/${message.type === 'cosignature' ? message.number : about}`;
}

/** Nothing was lost: the whole story is on the board. Nothing harmful was repeated: one text for each thing ever said. */
function expectWholeLife(stage: Stage, folder: string): void {
  const said = new Map<string, Set<string>>();
  for (const message of stage.board.posted.filter(({ trustee }) => trustee === 1))
    said.set(slotOf(message), (said.get(slotOf(message)) ?? new Set()).add(canonicalJson(message as Json)));
  for (const [slot, texts] of said) expect([slot, texts.size]).toEqual([slot, 1]);
  for (const slot of ['commit/0', 'deal/0', 'confirm/0', 'cosignature/2', 'opening/1', 'destroyed/0'])
    expect([...said.keys()]).toContain(slot);
  expect([...said.keys()].filter((slot) => slot.startsWith('mix/'))).toHaveLength(1);
  expect(stage.messagesOf('complaint')).toEqual([]);
  expect(readNames(stage, 1).sort()).toEqual(['Ann Example', 'Ben Beispiel']);
  expect(stage.messagesOf('destroyed').map(({ waves }) => waves.map(({ number, opened }) => [number, opened]))).toContainEqual([[1, true]]);
  const left = readdirSync(path.join(folder, 'statements', stage.context.id)).sort();
  expect(left).toEqual(['journal.json', 'receipts.log', 'statement.json']);
  expect(readdirSync(path.join(folder, 'capsules'))).toEqual([]);
}

/** All folders and files that are ever made in a life. Of a mix only the finished step has one: what was drawn for it is in none. */
const FILES = [
  ...['1', 'HASH', 'board.log', 'capsules', 'journal.json', 'key.log', 'mix-1-HASH.ndjson', 'openers.json'],
  ...[
    'opening-1-HASH.json',
    'partials-1-HASH.log',
    'platform.json',
    'progress.json',
    'receipts.log',
    'secrets.json',
    'share.json',
    'statement.json',
  ],
  ...['statements', 'waves.log'],
];

function filesIn(steps: readonly string[]): string[] {
  const places = steps.filter((step) => !step.startsWith('post')).map((step) => step.split(' ')[1] ?? '');
  return [...new Set(places.map((place) => place.replace(/\.(draft|erasing)$/, '')))].sort();
}

describe('a trustee that crashes', () => {
  it('loses nothing, repeats nothing harmful and leaves no other file when it dies before every single step of its life (T53)', async () => {
    const whole = await playLife(() => false);
    expectWholeLife(whole.stage, whole.folder);
    await whole.stage.close();
    const survived = new Set<string>();
    const played = await playLife((step) => {
      if (survived.has(step)) return false;
      survived.add(step);
      return true;
    });
    expectWholeLife(played.stage, played.folder);
    await played.stage.close();
    expect(played.deaths).toBe(survived.size);
    expect(new Set(whole.steps).size).toBeGreaterThan(80);
    for (const { steps } of [whole, played]) expect(filesIn(steps).filter((name) => !FILES.includes(name))).toEqual([]);
    const kinds = (steps: Iterable<string>) => new Set([...steps].map((step) => step.replace(/ after \d+$/, '')));
    expect([...kinds(whole.steps)].filter((kind) => !kinds(survived).has(kind))).toEqual([]);
  });
});
