import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import { parseProof } from '#lib/proof/proof.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { signReceipt } from '#lib/protocol/board/board.ts';
import { checkEntry, type Entry, entryHash, publicSignals } from '#lib/protocol/board/signature.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { createSalt, deriveLockKey, lockText } from '#lib/signing/locked-file.ts';
import { formatWallet } from '#lib/signing/wallet.ts';
import { loadCurrentKey } from '../proof/current-key.ts';
import { type Stage, setStage, value, walletOf } from '../signing/stage.ts';
import { answerBoard, shownPart } from '../support/board-answers.ts';
import { publish } from '../support/record-parts.ts';
import { createGroup, PLATFORM_SEED, systemRandom } from '../support/world.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sign-'));
const now = Math.floor(Date.now() / 1000);
let stage: Stage;
let platform: Server;
let origin: string;
let board: Entry[];
let posted: Entry[];

beforeAll(async () => {
  stage = await setStage({ change: { openBy: now, deadline: now + 3600 } });
  platform = createServer(async (request, response) => {
    const body = await Array.fromAsync(request).then((parts) => Buffer.concat(parts).toString());
    const answer = (json: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(json));
    if (request.url?.includes('/leaves')) return response.end(encodeRollFile(plantTree(stage.group.leaves, stage.group.header.depth)));
    if (request.url?.includes('/board')) return answer(answerBoard(partsOf(board), request.url));
    if (request.url?.endsWith('/signatures')) return answer({ receipt: take(JSON.parse(body)) }, 201);
    if (request.url?.includes(stage.context.id)) return answer({ ...stage.answer, time: now });
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

function partsOf(entries: Entry[]) {
  return entries.length > 0 ? publish(stage.context, stage.ceremony.keyed, [entries], now - 10).map(shownPart) : [];
}

function take(entry: Entry) {
  posted.push(entry);
  return signReceipt(
    stage.context.statement,
    { statement: stage.context.id, entry: entryHash(entry), action: entry.said.action },
    now,
    PLATFORM_SEED,
  );
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

describe('npm run sign, for those who do not trust a served page (T15)', () => {
  it('shows what will be read, and signs nothing without a yes', async () => {
    const { code, out, err } = await run(['--wallet', walletFile(0), '--statement', link()], 'no\n');
    expect(out).toContain('A fair count');
    expect(out).toContain('the names open once 4 people have signed');
    expect(out).toContain('If this is revealed, the public will read:\n\n    Member 1, Ward Ñ’0');
    expect(out).toContain('WARNING: The issuer of “Harbour pilots” does not recognise the trustee “Trustee 1”');
    expect([code, err.trim(), posted]).toEqual([1, 'Nothing was signed.', []]);
  });

  it('posts a real signature and prints the receipt', async () => {
    const { code, out, err } = await run(['--wallet', walletFile(1), '--statement', link(), '--minimum', '5'], 'yes\n');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(posted).toHaveLength(1);
    expect(posted[0]?.said).toMatchObject({ action: 'sign', minimum: 5 });
    expect(await isGood(posted[0] as Entry)).toBe(true);
    expect(JSON.parse(out.slice(out.indexOf('{')))).toMatchObject({ type: 'round-robin-receipt', platform: origin, entry: posted[0] });
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
    expect(await isGood(posted[0] as Entry)).toBe(true);
  });

  it('refuses a second signature by itself, and withdraws the first', async () => {
    await run(['--wallet', walletFile(3), '--statement', link(), '--yes']);
    board = [...posted];
    posted = [];
    const again = await run(['--wallet', walletFile(3), '--statement', link(), '--yes']);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('signed this statement already') });
    expect(posted).toEqual([]);
    expect(await run(['--wallet', walletFile(3), '--statement', link(), '--yes', '--withdraw'])).toMatchObject({ code: 0, err: '' });
    expect(posted[0]?.said).toEqual({ action: 'withdraw', group: stage.group.id, withdraws: entryHash(board[0] as Entry) });
    expect(await isGood(posted[0] as Entry)).toBe(true);
  });

  it('says what is wrong with a link, a wallet, a membership or an option', async () => {
    const stranger = createGroup('Harbour pilots', ['Me'], systemRandom);
    const refused = async (args: string[]) => (await run([...args, '--yes'])).err;
    expect(await refused(['--wallet', walletFile(0), '--statement', `${origin}/statements/12`])).toContain('BAD_LINK');
    expect(await refused(['--wallet', walletFile(0), '--statement', `${origin}/statements/${'a'.repeat(64)}`])).toContain(
      'There is nothing here.',
    );
    expect(await refused(['--wallet', write('bad.json', '{}'), '--statement', link()])).toContain('BAD_WALLET');
    expect(await refused(['--wallet', path.join(folder, 'absent'), '--statement', link()])).toContain('cannot be read');
    const lookalike = write('lookalike.json', formatWallet(walletOf(stranger, 0)));
    expect(await refused(['--wallet', lookalike, '--statement', link()])).toContain('of another issuer than the one you joined');
    const renamed = write('renamed.json', formatWallet(walletOf(stage.group, 0, { name: 'Somebody Else' })));
    expect(await refused(['--wallet', renamed, '--statement', link()])).toContain('NOT_IN_ROLL');
    expect(await refused(['--wallet', walletFile(0), '--statement', link(), '--minimum', '2.5'])).toContain('whole number');
    expect(await refused([])).toContain('npm run sign -- --wallet FILE --statement LINK');
    expect(posted).toEqual([]);
  });
});
