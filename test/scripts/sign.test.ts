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
import { formatBackup, sealBackup } from '#lib/protocol/member/backup.ts';
import { identityOfRoot, wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { receiptedBy } from '#lib/signing/post-body.ts';
import { rememberRoll } from '#lib/signing/seen-rolls.ts';
import { parseSignatureFile } from '#lib/signing/signature-files.ts';
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
let isAnswerLost = false;

beforeAll(async () => {
  stage = await setStage({ hasWallets: true, change: { openBy: now, deadline: now + 3600 } });
  platform = createServer(async (request, response) => {
    const body = await Array.fromAsync(request).then((parts) => Buffer.concat(parts).toString());
    const answer = (json: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(json));
    if (request.url?.endsWith('/leaves')) return response.end(listsOf(stage.group).leaves);
    if (request.url?.endsWith('/names')) return response.end(listsOf(stage.group).names);
    if (request.url?.includes('/ended-keys')) return answer({ keys: [] });
    if (request.url?.includes('/groups/'))
      return answer({ id: stage.group.id, group: stage.group.header.group, rolls: [stage.group.header] });
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
  isAnswerLost = false;
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
  if (isAnswerLost) return answer({ error: { code: 'INTERNAL', message: 'Something went wrong.' } }, 500);
  return answer({ receipt: signReceipt(stage.context, receiptedBy(body), platformTime, PLATFORM_SEED) }, 201);
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const backupOf = (wallet: Wallet, name = 'backup') => write(`${name}.json`, formatBackup(sealBackup(wallet.root, wallet, systemRandom)));
const backup = (member: number) => ['--backup', backupOf(walletOf(stage, member), `backup-${member}`)];
const wordsOf = (member: number) => `${wordsOfRoot(stage.roots[member]!).join(' ')}\n`;
/** What whoever has nothing but the sheet can say of a membership. */
const named = (member: number) => ['--group', `${origin}/groups/${stage.group.id}`, '--name', stage.group.members[member]!.name];
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
    stage = await setStage({ hasWallets: true, change: { openBy: now - 9_000, deadline: now - 3_600 } });
    platformTime = now - 5_400;
    const { code, out } = await run([...backup(0), '--statement', link(), '--yes'], wordsOf(0));
    expect([code, posted.length]).toEqual([0, 1]);
    expect(out).toMatch(/The clock of this device is 1 hour and (29|30|31) minutes ahead of this site’s/);
    posted = [];
    platformTime = now;
    const closed = await run([...backup(0), '--statement', link(), '--yes'], wordsOf(0));
    expect([closed.code, closed.err, posted]).toEqual([1, 'The deadline of this statement has passed.\n', []]);
  });

  it('says that a signature was taken, and what to look at, where the receipt seems to promise too late a time', async () => {
    stage = await setStage({ hasWallets: true, change: { openBy: now, deadline: now + 90_000 } });
    platformTime = now + 86_400;
    const { code, err } = await run([...backup(0), '--statement', link(), '--yes'], wordsOf(0));
    expect([code, posted.length]).toEqual([1, 1]);
    expect(err).toMatch(/by the clock of this device,.*later than it may.*has accepted.*set it right/is);
  });
});

describe('npm run sign, for those who do not trust a served page (T15)', () => {
  it('shows what will be read, and signs nothing without a yes', async () => {
    const { code, out, err } = await run([...backup(0), '--statement', link()], `${wordsOf(0)}no\n`);
    expect(out).toContain('A fair count');
    expect(out).toContain('the names open once 4 people have signed');
    expect(out).toContain('If this is revealed, the public will read:\n\n    Member 1, Ward Ñ’0');
    expect(out).toContain('WARNING: The issuer of “Harbour pilots” does not recognise the trustee “Trustee 1”');
    expect(err).toContain('Nothing was signed.');
    expect([code, posted]).toEqual([1, []]);
    expect(out + err).not.toContain(wordsOf(0).slice(0, 30));
  });

  it('reads a backup that an editor has saved with a byte order mark and other line ends', async () => {
    const wallet = walletOf(stage, 0);
    const changed = `\ufeff${formatBackup(sealBackup(wallet.root, wallet, systemRandom)).replaceAll('\n', '\r\n')}`;
    const { err } = await run(['--backup', write('edited.json', changed), '--statement', link()], `${wordsOf(0)}no\n`);
    expect(err).toContain('Nothing was signed.');
  });

  it('posts a real signature and prints the receipt', async () => {
    const { code, out } = await run([...backup(1), '--statement', link(), '--minimum', '5'], `${wordsOf(1)}yes\n`);
    expect(code).toBe(0);
    expect(posted).toHaveLength(1);
    expect(out).toMatch(/opens only once 5 people, you among them.*whoever is named only later waited for more people/);
    expect(posted[0]?.entry.said).toMatchObject({ action: 'sign', minimum: 5 });
    expect(await isGood(posted[0]!.entry)).toBe(true);
    const receipt = JSON.parse(out.slice(out.indexOf('{')));
    expect(receipt).toMatchObject({ type: 'round-robin-receipt', version: 2, platform: origin, ...posted[0]! });
  });

  it('writes the signature to a file that anybody can post, from the words, the group and the name alone', async () => {
    const out = path.join(folder, 'signature.json');
    const args = [...named(2), '--statement', link(), '--out', out, '--yes'];
    const cut = wordsOf(2).split(' ').slice(1).join(' ');
    expect(await run(args, cut)).toMatchObject({ code: 1, err: expect.stringContaining('There must be 24 words') });
    expect(await run(args, wordsOf(3))).toMatchObject({ code: 1, err: expect.stringContaining('NOT_IN_ROLL') });
    expect(existsSync(out)).toBe(false);
    // As they stand on a sheet: one under the other, with their numbers.
    const listed = wordsOf(2).replace(/\S+/g, (word) => `  ${word}\r\n`);
    const nowhere = await run([...args.slice(0, -3), '--out', path.join(folder, 'missing', 'signature.json')], '');
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('missing') });
    const signed = await run(args, listed);
    expect(signed.code).toBe(0);
    expect(posted).toEqual([]);
    expect(readFileSync(out, 'utf8')).not.toContain(formatField(identityOfRoot(stage.roots[2]!).secret));
    expect(await run(['--post', out])).toMatchObject({ code: 0, err: '' });
    expect(await isGood(posted[0]!.entry)).toBe(true);
  });

  it('prints what it has made where the answer was lost: another one would be refused, and this one has no receipt yet', async () => {
    isAnswerLost = true;
    const { code, out, err } = await run([...backup(5), '--statement', link(), '--yes'], wordsOf(5));
    expect([code, posted.length]).toEqual([1, 1]);
    expect(err).toMatch(/it has not said\. Keep it.*--post.*\[INTERNAL\]/s);
    expect(parseSignatureFile(out.slice(out.indexOf('{')))).toMatchObject({ ok: true, value: posted[0] });
  });

  it('T4: one person cannot sign twice by bringing the words to another device', async () => {
    expect(await run([...backup(4), '--statement', link(), '--yes'], wordsOf(4))).toMatchObject({ code: 0 });
    const elsewhere = await run([...named(4), '--statement', link(), '--yes'], wordsOf(4));
    expect(elsewhere).toMatchObject({ code: 1, err: expect.stringContaining('ALREADY_SIGNED') });
    expect(posted).toHaveLength(1);
  });

  it('is refused a second signature, and withdraws the first with nothing but the words, from any machine (T63)', async () => {
    board = [bodyWithoutProof(stage, 3)];
    const again = await run([...named(3), '--statement', link(), '--yes'], wordsOf(3));
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('ALREADY_SIGNED') });
    expect(posted).toEqual([]);
    expect(await run([...named(3), '--statement', link(), '--yes', '--withdraw'], wordsOf(3))).toMatchObject({ code: 0 });
    expect(posted[0]?.entry.said).toEqual({ action: 'withdraw', group: stage.group.id });
    expect(posted[0]?.entry.nullifier).toBe(board[0]?.entry.nullifier);
    expect(await isGood(posted[0]!.entry)).toBe(true);
  });

  it('says what is wrong with a link, a backup, a membership or an option', async () => {
    const stranger = createGroup('Harbour pilots', ['Me'], systemRandom);
    const refused = async (args: string[]) => (await run([...args, '--yes'], wordsOf(0))).err;
    expect(await refused([...backup(0), '--statement', `${origin}/statements/12`])).toContain('BAD_LINK');
    expect(await refused([...backup(0), '--statement', `${origin}/statements/${'a'.repeat(64)}`])).toContain('There is nothing here.');
    expect(await refused(['--backup', write('bad.json', '{}'), '--statement', link()])).toContain('BAD_BACKUP');
    expect(await refused([...backup(1), '--statement', link()])).toContain('OTHER_WORDS');
    expect(await refused(['--backup', path.join(folder, 'absent'), '--statement', link()])).toContain('is not there');
    const lookalike = backupOf(walletOf({ ...stage, group: stranger }, 0));
    expect(await refused(['--backup', lookalike, '--statement', link()])).toContain('of another issuer than the one you joined');
    const renamed = backupOf(walletOf(stage, 0, { name: 'Somebody Else' }));
    expect(await refused(['--backup', renamed, '--statement', link()])).toContain('NOT_IN_ROLL');
    const seen = { group: stage.group.id, number: 1, hash: 'f'.repeat(64), time: 1 };
    const forked = backupOf(rememberRoll(walletOf(stage, 0), seen));
    expect(await refused(['--backup', forked, '--statement', link()])).toContain('ROLL_FORKED');
    expect(await refused(['--group', stranger.id, '--name', 'Me', '--statement', link()])).toContain('not for that group');
    expect(await refused([...backup(0), '--statement', link(), '--minimum', '2.5'])).toContain('whole number');
    expect(await refused([...backup(0), '--statement', link(), '--minimum', '9'])).toContain('Only 8 people can sign this statement');
    expect(await refused([])).toContain('npm run sign -- --statement LINK --backup FILE');
    expect(posted).toEqual([]);
  });
});
