import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProof } from '#lib/proof/proof.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { checkEntry, type Proof, publicSignals } from '#lib/protocol/board/signature.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { type ProofJob, prepareEntry, sayAye } from '#lib/signing/make-entry.ts';
import { makeSampleRecord } from '../checking/sample-record.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { placeOf, type Stage, setStage, value } from '../signing/stage.ts';
import { systemRandom } from '../support/world.ts';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
let page: Page;
let stage: Stage;
let prepared: ReturnType<typeof prepareEntry>;
beforeAll(async () => {
  lab = await openBrowserLab();
  page = await lab.open();
  stage = await setStage();
  const { identity } = stage.group.members[1]!;
  const said = sayAye(stage.group.id);
  prepared = prepareEntry(
    { context: stage.context, key: stage.ceremony.keyed, place: placeOf(stage.group, 1), identity, said },
    systemRandom,
  );
});
afterAll(() => lab?.close());

const inPage = <T>(script: string, given: unknown = null) =>
  page.evaluate(`(async (given) => { ${script} })(${JSON.stringify(given)})`) as Promise<T>;
const PROVE = `
  const { ProofWorker } = await import('/lib/browser/proof-worker.ts');
  const worker = new ProofWorker();
  const stages = [];
  let bytes = 0;
  const controller = new AbortController();
  const onNews = (news) => { if (stages.at(-1) !== news.stage) stages.push(news.stage); bytes = news.bytes ?? bytes; };
  const options = { onNews, signal: controller.signal };`;

describe('proving in a worker', () => {
  it('makes a proof that holds, and tells its stages and the bytes that it fetched', async () => {
    type Made = { result: Checked<Proof>; stages: string[]; bytes: number; expected: number };
    const script = `${PROVE}
      const { provingBytes } = await import('/lib/browser/artifacts.ts');
      await worker.prepare(given.verificationKey, options);
      const result = await worker.prover(options)(given);
      worker.close();
      return { result, stages, bytes, expected: provingBytes(given.verificationKey) };`;
    const { result, stages, bytes, expected } = await inPage<Made>(script, prepared.job);
    expect(stages).toEqual(['files', 'witness', 'proof', 'check']);
    expect(bytes).toBe(expected);
    const entry = value(checkEntry(stage.context, { ...prepared.unproven, proof: value(result) }));
    const signals = publicSignals(stage.context, stage.ceremony.keyed.key, entry);
    const { key } = await loadCurrentKey();
    expect(await verifyProof(key, { proof: value(parseProof(entry.proof)), publicSignals: signals }, systemRandom)).toBe(true);
  });

  it('has the fast kernels, for proofs and for points: Chromium fuses multiply and add', async () => {
    const script = `const { startKernel } = await import('/lib/proof/kernel.ts');
      const { startKernelArithmetic } = await import('/lib/protocol/numbers/kernel-arithmetic.ts');
      return [(await startKernel(['fma'])) !== null, startKernelArithmetic('fma') !== null];`;
    expect(await inPage(script)).toEqual([true, true]);
  });

  it('says so when the circuit comes to another result', async () => {
    const job: ProofJob = { ...prepared.job, expected: prepared.job.expected.with(1, '7') };
    const made = await inPage(`${PROVE} const result = await worker.prover(options)(given); worker.close(); return result;`, job);
    expect(made).toMatchObject({ ok: false, code: 'PROOF_OTHER' });
  });

  it('ends at once when it is cancelled, and works again afterwards', async () => {
    const script = `${PROVE}
      const cancel = { ...options, onNews: (news) => { onNews(news); if (news.stage === 'proof') controller.abort(new Error('cancelled')); } };
      const first = await worker.prover(cancel)(given).catch((error) => error.message);
      const second = await worker.prover()(given);
      worker.close();
      return [first, stages.at(-1), second.ok];`;
    expect(await inPage(script, prepared.job)).toEqual(['cancelled', 'proof', true]);
  });

  it('is helped by other workers, fails with one that is lost in the middle, and works again afterwards', async () => {
    const script = `
      const scripts = [];
      const Own = window.Worker;
      let lost = true;
      window.Worker = class extends Own {
        constructor(url, options) {
          const isHelper = String(url).includes('summing-worker');
          super(isHelper && lost ? 'data:text/javascript,onmessage=({data})=>{data.port.onmessage=()=>{throw new Error("gone")}}' : url, options);
          scripts.push(isHelper);
        }
      };
      Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8 });
      ${PROVE}
      const first = await worker.prover(options)(given).catch(({ code, message }) => [code, message]);
      lost = false;
      const second = await worker.prover()(given);
      worker.close();
      return [first, stages.at(-1), second.ok, scripts];`;
    const fresh = await lab.open();
    const [first, stage, made, scripts] = (await fresh.evaluate(
      `(async (given) => { ${script} })(${JSON.stringify(prepared.job)})`,
    )) as unknown[];
    expect([first, stage, made]).toEqual([['LOST', expect.stringContaining('gone')], 'proof', true]);
    expect(scripts).toEqual([...[true, true, true, false], ...[true, true, true, false]]);
  });

  it('may be asked for a proof while it is still fetching, and fails both when that fails', async () => {
    const fresh = await lab.open();
    const both = `(async (given) => {
      const { ProofWorker } = await import('/lib/browser/proof-worker.ts');
      const worker = new ProofWorker();
      const ready = worker.prepare(given.verificationKey).then(() => 'ready', (error) => error.message);
      const proved = worker.prover()(given).then((result) => result.ok, (error) => error.message);
      const outcome = [await ready, await proved];
      worker.close();
      return outcome;
    })(${JSON.stringify(prepared.job)})`;
    lab.artifacts.change = () => Buffer.of(1);
    const [failed, failedToo] = (await fresh.evaluate(both)) as string[];
    lab.artifacts.change = null;
    expect(failed).toContain('ARTIFACT_ALTERED');
    expect(failedToo).toBe(failed);
    expect(await fresh.evaluate(both)).toEqual(['ready', true]);
  });

  it('lets nobody wait for a worker that was ended', async () => {
    const script = `${PROVE}
      const calls = [worker.prepare(given.verificationKey), worker.prover()(given)].map((call) => call.catch((error) => error.message));
      worker.close();
      return Promise.all(calls);`;
    expect(await inPage(script, prepared.job)).toEqual(['The work was ended.', 'The work was ended.']);
  });

  it('uses no file that differs from the manifest in the program', async () => {
    const fresh = await lab.open();
    lab.artifacts.change = (path, bytes) => (path.endsWith('.zkey') ? Buffer.concat([bytes.subarray(0, -1), Buffer.of(1)]) : bytes);
    const message = await fresh.evaluate(`(async () => {
      const { ProofWorker } = await import('/lib/browser/proof-worker.ts');
      return new ProofWorker().prepare('${prepared.job.verificationKey}').catch((error) => error.message);
    })()`);
    lab.artifacts.change = null;
    expect(message).toContain('ARTIFACT_ALTERED');
  });
});

