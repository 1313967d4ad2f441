import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDisk } from '#lib/host/disk.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type BenchKey, makeBenchKey } from '../make-record/bench-key.ts';
import { type BenchPlatform, startBenchPlatform } from './bench-platform.ts';
import { type BenchStage, makeBenchStage } from './bench-stage.ts';
import { makeKeystore } from './make-keystore.ts';
import { medianOf, type Row } from './measure.ts';
import { TrusteeRun } from './trustee-runs.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const TRUSTEES = [1, 2, 3, 4];
/** Checkpoints that are added one by one in the end, of an entry each. */
const EXTRA = 5;
const MOST_ENTRIES = 1_000;

/** Seconds, and how much of what was on disk when a process was killed was done again. */
type Way = { seconds: number; again: number };

/** What four trustees and a platform took for a board of one size and its wave. */
type Measured = {
  follow: Way;
  followKilled: Way;
  /** Seconds from the first trustee that knows of the wave to the last name. */
  reveal: number;
  /** Of a checkpoint of one entry: milliseconds of the trustee's processor time with all that it asks meanwhile, and proofs. */
  oneMore: { milliseconds: number; proofs: number };
  /** The longest time in milliseconds for which the first trustee could not look at its clock. */
  standstill: number;
};

/** A committee of processes that follows a board from zero, one of them killed half-way, and mixes and opens all of it in one wave. */
export async function benchTrustee(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const size = quick ? 200 : 10_000;
  const bench = await makeBenchKey();
  const small = await measure(bench, size / 10, say);
  const large = await measure(bench, size, say);
  return rowsOf(size, small, large);
}

async function measure(bench: BenchKey, size: number, say: (what: string) => void): Promise<Measured> {
  say(`making ${size} signatures`);
  const stage = makeBenchStage(bench, size + EXTRA, size, random);
  const bodies: Body[] = [];
  for (let member = 0; member < size + EXTRA; member++) bodies.push(await stage.sign(member));
  say('starting a platform');
  const platform = await startBenchPlatform(bench, stage.file);
  const runs: TrusteeRun[] = [];
  const start = (trustee: number) => {
    const run = new TrusteeRun(platform, keystoreOf(platform, trustee));
    runs.push(run);
    return run;
  };
  try {
    for (const trustee of TRUSTEES) await makeKeystore(createDisk(keystoreOf(platform, trustee)), stage.committee, trustee);
    const most = Math.min(MOST_ENTRIES, size / 5);
    for (let from = 0; from < size; from += most) await publish(platform, bodies.slice(from, Math.min(from + most, size)));
    return await tell(platform, stage, size, bodies.slice(size), start, say);
  } finally {
    for (const run of runs) await run.stop();
    await platform.stop();
  }
}

async function tell(
  platform: BenchPlatform,
  { file }: BenchStage,
  size: number,
  extra: readonly Body[],
  start: (trustee: number) => TrusteeRun,
  say: (what: string) => void,
): Promise<Measured> {
  const head = await ask(platform, '/head');

  say(`following a board of ${size}`);
  const first = start(1);
  const begun = await first.until('started');
  const followed = await first.until(`checkpoint ${head} verified`);
  const follow = { seconds: (followed.milliseconds - begun.milliseconds) / 1000, again: followed.proofs - size };

  say('following it with a kill in between');
  const killed = await killHalfway(start(2), follow.seconds);
  const verified = await countVerified(path.join(keystoreOf(platform, 2), 'statements', file.id));
  const second = start(2);
  const resumed = await second.until('started');
  const caughtUp = await second.until(`checkpoint ${head} verified`);
  const followKilled = {
    seconds: killed + (caughtUp.milliseconds - resumed.milliseconds) / 1000,
    again: caughtUp.proofs - (size - verified),
  };

  say(`mixing and opening a wave of ${size}`);
  const committee = [first, second, start(3), start(4)];
  const dueAt = await Promise.race(committee.map(async (run) => (await run.until('wave 1 is due')).milliseconds));
  while ((await ask(platform, '/names')) < size) await sleep(50);
  const reveal = (Date.now() - dueAt) / 1000;
  for (const run of committee) await run.until('opening sent');

  say('adding one signature at a time');
  const before = first.reports.at(-1) ?? followed;
  const steps: number[] = [];
  let last = before;
  for (const [i, body] of extra.entries()) {
    await publish(platform, [body]);
    const report = await first.until(`checkpoint ${head + i + 1} verified`);
    if (i > 0) steps.push(1000 * (report.cpuSeconds - last.cpuSeconds)); // the first one also waited while others worked
    last = report;
  }
  const oneMore = { milliseconds: medianOf(steps), proofs: (last.proofs - before.proofs) / extra.length };
  return { follow, followKilled, reveal, oneMore, standstill: last.standstillMilliseconds };
}

