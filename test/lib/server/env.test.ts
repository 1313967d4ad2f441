import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertSetupAccepted, parseEnv } from '#lib/server/env.ts';
import { readImprint } from '#lib/server/operator.ts';

const complete = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://user:word@db.example/round_robin',
  SESSION_SECRET: 's'.repeat(32),
  PLATFORM_KEY_FILE: '/etc/round-robin/platform.key',
  PUBLIC_URL: 'https://roundrobin.example',
};

describe('parseEnv', () => {
  it('reads complete settings and leaves what is optional closed', () => {
    expect(parseEnv(complete)).toEqual({
      production: true,
      databaseUrl: complete.DATABASE_URL,
      sessionSecret: complete.SESSION_SECRET,
      platformKeyFile: complete.PLATFORM_KEY_FILE,
      oldKeyFiles: [],
      trusteesFile: undefined,
      publicUrl: 'https://roundrobin.example',
      trial: false,
      acceptDevKeys: false,
      graceMargin: 86_400,
      newIssuers: 'approved',
    });
  });

  it('takes new issuers as the operator says: those that are approved in earnest, anybody on a trial', () => {
    expect(parseEnv({ ...complete, TRIAL: '1' }).newIssuers).toBe('anybody');
    expect(parseEnv({ ...complete, TRIAL: '1', ISSUERS: 'closed' }).newIssuers).toBe('closed');
    expect(parseEnv({ ...complete, ISSUERS: 'anybody' }).newIssuers).toBe('anybody');
    expect(() => parseEnv({ ...complete, ISSUERS: 'everybody' })).toThrow('ISSUERS must be anybody, approved or closed');
  });

  it('takes a mail server and a sender together, and does not repeat the password of one that it cannot read', () => {
    const mail = { SMTP_URL: 'smtps://post:hunter2@mail.example', SMTP_FROM: 'post@roundrobin.example' };
    expect(parseEnv({ ...complete, ...mail }).mail).toEqual({ url: mail.SMTP_URL, from: mail.SMTP_FROM });
    expect(() => parseEnv({ ...complete, SMTP_URL: mail.SMTP_URL })).toThrow('SMTP_FROM and SMTP_URL are set together or not at all');
    expect(() => parseEnv({ ...complete, SMTP_FROM: mail.SMTP_FROM })).toThrow('SMTP_FROM');
    const bad = { ...complete, ...mail, SMTP_URL: 'https://post:hunter2@mail.example' };
    expect(() => parseEnv(bad)).toThrow('SMTP_URL must be an smtp:// or smtps:// address');
    expect(() => parseEnv(bad)).not.toThrow('hunter2');
  });

  it('shows how the operator is reached only where that is one line that shows what it holds', () => {
    expect(parseEnv({ ...complete, OPERATOR_CONTACT: 'law@harbour.example' }).operatorContact).toBe('law@harbour.example');
    for (const contact of ['two\nlines', 'x'.repeat(201), 'to\u202edaer', ' '])
      expect(() => parseEnv({ ...complete, OPERATOR_CONTACT: contact })).toThrow('OPERATOR_CONTACT');
  });

  it('reads an imprint of lines of plain text, and says what is wrong with another', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'imprint-'));
    const write = (content: string | Uint8Array) => {
      writeFileSync(path.join(folder, 'imprint.txt'), content);
      return readImprint(path.join(folder, 'imprint.txt'));
    };
    expect(await write('Harbour Petitions\r\nQuay 7\r\n')).toBe('Harbour Petitions\nQuay 7');
    await expect(write(new Uint8Array([0xff, 0xfe]))).rejects.toThrow('must be a text in UTF-8 of at most 32768 bytes');
    await expect(write('x'.repeat(40_000))).rejects.toThrow('must be a text in UTF-8');
    await expect(write('x'.repeat(8_001))).rejects.toThrow('the imprint takes 8001 characters, at most 8000 fit');
    await expect(write('\n'.repeat(300))).rejects.toThrow('the imprint shows nothing');
    await expect(readImprint(path.join(folder, 'none'))).rejects.toThrow(/^IMPRINT_FILE: .*none is not there/);
    rmSync(folder, { recursive: true });
  });

  it('names every missing variable at once', () => {
    const names = ['DATABASE_URL', 'SESSION_SECRET', 'PLATFORM_KEY_FILE', 'PUBLIC_URL'];
    for (const name of names) expect(() => parseEnv({})).toThrow(name);
  });

  it('keeps the values of secrets out of its message', () => {
    expect(() => parseEnv({ ...complete, SESSION_SECRET: 'hunter2' })).toThrow(/SESSION_SECRET must be at least 32 characters/);
    expect(() => parseEnv({ ...complete, SESSION_SECRET: 'hunter2' })).not.toThrow(/hunter/);
  });

  it.each([
    'http://roundrobin.example',
    'https://roundrobin.example/sub',
    'https://roundrobin.example?x',
    'https://user@roundrobin.example',
    'ftp://roundrobin.example',
    'roundrobin.example',
  ])('refuses %s as the public address', (PUBLIC_URL) => {
    expect(() => parseEnv({ ...complete, PUBLIC_URL })).toThrow(/PUBLIC_URL/);
  });

  it.each([
    ['https://roundrobin.example/', 'https://roundrobin.example'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    [`http://${'a'.repeat(56)}.onion`, `http://${'a'.repeat(56)}.onion`],
  ])('takes %s as the public address', (PUBLIC_URL, origin) => {
    expect(parseEnv({ ...complete, PUBLIC_URL }).publicUrl).toBe(origin);
  });

  it('reads the folder of a ceremony with its time limits', () => {
    const CEREMONY_FOLDER = '/srv/ceremony';
    expect(parseEnv(complete).ceremony).toBeUndefined();
    expect(parseEnv({ ...complete, CEREMONY_FOLDER }).ceremony).toEqual({
      folder: CEREMONY_FOLDER,
      absentSeconds: 120,
      turnSeconds: 1_200,
    });
    const limits = { CEREMONY_ABSENT_SECONDS: '30', CEREMONY_TURN_SECONDS: '600' };
    expect(parseEnv({ ...complete, CEREMONY_FOLDER, ...limits }).ceremony).toMatchObject({ absentSeconds: 30, turnSeconds: 600 });
    expect(() => parseEnv({ ...complete, CEREMONY_TURN_SECONDS: 'long' })).toThrow(
      /CEREMONY_TURN_SECONDS must be a whole number of seconds/,
    );
  });

  it('takes only 1 and 0 for a switch, so that TRIAL=no does not mean yes', () => {
    expect(parseEnv({ ...complete, TRIAL: '1', ACCEPT_DEV_KEYS: '0' })).toMatchObject({ trial: true, acceptDevKeys: false });
    expect(() => parseEnv({ ...complete, TRIAL: 'no' })).toThrow(/TRIAL must be 1 or 0/);
  });
});

describe('assertSetupAccepted', () => {
  const development = [{ setup: 'ceremony' }, { setup: 'dev' }];

  it('refuses to serve in production on development keys', () => {
    expect(() => assertSetupAccepted({ production: true, acceptDevKeys: false }, development)).toThrow(/development keys/);
  });

  it('serves on them when the operator says so, or outside production', () => {
    expect(() => assertSetupAccepted({ production: true, acceptDevKeys: true }, development)).not.toThrow();
    expect(() => assertSetupAccepted({ production: false, acceptDevKeys: false }, development)).not.toThrow();
  });

  it('serves in production on the keys of a ceremony', () => {
    expect(() => assertSetupAccepted({ production: true, acceptDevKeys: false }, [{ setup: 'ceremony' }])).not.toThrow();
  });
});