describe('checking a record in a worker', () => {
  const CHECK = `
    const { verifyRecord } = await import('/lib/browser/verify-record.ts');
    const news = [];
    const check = (text, options) => verifyRecord({ file: new Blob([text]) }, { onNews: (one) => news.push(one), ...options });`;
  let lines: string[];
  beforeAll(async () => {
    lines = await makeSampleRecord();
  });

  it('finds a good record good and reports how far it has come', async () => {
    const text = `${lines.join('\n')}\n`;
    const [report, last] = await inPage<[RecordReport, { total: number }]>(`${CHECK} return [await check(given), news.at(-1)];`, text);
    expect(report).toMatchObject({ ok: true, failures: [], state: 'revealed', signatures: 2 });
    expect(report.names.map((signer) => ('name' in signer ? signer.name : '')).sort()).toEqual([
      'Member 5, Ward Ñ’4',
      'Member 7, Ward Ñ’6',
    ]);
    expect(last.total).toBe(Buffer.byteLength(text));
  });

  it('names the line that was altered, and says what is no record at all', async () => {
    const at = lines.findIndex((line) => line.includes('"type":"opening"'));
    const altered = lines.with(at, lines[at]!.replace('"wave":1', '"wave":2'));
    const report = await inPage<RecordReport>(`${CHECK} return check(given);`, `${altered.join('\n')}\n`);
    expect(report.ok).toBe(false);
    expect(report.failures).toContainEqual(expect.objectContaining({ line: at + 1, step: 'openings' }));
    expect(await inPage(`${CHECK} return check('').catch((error) => error.message);`)).toContain('the file is empty');
  });

  it('stops when it is told to', async () => {
    const script = `${CHECK} return check(given, { signal: AbortSignal.abort(new Error('left the page')) }).catch((error) => error.message);`;
    expect(await inPage(script, lines.join('\n'))).toBe('left the page');
  });
});

