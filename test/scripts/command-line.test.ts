import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainDatabaseFailure } from '#db/explain-failure.ts';
import { findFreePort } from '#db/free-port.ts';

/** Root may read everything: what others may not is tried as nobody. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

type Ended = { code: number; out: string; err: string };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'command-line-'));
  writeFileSync(path.join(folder, 'file'), 'not JSON');
  mkdirSync(path.join(folder, 'folder'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command as npm does for somebody who stands in `folder`. */
function run(script: string, ...args: string[]): Promise<Ended> {
  const command = ['--disable-warning=ExperimentalWarning', '--conditions=react-server', `scripts/${script}`, ...args];
  const compiled = { NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/compiled') };
  const env = { ...compiled, ...process.env, INIT_CWD: folder, DATA_DIR: path.join(folder, 'file') };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { env }, (error, out, err) => {
      expect(err).not.toMatch(/^\s+at |^node:|Node\.js v/m);
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
    child.stdin?.end();
  });
}

/** The scripts behind the commands of package.json, but for `npm test`, which hands everything to vitest. */
function listCommands(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const found = Object.values(scripts).map((line) => /bootstrap\.mjs scripts\/(\S+\.ts)/.exec(line)?.[1]);
  return [...new Set(found.filter((script) => script !== undefined && script !== 'test.ts'))] as string[];
}

describe.concurrent('every command of package.json', () => {
  it('is found', () => expect(listCommands().length).toBeGreaterThan(10));

  it.each([...listCommands(), 'make-vectors.ts'])('%s explains itself when it is asked or misused', { timeout: 60_000 }, async (script) => {
    const [asked, misused] = await Promise.all([run(script, '--help'), run(script, '--no-such-option')]);
    expect([asked.code, asked.err]).toEqual([0, '']);
    expect(asked.out).toMatch(/npm (run|start)|node scripts/);
    expect([misused.code, misused.out]).toEqual([2, '']);
    expect(misused.err).toMatch(/^(Unknown option '--no-such-option'|There is no command)/);
    expect(misused.err).toContain(asked.out.split('\n')[0]);
  });
});

const ceremony = 'setup-ceremony/ceremony.ts';
/** What is said where Node by itself would try for ever. */
const NO_FOLDER = /^\/proc\/none cannot be made: what lies above it takes no folders\.$/;
const mistakes: [string, string, string[], number, RegExp][] = [
  ['a port as an option', 'start.ts', ['--port', '4000'], 2, /^Unknown option '--port'[\s\S]*PORT=4000 npm start/],
  ['a folder of data that is a file', 'start.ts', [], 1, /^\S+\/file is a file, and a folder is needed\.$/],
  ['a word that every object has', 'trustee.ts', ['constructor'], 2, /^There is no command "constructor"/],
  ['a keystore that is a file', 'trustee.ts', ['status', '--keystore', 'file'], 1, /\/file\/trustee\.json cannot be/],
  ['a keystore from where the caller stands', 'trustee.ts', ['status', '--keystore', 'folder'], 1, /no keystore in \S+\/folder\. Make one/],
  [
    'a backup that is not there',
    'sign.ts',
    ['--backup', 'none', '--statement', `https://x.example/${'a'.repeat(64)}`],
    1,
    /\/none is not there/,
  ],
  ['a copy where no folder is', 'backup.ts', ['--out', 'none/copy'], 1, /\/none is not there/],
  ['a copy that is not there', 'restore.ts', ['--from', 'none'], 1, /\/none is not there/],
  ['a signature that is a folder', 'sign.ts', ['--post', 'folder'], 1, /\/folder is a folder, and a file is needed/],
  ['an --out that is there', 'sign.ts', ['--backup', 'none', '--statement', 'x', '--out', 'file'], 2, /^file is there already/],
  ['a roster that is a folder', 'demo.ts', ['--roster', 'folder'], 1, /\/folder is a folder, and a file is needed/],
  ['an evening for a file', 'evening.ts', ['--folder', 'file'], 1, /\/file is a file, and a folder is needed/],
  ['a record for a folder that is not there', 'demo.ts', ['--record', 'none/record'], 1, /\/none\/record is not there/],
  ['a record for a folder', 'make-record.ts', ['--signatures', '9', '--out', 'folder'], 1, /\/folder is a folder, and a file is needed/],
  ['a verifier for a file', 'build-verifier.ts', ['--out', 'file'], 1, /\/file is a file, and a folder is needed/],
  ['a record below a file', 'verify-record.ts', ['file/record'], 2, /\/file\/record cannot be/],
  ['a part that every object has', 'bench.ts', ['--only', 'constructor'], 2, /^There is no part "constructor"/],
  ['a chapter that is misspelt', 'make-vectors.ts', ['rols.json'], 2, /^There is no chapter "rols\.json"/],
  ['a tally that never ends', 'verify-membership.ts', ['/dev/zero'], 2, /^\/dev\/zero is a device, and a file is needed/],
  [
    'a keystore where no folder can be',
    'trustee.ts',
    ['init', '--keystore', '/proc/none/k', '--name', 'A', '--contact', 'b'],
    1,
    NO_FOLDER,
  ],
  ['an agent where no folder can be', 'issuer.ts', ['init', '--keystore', '/proc/none/k'], 1, NO_FOLDER],
  ['a verifier where no folder can be', 'build-verifier.ts', ['--out', '/proc/none/v'], 1, NO_FOLDER],
  [
    'a trustee whose name is rearranged',
    'trustee.ts',
    ['init', '--keystore', 'folder/t', '--name', 'A\u202eda', '--contact', 'b'],
    1,
    /the name holds U\+202E/,
  ],
  [
    'a trustee whose contact cannot be seen',
    'trustee.ts',
    ['init', '--keystore', 'folder/u', '--name', 'Ada', '--contact', 'a\u200bb'],
    1,
    /the contact holds U\+200B/,
  ],
  ['a ceremony that is not there', ceremony, ['verify', 'none'], 1, /\/none is not there/],
  ['two folders', ceremony, ['verify', 'folder', 'other'], 2, /^"verify" needs one folder/],
  ['powers of tau that are not there', ceremony, ['phase1', 'folder', '--ptau', 'none'], 1, /\/none is not there/],
  ['a power that is none', ceremony, ['phase1', 'folder', '--new', '--power', 'ten'], 2, /^--power: expected a whole number/],
  ['a folder without a ceremony', ceremony, ['contribute', 'folder', '--name', 'Ada'], 1, /^description\.json: the file is missing/],
];