function keystoreOf(platform: BenchPlatform, trustee: number): string {
  return path.join(platform.folder, 'keystores', String(trustee));
}

async function ask(platform: BenchPlatform, what: '/head' | '/names'): Promise<number> {
  return Number(await (await fetch(platform.origin + what)).text());
}

/** Puts entries on the board as the next checkpoint. */
async function publish(platform: BenchPlatform, bodies: readonly Body[]): Promise<void> {
  const head = await ask(platform, '/head');
  await fetch(`${platform.origin}/entries`, { method: 'POST', body: JSON.stringify(bodies) });
  while ((await ask(platform, '/head')) === head) await sleep(50);
}

/** Kills a process in the middle of what takes so many seconds. @returns how many it had */
async function killHalfway(run: TrusteeRun, seconds: number): Promise<number> {
  await run.until('started');
  const begun = performance.now();
  await sleep((seconds / 2) * 1000);
  await run.kill();
  return (performance.now() - begun) / 1000;
}

/** Entries whose proofs a keystore knows to hold, in a checkpoint that is verified or before. */
async function countVerified(folder: string): Promise<number> {
  const read = (name: string) => readFile(path.join(folder, name), 'utf8').catch(() => '');
  const valuesOf = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line.slice(65)) as object);
  const known = new Set<string>();
  for (const line of valuesOf(await read('board.log')))
    for (const { hash } of (line as { entries: { hash: string }[] }).entries) known.add(hash);
  for (const line of valuesOf(await read('proven.log'))) for (const hash of (line as { proven: string[] }).proven) known.add(hash);
  return known.size;
}

function rowsOf(size: number, small: Measured, large: Measured): Row[] {
  const all = size.toLocaleString('en');
  const isWhole = size >= 10_000;
  const way = (name: string, value: number, tenth: number, goal: string, most: number): Row => ({
    name,
    unit: 's',
    value,
    baseline: { name: 'ten times the tenth', value: tenth * 10 },
    ratio: value / (tenth * 10),
    goal,
    holds: isWhole ? value <= most : null,
  });
  const again = (name: string, killed: Way, whole: Way): Row => ({
    name,
    unit: 's',
    value: killed.seconds,
    baseline: { name: 'the same without', value: whole.seconds },
    ratio: killed.seconds / whole.seconds,
    goal: 'nothing done again',
    holds: killed.again === 0 && whole.again === 0,
  });
  return [
    way(`a trustee follows a board of ${all} from zero`, large.follow.seconds, small.follow.seconds, 'at most 60 s', 60),
    again(`the same, killed half-way (${large.followKilled.again} proofs checked again)`, large.followKilled, large.follow),
    way(
      `a committee of four processes mixes and opens ${all} names, all on this machine`,
      large.reveal,
      small.reveal,
      'at most 5 minutes',
      300,
    ),
    {
      name: `one more signature on a board of ${all} (${large.oneMore.proofs} proof checked), processor time of the trustee`,
      unit: 'ms',
      value: large.oneMore.milliseconds,
      baseline: { name: 'the same on a tenth of that board', value: small.oneMore.milliseconds },
      ratio: large.oneMore.milliseconds / small.oneMore.milliseconds,
      goal: 'only its own entries',
      holds: large.oneMore.proofs === 1,
    },
    {
      name: 'the longest time for which the trustee could not look at its clock',
      unit: 'ms',
      value: large.standstill,
      baseline: { name: 'the same on a tenth of that board', value: small.standstill },
      ratio: large.standstill / small.standstill,
      goal: 'at most 2,000',
      holds: isWhole ? large.standstill <= 2_000 : null,
    },
  ];
}
