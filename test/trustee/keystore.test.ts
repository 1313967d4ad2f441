import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDisk } from '#lib/host/disk.ts';
import { lockFolder } from '#lib/host/folder-lock.ts';
import { writeStored } from '#lib/host/stored-file.ts';
import { createKeystore, readIdentity, readPlatform } from '#lib/trustee/keystore.ts';
import { appendLines, readLines } from '#lib/trustee/line-log.ts';
import { platformFileShape, shareFileShape, type WaveNote, waveNoteShape } from '#lib/trustee/stored-shapes.ts';
import { seeded } from '../circuits/signer.ts';
import { announceFiles } from './crash-points.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'keystore-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (place: string) => (statSync(place).mode & 0o777).toString(8);

describe('the files of a keystore', () => {
  it('are readable by their owner only, in folders that only the owner may enter', async () => {
    const store = path.join(folder, 'new');
    const disk = createDisk(store);
    await createKeystore(disk, { name: 'A', contact: 'b' }, seeded('a'));
    await disk.write('statements/x/share.json', 'secret');
    expect([modeOf(store), modeOf(path.join(store, 'statements/x'))]).toEqual(['700', '700']);
    expect([modeOf(path.join(store, 'trustee.json')), modeOf(path.join(store, 'statements/x/share.json'))]).toEqual(['600', '600']);
  });

  it('are refused in a folder that others may enter', async () => {
    const disk = createDisk(folder);
    await createKeystore(disk, { name: 'A', contact: 'b' }, seeded('a'));
    chmodSync(folder, 0o755);
    await expect(readIdentity(disk)).rejects.toThrow('chmod 700');
  });

  it('keep the first identity, whatever later calls say', async () => {
    const disk = createDisk(folder);
    const first = await createKeystore(disk, { name: 'A', contact: 'b' }, seeded('a'));
    expect(await createKeystore(disk, { name: 'C', contact: 'd' }, seeded('other'))).toEqual(first);
  });

  it('refuse a name that could not stand in a statement', async () => {
    await expect(createKeystore(createDisk(folder), { name: 'a\u0000b', contact: 'c' }, seeded('a'))).rejects.toThrow('cannot be used');
    expect(existsSync(path.join(folder, 'trustee.json'))).toBe(false);
  });

  it('are never quoted when they are damaged: they may hold a secret', async () => {
    writeFileSync(path.join(folder, 'platform.json'), '{"key":"very secret');
    await expect(readPlatform(createDisk(folder))).rejects.toThrow(
      /^The keystore file platform\.json is damaged, or a newer version of this program has written it\.$/,
    );
  });
});

describe('writing', () => {
  it('adds no line to a log that its reader would cut off, with all that came after', async () => {
    const disk = createDisk(folder);
    const note = { type: 'lock', wave: 1, content: 'a'.repeat(64) } as const;
    await appendLines(disk, 'waves.log', waveNoteShape, [note]);
    const before = await disk.read('waves.log');
    const wrong = { ...note, wave: 0, content: 'secret' };
    await expect(appendLines(disk, 'waves.log', waveNoteShape, [note, wrong])).rejects.toThrow(
      /^The keystore file waves\.log was not added to/,
    );
    expect(await disk.read('waves.log')).toBe(before);
    const read: WaveNote[] = [];
    expect(await readLines(disk, 'waves.log', waveNoteShape, (one) => read.push(one) > 0)).toBe(true);
    expect(read).toEqual([note]);
  });

  it('a line that another version has written is told and stays, with all after it; one that a crash has torn is cut off', async () => {
    const disk = createDisk(folder);
    const note = { type: 'lock', wave: 1, content: 'a'.repeat(64) } as const;
    const newer = z.strictObject({ type: z.literal('pause'), wave: z.int() });
    await appendLines(disk, 'waves.log', waveNoteShape, [note]);
    await appendLines(disk, 'waves.log', newer, [{ type: 'pause', wave: 1 }]);
    await appendLines(disk, 'waves.log', waveNoteShape, [{ ...note, wave: 2 }]);
    const before = await disk.read('waves.log');
    const read = () => readLines(disk, 'waves.log', waveNoteShape, () => true);
    await expect(read()).rejects.toThrow(/^The keystore file waves\.log was written by another version of this program/);
    expect(await disk.read('waves.log')).toBe(before);
    await disk.write('waves.log', (before ?? '').split('\n')[0] ?? '');
    expect([await read(), await disk.read('waves.log')]).toEqual([false, '']);
  });

  it('changes nothing where what is written could not be read back, and does not quote it', async () => {
    const disk = createDisk(folder);
    const file = { version: 2, key: 'a'.repeat(64), cursor: 5 } as const;
    await writeStored(disk, 'platform.json', file, platformFileShape);
    await expect(writeStored(disk, 'platform.json', { ...file, cursor: -1 }, platformFileShape)).rejects.toThrow(
      /was not changed: [^0-9]*$/,
    );
    expect(await readPlatform(disk)).toEqual(file);
    const share = { version: 2, share: '0123', transcript: 'b'.repeat(64), destroyAt: 9 } as const;
    await expect(writeStored(disk, 'share.json', share, shareFileShape)).rejects.toThrow('could not be read back');
    expect(await disk.list('.')).toEqual(['platform.json']);
  });

  it('syncs the new text before it takes the old one’s place, and the folder after', async () => {
    const calls: string[] = [];
    const disk = createDisk(
      folder,
      announceFiles((label) => calls.push(label)),
    );
    await disk.write('a.json', 'x');
    const name = path.basename(folder);
    expect(calls).toEqual([
      ...[`mkdir ${name}`, 'open a.json.draft', 'writeFile a.json.draft', 'sync a.json.draft', 'rename a.json.draft', `sync ${name}`],
    ]);
  });

  it('leaves the old text when it dies before the new one is in place, and the rest is erased at the next start', async () => {
    await createDisk(folder).write('a.json', 'old');
    const dying = createDisk(
      folder,
      announceFiles((label) => {
        if (label.startsWith('rename')) throw new Error('died');
      }),
    );
    await expect(dying.write('a.json', 'new')).rejects.toThrow('died');
    const disk = createDisk(folder);
    expect(await disk.read('a.json')).toBe('old');
    await disk.finishErasing('.');
    expect(await disk.list('.')).toEqual(['a.json']);
  });
});

