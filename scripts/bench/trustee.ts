import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { createDisk } from '#lib/trustee/disk.ts';
import { type BenchKey, makeBenchKey } from '../make-record/bench-key.ts';
import { type BenchPlatform, startBenchPlatform } from './bench-platform.ts';
import { type BenchStage, makeBenchStage } from './bench-stage.ts';
import { makeKeystore } from './make-keystore.ts';
import { medianOf, type Row } from './measure.ts';
import { TrusteeRun } from './trustee-runs.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
/** Checkpoints that are added one by one in the end, of an entry each. */
const EXTRA = 5;
const MOST_ENTRIES = 1_000;
const SEALS_A_PIECE = 250;

/** Seconds, and how much of what was on disk when a process was killed was done again. */
type Way = { seconds: number; again: number };

/** What two trustees and a platform took for a board of one size and its wave. */
type Measured = {
  follow: Way;
  followKilled: Way;
  open: Way;
  openKilled: Way;
  /** Seconds from the second opening to the last name. */
  names: number;
  /** Of a checkpoint of one entry: milliseconds of the trustee's processor time with all that it asks meanwhile, and proofs. */
  oneMore: { milliseconds: number; proofs: number };
  /** The longest time in milliseconds for which the first trustee could not look at its clock. */
  standstill: number;
};

/** A trustee's process that follows a board from zero and opens all of it in one wave, and one that is killed half-way in both. */
export async function benchTrustee(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const size = quick ? 500 : 10_000;
  const bench = await makeBenchKey();
  const small = await measure(bench, size / 10, say);
  const large = await measure(bench, size, say);
  return rowsOf(size, small, large);
}

async function measure(bench: BenchKey, size: number, say: (what: string) => void): Promise<Measured> {
  say(`making ${size} signatures`);
  const stage = makeBenchStage(bench, size + EXTRA, size, random);
  const entries: Entry[] = [];
  for (let member = 0; member < size + EXTRA; member++) entries.push(await stage.sign(member));
  say('starting a platform');
  const platform = await startBenchPlatform(bench, stage.file);
  const runs: TrusteeRun[] = [];
  const start = (trustee: number) => {
    const run = new TrusteeRun(platform, keystoreOf(platform, trustee));
    runs.push(run);
    return run;
  };
  try {
    for (const trustee of [1, 2]) await makeKeystore(createDisk(keystoreOf(platform, trustee)), stage.committee, trustee);
    const most = Math.min(MOST_ENTRIES, size / 5);
    for (let from = 0; from < size; from += most) await publish(platform, entries.slice(from, Math.min(from + most, size)));
    return await tell(platform, stage, size, entries.slice(size), start, say);
  } finally {
    for (const run of runs) await run.stop();
    await platform.stop();
  }
}

async function tell(
  platform: BenchPlatform,
  { file }: BenchStage,
  size: number,
  extra: readonly Entry[],
  start: (trustee: number) => TrusteeRun,
  say: (what: string) => void,
): Promise<Measured> {
  const head = await ask(platform, '/head');
  const folder = (trustee: number) => path.join(keystoreOf(platform, trustee), 'statements', file.id);

  say(`following a board of ${size}`);
  const first = start(1);
  const begun = await first.until('started');
  const followed = await first.until(`checkpoint ${head} verified`);
  const follow = { seconds: (followed.milliseconds - begun.milliseconds) / 1000, again: followed.proofs - size };

  say('following it with a kill in between');
  const killed = await killHalfway(start(2), follow.seconds);
  const verified = await countVerified(folder(2));
  const second = start(2);
  const resumed = await second.until('started');
  const caughtUp = await second.until(`cosignature/${head} sent`);
  await second.kill(); // it opens at its next step
  const followKilled = {
    seconds: killed + (caughtUp.milliseconds - resumed.milliseconds) / 1000,
    again: caughtUp.proofs - (size - verified),
  };

  say(`opening a wave of ${size}`);
  const opened = await first.until('opening/1 sent');
  const pieces = Math.ceil(size / SEALS_A_PIECE);
  const open = { seconds: (opened.milliseconds - caughtUp.milliseconds) / 1000, again: opened.pieces - pieces };

  say('opening it with a kill in between');
  const killedAgain = await killHalfway(start(2), open.seconds);
  const made = await countPieces(folder(2), pieces);
  const third = start(2);
  const wentOn = await third.until('started');
  const finished = await third.until('opening/1 sent');
  const openKilled = {
    seconds: killedAgain + (finished.milliseconds - wentOn.milliseconds) / 1000,
    again: finished.pieces - (pieces - made),
  };

  say('waiting for the names');
  while ((await ask(platform, '/names')) < size) await sleep(50);
  const names = (Date.now() - finished.milliseconds) / 1000;

  say('adding one signature at a time');
  const before = first.reports.at(-1) ?? opened;
  const steps: number[] = [];
  let last = before;
  for (const [i, entry] of extra.entries()) {
    await publish(platform, [entry]);
    const report = await first.until(`checkpoint ${head + i + 1} verified`);
    if (i > 0) steps.push(1000 * (report.cpuSeconds - last.cpuSeconds)); // the first one also waited while others worked
    last = report;
  }
  const oneMore = { milliseconds: medianOf(steps), proofs: (last.proofs - before.proofs) / extra.length };
  return { follow, followKilled, open, openKilled, names, oneMore, standstill: last.standstillMilliseconds };
}

function keystoreOf(platform: BenchPlatform, trustee: number): string {
  return path.join(platform.folder, 'keystores', String(trustee));
}

async function ask(platform: BenchPlatform, what: '/head' | '/names'): Promise<number> {
  return Number(await (await fetch(platform.origin + what)).text());
}

/** Puts entries on the board as the next checkpoint. */
async function publish(platform: BenchPlatform, entries: readonly Entry[]): Promise<void> {
  const head = await ask(platform, '/head');
  await fetch(`${platform.origin}/entries`, { method: 'POST', body: JSON.stringify(entries) });
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

async function countPieces(folder: string, all: number): Promise<number> {
  const isOpened = await readFile(path.join(folder, 'opening-1.json')).catch(() => null);
  const text = await readFile(path.join(folder, 'partials-1.log'), 'utf8').catch(() => '');
  return isOpened ? all : text.split('\n').length - 1;
}

function rowsOf(size: number, small: Measured, large: Measured): Row[] {
  const all = size.toLocaleString('en');
  const isWhole = size >= 10_000;
  const way = (name: string, value: number, tenth: number, goal: string | null): Row => ({
    name,
    unit: 's',
    value,
    baseline: { name: 'ten times the tenth', value: tenth * 10 },
    ratio: value / (tenth * 10),
    goal: goal ?? 'linear',
    holds: goal !== null && isWhole ? value <= 60 : null,
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
    way(`a trustee follows a board of ${all} from zero`, large.follow.seconds, small.follow.seconds, 'at most 60 s'),
    again(`the same, killed half-way (${large.followKilled.again} proofs checked again)`, large.followKilled, large.follow),
    way(`a trustee opens a wave of ${all}`, large.open.seconds, small.open.seconds, 'at most 60 s'),
    again(`the same, killed half-way (${large.openKilled.again} pieces made again)`, large.openKilled, large.open),
    way(`the platform computes the ${all} names after that`, large.names, small.names, null),
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