describe.concurrent('a command that is given', () => {
  it.each(mistakes)('%s says so in a sentence (%s)', { timeout: 60_000 }, async (_, script, args, code, sentence) => {
    const ended = await run(script, ...args);
    expect(ended.err.trim()).toMatch(sentence);
    expect([ended.code, ended.out]).toEqual([code, '']);
  });
});

describe('a failure on the command line', () => {
  it('tells what stands behind a platform or a record that cannot be reached', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`;
    const refused = /cannot be reached.*ECONNREFUSED/;
    expect((await run('verify-record.ts', `${url}/record`)).err).toMatch(refused);
    expect((await run('demo.ts', '--url', url, '--issuer-link', `${url}/issuer/enter#abc`)).err).toMatch(refused);
  });

  it('never writes over a file that is there and cannot be read, as a signing key of a contributor', async () => {
    const { readIfThere } = await import('#lib/ceremony/disk.ts');
    await expect(readIfThere(path.join(folder, 'folder'))).rejects.toThrow('EISDIR');
    expect(await readIfThere(path.join(folder, 'none'))).toBeNull();
  });

  it('is not taken for a file that is not there, where its user may not look', async () => {
    const { recallRunning } = await import('#scripts/instance/running-instance.ts');
    const { openSource } = await import('#lib/checking/open-source.ts');
    const closed = path.join(folder, 'closed');
    mkdirSync(closed);
    await chmod(folder, 0o755);
    for (const place of ['running.json', 'record']) writeFileSync(path.join(closed, place), '{}', { mode: 0 });
    await asOrdinaryUser(async () => {
      const { bytes } = await openSource(path.join(closed, 'record'));
      await expect(Array.fromAsync(bytes)).rejects.toThrow(/^\S+\/record may not be used by the user that runs this/);
      expect(() => recallRunning(closed)).toThrow('EACCES');
    });
    await chmod(closed, 0);
    await asOrdinaryUser(async () => expect(() => recallRunning(closed)).toThrow('EACCES'));
    await chmod(closed, 0o700);
    expect(recallRunning(path.join(folder, 'none'))).toBeNull();
  });

  it('of a database says when the address is that of something else', () => {
    for (const address of ['http://x.example', 'mysql://root:secret@x.example', 'bogus:secret'])
      expect(explainDatabaseFailure(new Error('x'), address)).toBe('The database address in DATABASE_URL must begin with postgres://.');
  });

  it('ends a command whose output nobody reads any more', async () => {
    const child = spawn(process.execPath, ['scripts/make-vectors.ts', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (data) => (err += data));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
    expect(err).toBe('');
  });

  it('of the demo leaves no folder behind', () => {
    const own = path.join(folder, 'temporary'); // others run demos too, and have theirs for as long
    mkdirSync(own);
    execFileSync(process.execPath, ['scripts/demo.ts', '--help'], { env: { ...process.env, TMPDIR: own } });
    expect(readdirSync(own)).toEqual([]);
  });
});