describe('a room of workers', () => {
  /** `attempt` gives output and news of a job, or code and message of why there is none. */
  const ROOM = `
    const { createWebRoom } = await import('/lib/room/web-room.ts');
    const start = () => new Worker('/test/browser-lib/room-worker.ts', { type: 'module' });
    const open = (settings) => createWebRoom({ start, hands: 1, ...settings });
    const attempt = (promise) => promise.then((output) => output, ({ code, name, message }) => code ?? name + ': ' + message);
    const begun = (room, signal) => new Promise((resolve) => {
      const job = attempt(room.run('spin', null, { signal, onNews: () => resolve({ job }) }));
    });
    const sum = (room) => attempt(room.run('add', { numbers: [1n, 2n ** 254n], bytes: Uint8Array.of(3) }).then(({ sum }) => sum === 4n + 2n ** 254n));
    const room = open();`;

  it('does jobs, tells the news of each to who asked, and goes on after one that has thrown', async () => {
    const script = `${ROOM}
      const news = [[], []];
      const counted = await Promise.all([2, 60].map((last, i) => room.run('countTo', last, { onNews: (number) => news[i].push(number) })));
      const thrown = await room.run('fail', 'too far').catch(({ code, name, message }) => [code, name, message]);
      const uncopied = [await attempt(room.run('giveFunction', null)), await attempt(room.run('fail', () => 1))];
      const bytes = new Uint8Array(8);
      await room.run('add', { numbers: [], bytes }, { transfer: [bytes.buffer] });
      const after = await sum(room);
      await room.close();
      return { counted, news: news.map((list) => [list.length, list.at(-1)]), thrown, uncopied, left: bytes.length, after, closed: await sum(room) };`;
    expect(await inPage(script)).toEqual({
      ...{ counted: ['done', 'done'], thrown: ['FAILED', 'RangeError', 'too far'], left: 0, after: true, closed: 'CLOSED' },
      news: [
        [2, 2],
        [60, 60],
      ],
      uncopied: ['FAILED', DOMException.DATA_CLONE_ERR],
    });
  });

  it('ends what is cancelled, in the middle of it or while it waits, and what takes too long, also of a worker that stays silent', async () => {
    const script = `${ROOM}
      const [first, second] = [new AbortController(), new AbortController()];
      const { job } = await begun(room, first.signal);
      const waits = attempt(room.run('spin', null, { signal: second.signal }));
      const last = sum(room);
      second.abort();
      const outcomes = [await waits];
      first.abort();
      outcomes.push(await job, await last);
      const slow = open({ timeLimitMs: 2_000 });
      outcomes.push(await attempt(slow.run('spin', null)), await sum(slow));
      outcomes.push(await attempt(slow.run('leave', null)), await sum(slow));
      return outcomes;`;
    expect(await inPage(script)).toEqual(['CANCELLED', 'CANCELLED', true, 'TIME_LIMIT', true, 'TIME_LIMIT', true]);
  });

  it('starts another worker for one that is lost, and says that one could not be started', async () => {
    const script = `${ROOM}
      const lost = [await room.run('crash', 'on purpose').catch(({ code, message }) => [code, message]), await sum(room)];
      const missing = await attempt(open({ start: () => new Worker('/lib/missing.js') }).run('spin', null));
      return [...lost, missing];`;
    expect(await inPage(script)).toEqual([['LOST', expect.stringContaining('on purpose')], true, 'LOST']);
  });

  it('gives a worker helpers, who end with it and it with them', async () => {
    const script = `${ROOM}
      const helped = open({ helpers: { start, count: 2 } });
      const pass = (...all) => attempt(helped.run('pass', all));
      const count = (await helped.run('add', { numbers: [], bytes: new Uint8Array() })).helpers;
      const kept = await pass(['take', 1], ['take', 1]);
      const thrown = await pass(['fail', 'too far']);
      const lost = await pass(['crash', 'on purpose']);
      const anew = await pass(['take', 1]);
      return { count, kept, thrown, lost, anew };`;
    expect(await inPage(script)).toEqual({ count: 2, kept: [1, 1], thrown: 'FAILED', lost: 'LOST', anew: [1] });
  });

  it('returns the memory of its workers when it is closed', async () => {
    await inPage(`${ROOM}
      window.helped = open({ helpers: { start, count: 1 } });
      await window.helped.run('take', 128);
      await window.helped.run('pass', [['take', 128]]);`);
    const full = await measurePages();
    await inPage('await window.helped.close();');
    await expect.poll(async () => full - (await measurePages())).toBeGreaterThan(200);
  });
});

/** Resident memory of all pages and workers of the browser, MiB. Of Linux. */
async function measurePages(): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  const resident = pages.map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0));
  return resident.reduce((sum, one) => sum + one, 0) / 1024;
}
