import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { TallyVectors } from '../protocol/make-vectors/tallies.ts';
import { readVector } from '../protocol/remembering-proofs.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'verify-membership-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command on a tally of test/vectors, from the folder in which the file lies. */
async function run(name: string, ...more: string[]) {
  const { cases } = JSON.parse(await readVector('tallies.json')) as TallyVectors;
  const found = cases.find((one) => one.name === name);
  if (found) writeFileSync(path.join(folder, 'tally.json'), JSON.stringify(found.tally));
  const script = path.resolve(import.meta.dirname, '../../scripts/verify-membership.ts');
  const file = found ? 'tally.json' : name;
  return spawnSync(process.execPath, [script, file, ...more], { encoding: 'utf8', env: { ...process.env, INIT_CWD: folder } });
}

describe('npm run verify-membership', () => {
  it('says how many members answered what, and what that does not show', async () => {
    const { status, stdout, stderr } = await run('three members of two groups');
    expect([status, stderr]).toEqual([0, '']);
    for (const said of ['3 members of 2 groups have answered', '“Pilots”: 2 of 3, by roll 1', 'anybody can write this name', 'second tug'])
      expect(stdout).toContain(said);
    // Anybody can make a group of this name.
    expect(stdout).toMatch(/“Pilots”: 2 of 3, by roll 1, issuer's key [0-9a-f]{64}\n/);
    expect(stdout).toContain('never when they answered, nor that all answers are in it');
  });

  it('refuses a bad tally with the reason, and says nothing else of it', async () => {
    const { status, stdout } = await run('the proof of somebody else');
    expect(status).toBe(1);
    expect(stdout).toMatch(/FAILED {2}answer \d: .*\[BAD_PROOF\]/);
    expect(stdout).not.toContain('second tug');
  });

  it('prints a report for machines', async () => {
    const { status, stdout } = await run('three members of two groups', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, members: 3, failures: [] });
  });

  it('says what is wrong where there is no tally', async () => {
    const { status, stderr } = await run('nothing.json');
    expect(status).toBe(2);
    expect(stderr).toMatch(/nothing\.json is not there/);
  });

  it('tells a file that was packed, saved anew or emptied from a tally that does not hold', async () => {
    const { cases } = JSON.parse(await readVector('tallies.json')) as TallyVectors;
    const text = JSON.stringify(cases[0]?.tally);
    const changed: [Uint8Array, RegExp][] = [
      [gzipSync(text), /compressed with gzip; unpack it first\. Nothing is known of the tally/],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), /saved again in UTF-16/],
      [Buffer.from(text.replace('Pilots', 'Pil\u00f6ts'), 'latin1'), /it is not UTF-8/],
      [new Uint8Array(0), /the file is empty/],
    ];
    for (const [bytes, said] of changed) {
      writeFileSync(path.join(folder, 'changed.json'), bytes);
      const { status, stderr } = await run('changed.json');
      expect([status, stderr]).toEqual([2, expect.stringMatching(said)]);
    }
  });
});
