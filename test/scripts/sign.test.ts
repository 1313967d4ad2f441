import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseProof } from '#lib/proof/proof.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import { signReceipt } from '#lib/protocol/board/receipt.ts';
import { checkEntry, type Entry, publicSignals } from '#lib/protocol/board/signature.ts';
import { createSalt, deriveLockKey, lockText } from '#lib/signing/locked-file.ts';
import { receiptedBy } from '#lib/signing/post-body.ts';
import { formatWallet } from '#lib/signing/wallet.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { bodyWithoutProof, listBodies } from '../signing/signed-board.ts';
import { listsOf, type Stage, setStage, value, walletOf } from '../signing/stage.ts';
import { answerBoard } from '../support/board-answers.ts';
import { createGroup, PLATFORM_SEED, systemRandom } from '../support/world.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sign-'));
const now = Math.floor(Date.now() / 1000);
let stage: Stage;
/** What the platform's clock shows. */
let platformTime = now;
let platform: Server;
let origin: string;
let board: Body[];
let posted: Body[];

beforeAll(async () => {
  stage = await setStage({ change: { openBy: now, deadline: now + 3600 } });
  platform = createServer(async (request, response) => {
    const body = await Array.fromAsync(request).then((parts) => Buffer.concat(parts).toString());
    const answer = (json: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(json));
    if (request.url?.endsWith('/leaves')) return response.end(listsOf(stage.group).leaves);
    if (request.url?.endsWith('/names')) return response.end(listsOf(stage.group).names);
    if (request.url?.includes('/groups/')) return answer({ id: stage.group.id, group: stage.group.header.group, rolls: [stage.group.header] });
    if (request.url?.includes('/board')) return answer(answerBoard(listsOfBoard(), request.url));
    if (request.url?.endsWith('/signatures')) return take(JSON.parse(body), answer);
    if (request.url?.includes(stage.context.id)) return answer({ ...stage.answer, time: platformTime });
    return answer({ error: { code: 'NOT_FOUND', message: 'There is nothing here.' } }, 404);
  });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
});
beforeEach(() => {
  board = [];
  posted = [];
});
afterAll(() => {
  platform.close();
  rmSync(folder, { recursive: true, force: true });
});

const listsOfBoard = () => (board.length > 0 ? listBodies(stage, [board], now - 10) : []);

