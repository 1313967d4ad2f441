import { randomBytes } from 'node:crypto';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { makeBenchKey } from '../make-record/bench-key.ts';
import { startBenchPlatform } from './bench-platform.ts';
import { makeBenchStage } from './bench-stage.ts';
import { quantileOf, type Row } from './measure.ts';
import { timeSingleProof } from './single-proofs.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
/** Requests that are on their way at one time: a crowd, and less than the queue of the platform holds. */
const CROWD = 128;
/** The pace at which signatures come while the waits of others are measured. */
const PER_SECOND = 100;
const LOOK_EVERY_MS = 40;

type Load = { seconds: number; accepted: number; busy: number; other: number; pages: number[]; memory: number[] };

/** Signatures that the platform takes in a second from another process on loopback, and what others wait meanwhile. */
export async function benchAcceptance(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const signatures = quick ? 600 : 3_000;
  const bench = await makeBenchKey();
  say('making signatures to post');
  const single = await timeSingleProof();
  const stage = makeBenchStage(bench, signatures, signatures, random);
  const bodies: string[] = [];
  for (let member = 0; member < signatures; member++) bodies.push(canonicalJson(await stage.sign(member)));
  say('starting a platform');
  const platform = await startBenchPlatform(bench, stage.file);
  try {
    const { origin } = platform;
    const address = `${origin}/api/anonymous/statements/${stage.file.id}`;
    await lookAt(address, 20); // the first ones read and check the statement
    const calm = await lookAt(address, 100);
    say('posting signatures as fast as they are taken');
    const half = bodies.length >> 1;
    const crowd = await post(address, origin, bodies.slice(0, half), CROWD, 0);
    say(`posting ${PER_SECOND} signatures a second`);
    const pace = await post(address, origin, bodies.slice(half), bodies.length, 1000 / PER_SECOND);
    return rowsOf(crowd, pace, quantileOf(calm, 0.99), single);
  } finally {
    await platform.stop();
  }
}

function rowsOf(crowd: Load, pace: Load, calm: number, single: number): Row[] {
  const rate = crowd.accepted / crowd.seconds;
  const slow = quantileOf(pace.pages, 0.99);
  const [before, after] = [crowd.memory.at(-1) ?? 0, pace.memory.at(-1) ?? 0];
  const told = `${crowd.busy} told to come again, ${crowd.other + pace.other} refused`;
  return [
    {
      name: `signatures accepted a second by one thread that checks, ${crowd.accepted} from a crowd of ${CROWD} (${told})`,
      unit: '/s',
      value: rate,
      baseline: { name: 'proofs that snarkjs checks in a second, one after the other', value: 1000 / single },
      ratio: (rate * single) / 1000,
      goal: 'at least 100',
      holds: rate >= 100 && crowd.other + pace.other === 0,
    },
    {
      name: `what a page asks for while ${(pace.accepted / pace.seconds).toFixed(0)} signatures a second come, slowest of a hundred (memory ${((after - before) / 2 ** 20).toFixed(0)} MB more after ${pace.accepted} of them)`,
      unit: 'ms',
      value: slow,
      baseline: { name: 'the same on the idle platform', value: calm },
      ratio: slow / calm,
      goal: 'below 250',
      holds: slow < 250,
    },
  ];
}

async function post(address: string, origin: string, bodies: readonly string[], crowd: number, pauseMs: number): Promise<Load> {
  const load: Load = { seconds: 0, accepted: 0, busy: 0, other: 0, pages: [], memory: [] };
  const waiting = [...bodies];
  const sender = async (place: number) => {
    // With a pause between them, each sender posts once, at its own moment.
    await new Promise((resolve) => setTimeout(resolve, place * pauseMs));
    for (let body = waiting.pop(); body !== undefined; body = pauseMs > 0 ? undefined : waiting.pop()) {
      const answer = await fetch(`${address}/signatures`, { method: 'POST', body });
      await answer.arrayBuffer();
      if (answer.status === 201) load.accepted++;
      else if (answer.status === 503) {
        load.busy++;
        waiting.unshift(body);
      } else load.other++;
    }
  };
  const start = performance.now();
  let isDone = false;
  const looking = (async () => {
    while (!isDone) {
      for (const page of await lookAt(address, 10)) load.pages.push(page);
      load.memory.push(Number(await (await fetch(`${origin}/memory`)).text()));
    }
  })();
  await Promise.all(Array.from({ length: Math.min(crowd, bodies.length) }, (_, place) => sender(place)));
  load.seconds = (performance.now() - start) / 1000;
  isDone = true;
  await looking;
  return load;
}

async function lookAt(address: string, times: number): Promise<number[]> {
  const waits: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await (await fetch(address)).arrayBuffer();
    waits.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return waits;
}
