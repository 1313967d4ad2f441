import { randomBytes } from 'node:crypto';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { type BenchKey, makeBenchKey } from '../make-record/bench-key.ts';
import { startBenchPlatform } from './bench-platform.ts';
import { makeBenchStage, type StageFile } from './bench-stage.ts';
import type { Row } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const PROCESSES = [1, 2, 4];
/** Requests that are on their way at one time, to all processes together. */
const CROWD = 128;

type Rates = { processes: number; signatures: number; reads: number };

/**
 * Signatures and reads of a statement that so many processes on one PostgreSQL answer in a second. They share the machine with the
 * database and with whoever asks, so that beyond its cores nothing can be won.
 */
export async function benchProcesses(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const signatures = quick ? 400 : 2_000;
  const bench = await makeBenchKey();
  say('making signatures to post');
  const stage = makeBenchStage(bench, signatures, signatures, random);
  const bodies: string[] = [];
  for (let member = 0; member < signatures; member++) bodies.push(canonicalJson(await stage.sign(member)));
  const rates: Rates[] = [];
  for (const processes of PROCESSES) {
    say(`${processes} processes`);
    rates.push(await rateOf(bench, stage.file, processes, bodies));
  }
  return rates.flatMap((one) => rowsOf(one, rates[0] as Rates));
}

function rowsOf({ processes, signatures, reads }: Rates, alone: Rates): Row[] {
  const of = `by ${processes} ${processes === 1 ? 'process' : 'processes'} on one PostgreSQL`;
  const row = (what: string, value: number, baseline: number): Row => ({
    name: `${what} a second ${of}`,
    ...{ unit: '/s', value, ratio: value / baseline, goal: '', holds: null },
    baseline: { name: 'by one', value: baseline },
  });
  return [row('signatures accepted', signatures, alone.signatures), row('reads of a statement', reads, alone.reads)];
}

async function rateOf(bench: BenchKey, file: StageFile, processes: number, bodies: readonly string[]): Promise<Rates> {
  const platform = await startBenchPlatform(bench, file, { processes });
  const addresses = platform.origins.map((origin) => `${origin}/api/anonymous/statements/${file.id}`);
  try {
    // The first ones read and check the statement.
    await inTurn(addresses, Array(40).fill(undefined), (address) => ask(address));
    const signatures = await inTurn(addresses, bodies, (address, body) => ask(`${address}/signatures`, body));
    const reads = await inTurn(addresses, Array(2 * bodies.length).fill(undefined), (address) => ask(address));
    return { processes, signatures, reads };
  } finally {
    await platform.stop();
  }
}

/** Hands each thing to the next address in turn, many at a time. @returns how many a second; what was told to come again comes again */
async function inTurn<T>(addresses: readonly string[], things: readonly T[], send: (address: string, thing: T) => Promise<boolean>) {
  const waiting = [...things];
  const start = performance.now();
  const sender = async (place: number) => {
    const address = addresses[place % addresses.length] as string;
    while (waiting.length > 0) {
      const thing = waiting.pop() as T;
      if (!(await send(address, thing))) waiting.unshift(thing);
    }
  };
  await Promise.all(Array.from({ length: CROWD }, (_, place) => sender(place)));
  return (1000 * things.length) / (performance.now() - start);
}

/** @returns false when it is to come again */
async function ask(address: string, body?: string): Promise<boolean> {
  const answer = await fetch(address, body === undefined ? {} : { method: 'POST', body });
  await answer.arrayBuffer();
  if (answer.ok || answer.status === 503) return answer.ok;
  throw new Error(`the platform answered ${answer.status}`);
}