/** Takes a body as the platform does, which knows nullifiers: one signature each, and one withdrawal of it. */
function take(body: Body, answer: (json: unknown, status?: number) => unknown) {
  const { nullifier, said } = body.entry;
  const refuse = (code: string) => answer({ error: { code, message: `Refused: ${code}.` } }, 409);
  const before = [...board, ...posted].filter(({ entry }) => entry.nullifier === nullifier).map(({ entry }) => entry.said.action);
  if (said.action === 'sign' && before.includes('sign')) return refuse('ALREADY_SIGNED');
  posted.push(body);
  return answer({ receipt: signReceipt(stage.context, receiptedBy(body), platformTime, PLATFORM_SEED) }, 201);
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const walletFile = (member: number) => write(`wallet-${member}.json`, formatWallet(walletOf(stage.group, member)));
const link = () => `${origin}/statements/${stage.context.id}#${stage.context.id}`;

async function run(args: string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['scripts/sign.ts', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

async function isGood(entry: Entry): Promise<boolean> {
  const { key } = await loadCurrentKey();
  const signals = publicSignals(stage.context, stage.ceremony.keyed.key, value(checkEntry(stage.context, entry)));
  return verifyProof(key, { proof: value(parseProof(entry.proof)), publicSignals: signals }, systemRandom);
}

describe('npm run sign where the clocks of platform and machine differ', () => {
  let before: Stage;
  beforeAll(() => {
    before = stage;
  });
  afterEach(() => {
    stage = before;
    platformTime = now;
  });

  it('goes by the platform’s, and tells the difference', async () => {
    stage = await setStage({ change: { openBy: now - 9_000, deadline: now - 3_600 } });
    platformTime = now - 5_400;
    const { code, out, err } = await run(['--wallet', walletFile(0), '--statement', link(), '--yes']);
    expect([err, code, posted.length]).toEqual(['', 0, 1]);
    expect(out).toMatch(/The clock of this device is 1 hour and (29|30|31) minutes ahead of this site’s/);
    posted = [];
    platformTime = now;
    const closed = await run(['--wallet', walletFile(0), '--statement', link(), '--yes']);
    expect([closed.code, closed.err, posted]).toEqual([1, 'The deadline of this statement has passed.\n', []]);
  });

  it('says that a signature was taken, and what to look at, where the receipt seems to promise too late a time', async () => {
    stage = await setStage({ change: { openBy: now, deadline: now + 90_000 } });
    platformTime = now + 86_400;
    const { code, err } = await run(['--wallet', walletFile(0), '--statement', link(), '--yes']);
    expect([code, posted.length]).toEqual([1, 1]);
    expect(err).toMatch(/by the clock of this device,.*later than it may.*has accepted.*set it right/is);
  });
});

describe('npm run sign, for those who do not trust a served page (T15)', () => {
  it('shows what will be read, and signs nothing without a yes', async () => {
    const { code, out, err } = await run(['--wallet', walletFile(0), '--statement', link()], 'no\n');
    expect(out).toContain('A fair count');
    expect(out).toContain('the names open once 4 people have signed');
    expect(out).toContain('If this is revealed, the public will read:\n\n    Member 1, Ward Ñ’0');
    expect(out).toContain('WARNING: The issuer of “Harbour pilots” does not recognise the trustee “Trustee 1”');
    expect([code, err.trim(), posted]).toEqual([1, 'Nothing was signed.', []]);
  });

  it('reads a wallet that an editor has saved with a byte order mark and other line ends', async () => {
    const changed = `\ufeff${formatWallet(walletOf(stage.group, 0)).replaceAll('\n', '\r\n')}`;
    const { err } = await run(['--wallet', write('edited.json', changed), '--statement', link()], 'no\n');
    expect(err.trim()).toBe('Nothing was signed.');
  });

  it('posts a real signature and prints the receipt', async () => {
    const { code, out, err } = await run(['--wallet', walletFile(1), '--statement', link(), '--minimum', '5'], 'yes\n');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(posted).toHaveLength(1);
    expect(posted[0]?.entry.said).toMatchObject({ action: 'sign', minimum: 5 });
    expect(await isGood(posted[0]!.entry)).toBe(true);
    const receipt = JSON.parse(out.slice(out.indexOf('{')));
    expect(receipt).toMatchObject({ type: 'round-robin-receipt', version: 2, platform: origin, ...posted[0]! });
  });

  it('writes the signature to a file that anybody can post, from a wallet locked with a passphrase', async () => {
    const key = await deriveLockKey('correct horse', createSalt(systemRandom));
    const locked = write('locked.json', JSON.stringify(lockText(formatWallet(walletOf(stage.group, 2)), key, systemRandom)));
    const out = path.join(folder, 'signature.json');
    const args = ['--wallet', locked, '--statement', link(), '--out', out, '--yes'];
    expect(await run(args, 'wrong horse\n')).toMatchObject({ code: 1, err: expect.stringContaining('WRONG_PASSPHRASE') });
    expect(existsSync(out)).toBe(false);
    const signed = await run(args, 'correct horse\n');
    expect(signed.code).toBe(0);
    expect(signed.out + signed.err).not.toContain('correct horse');
    expect(posted).toEqual([]);
    expect(readFileSync(out, 'utf8')).not.toContain(walletOf(stage.group, 2).secret);
    expect(await run(['--post', out])).toMatchObject({ code: 0, err: '' });
    expect(await isGood(posted[0]!.entry)).toBe(true);
  });

  it('is refused a second signature, and withdraws the first with nothing but the wallet, from any machine (T63)', async () => {
    board = [bodyWithoutProof(stage, 3)];
    const again = await run(['--wallet', walletFile(3), '--statement', link(), '--yes']);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('ALREADY_SIGNED') });
    expect(posted).toEqual([]);
    expect(await run(['--wallet', walletFile(3), '--statement', link(), '--yes', '--withdraw'])).toMatchObject({ code: 0, err: '' });
    expect(posted[0]?.entry.said).toEqual({ action: 'withdraw', group: stage.group.id });
    expect(posted[0]?.entry.nullifier).toBe(board[0]?.entry.nullifier);
    expect(await isGood(posted[0]!.entry)).toBe(true);
  });

  it('says what is wrong with a link, a wallet, a membership or an option', async () => {
    const stranger = createGroup('Harbour pilots', ['Me'], systemRandom);
    const refused = async (args: string[]) => (await run([...args, '--yes'])).err;
    expect(await refused(['--wallet', walletFile(0), '--statement', `${origin}/statements/12`])).toContain('BAD_LINK');
    expect(await refused(['--wallet', walletFile(0), '--statement', `${origin}/statements/${'a'.repeat(64)}`])).toContain(
      'There is nothing here.',
    );
    expect(await refused(['--wallet', write('bad.json', '{}'), '--statement', link()])).toContain('BAD_WALLET');
    expect(await refused(['--wallet', path.join(folder, 'absent'), '--statement', link()])).toContain('is not there');
    const lookalike = write('lookalike.json', formatWallet(walletOf(stranger, 0)));
    expect(await refused(['--wallet', lookalike, '--statement', link()])).toContain('of another issuer than the one you joined');
    const renamed = write('renamed.json', formatWallet(walletOf(stage.group, 0, { name: 'Somebody Else' })));
    expect(await refused(['--wallet', renamed, '--statement', link()])).toContain('NOT_IN_ROLL');
    expect(await refused(['--wallet', walletFile(0), '--statement', link(), '--minimum', '2.5'])).toContain('whole number');
    expect(await refused([])).toContain('npm run sign -- --wallet FILE --statement LINK');
    expect(posted).toEqual([]);
  });
});
