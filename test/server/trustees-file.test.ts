import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { signTrusteePolicy } from '#lib/protocol/permit/trustee-policy.ts';
import { createTrusteesReader, readTrusteesFile } from '#lib/server/instance/trustees-file.ts';

const ann = { name: 'Ann', contact: 'by post', key: 'ab'.repeat(32) };
const ben = { name: 'Ben', contact: 'by post', key: 'cd'.repeat(32) };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trustees-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('trustees come and go with their file, and stay as they were while it cannot be used, which is told once', async () => {
  const file = path.join(folder, 'trustees.json');
  const write = (text: string) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  const told: string[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((line) => void told.push(String(line)));
  onTestFinished(() => spy.mockRestore());
  const ctx: Parameters<typeof createTrusteesReader>[0] = { trustees: [ann], trusteePolicies: [] };
  const reread = createTrusteesReader(ctx, file);
  write(JSON.stringify([ann]));
  await reread();
  expect(told).toEqual([]);
  write(JSON.stringify([ben, ann]));
  await reread();
  expect(ctx.trustees).toEqual([ben, ann]);
  for (const bad of ['[', JSON.stringify([{ ...ann, key: 'x' }])]) {
    write(bad);
    await reread();
    await reread();
    expect(ctx.trustees).toEqual([ben, ann]);
  }
  rmSync(file);
  await reread();
  write(JSON.stringify([]));
  await reread();
  expect(ctx.trustees).toEqual([]);
  expect(told.map((line) => line.replace(/^.*must hold a list of trustees.*;/, 'bad;').replace(/^.*is not there\.;/, 'gone;'))).toEqual([
    '2 trustees are suggested for new statements from now on',
    'bad; the trustees stay as they were',
    'bad; the trustees stay as they were',
    expect.stringContaining('the trustees stay as they were'),
    '0 trustees are suggested for new statements from now on',
  ]);
});

it('the policy of a trustee stands beside its descriptor, the newest one holds, and none is taken that the trustee has not signed', async () => {
  const file = path.join(folder, 'trustees.json');
  const seed = new Uint8Array(32).fill(7);
  const cleo = { name: 'Cleo', contact: 'by post', key: publicKeyOf(seed) };
  const terms = { groups: 'any' as const, mostOpen: 5, longestLife: 86_400, time: 1_800_000_000 };
  const [first, second] = [1, 2].map((number) => signTrusteePolicy({ ...terms, number }, seed));
  const read = (items: unknown[]) => {
    writeFileSync(file, JSON.stringify(items));
    return readTrusteesFile(file);
  };
  expect(await read([cleo, second, first, ann])).toEqual({ trustees: [cleo, ann], trusteePolicies: [second] });
  await expect(read([cleo, { ...first, mostOpen: 6 }])).rejects.toThrow('cannot be used: not signed by the trustee that it names');
  await expect(read([ann, first])).rejects.toThrow('the policy of a trustee that it does not name');
});