describe('erasing', () => {
  it('overwrites with zeros before it removes', async () => {
    let seen = '';
    const disk = createDisk(
      folder,
      announceFiles((label) => {
        if (label.startsWith('unlink')) seen = readFileSync(path.join(folder, 'share.json.erasing'), 'latin1');
      }),
    );
    await disk.write('share.json', 'a secret scalar');
    await disk.erase('share.json');
    expect(seen).toBe('\0'.repeat(15));
    expect(await disk.list('.')).toEqual([]);
  });

  it('takes what a write that failed has left, for that may be the whole secret', async () => {
    const isFull = { now: true };
    const rename: typeof nodeFiles.rename = async (from, to) => {
      if (isFull.now) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return nodeFiles.rename(from, to);
    };
    const disk = createDisk(folder, { ...nodeFiles, rename });
    await expect(disk.write('share.json', 'a secret scalar')).rejects.toThrow('no space');
    expect(readFileSync(path.join(folder, 'share.json.draft'), 'utf8')).toBe('a secret scalar');
    isFull.now = false;
    await disk.erase('share.json');
    expect(await disk.list('.')).toEqual([]);
  });

  it('by two at once ends for both when the file is gone, after what was being added to it', async () => {
    const calls: string[] = [];
    const disk = createDisk(
      folder,
      announceFiles((label) => calls.push(label)),
    );
    await disk.append('a.log', 'first');
    await Promise.all([
      disk.append('a.log', 'second'),
      ...[1, 2].map(async (caller) => {
        await disk.erase('a.log');
        calls.push(`done ${caller}`);
      }),
    ]);
    const told = ['writeFile a.log', 'write a.log.erasing', 'unlink a.log.erasing', 'done 1', 'done 2'];
    expect(calls.filter((label) => told.includes(label))).toEqual(['writeFile a.log', ...told]);
    expect(existsSync(path.join(folder, 'a.log'))).toBe(false);
  });

  it('that failed is not taken for done: the next call finishes it, or fails as well', async () => {
    for (const last of ['open share.json.erasing', 'write share.json.erasing', 'unlink share.json.erasing']) {
      let isFull = true;
      const disk = createDisk(
        folder,
        announceFiles((label) => {
          if (isFull && label === last) throw new Error('no space left');
        }),
      );
      await disk.write('share.json', 'a secret scalar');
      for (const _ of [1, 2]) await expect(disk.erase('share.json')).rejects.toThrow('no space left');
      isFull = false;
      await disk.erase('share.json');
      expect(await disk.list('.')).toEqual([]);
    }
  });

  it('is completed at the next start wherever it was interrupted', async () => {
    for (const last of ['open', 'write', 'sync', 'unlink']) {
      await createDisk(folder).write('share.json', 'a secret scalar');
      const dying = createDisk(
        folder,
        announceFiles((label) => {
          if (label === `${last} share.json.erasing`) throw new Error('died');
        }),
      );
      await expect(dying.erase('share.json')).rejects.toThrow('died');
      const disk = createDisk(folder);
      expect(await disk.read('share.json')).toBeNull();
      await disk.finishErasing('.');
      expect(await disk.list('.')).toEqual([]);
    }
  });
});

describe('the lock', () => {
  it('keeps a second holder out, and lets one in when the first lets go', async () => {
    const unlock = await lockFolder(folder);
    expect(unlock).not.toBeNull();
    expect(await lockFolder(folder)).toBeNull();
    await unlock?.();
    const second = await lockFolder(folder);
    expect(second).not.toBeNull();
    await second?.();
  });

  it('is taken over from a holder that died and left its file behind', async () => {
    const code = `import { lockFolder } from ${JSON.stringify(path.resolve('lib/host/folder-lock.ts'))}; await lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(await lockFolder(folder)).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(path.join(folder, 'lock'))).toBe(true);
    const unlock = await lockFolder(folder);
    expect(unlock).not.toBeNull();
    await unlock?.();
  });
});
