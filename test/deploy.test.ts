import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseEnv } from '#lib/server/env.ts';
import { placeOnion } from '#scripts/evening/tor-network.ts';
import { findProgram } from '#scripts/proxy/find-program.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
/** A segment of an address that stands for any. */
const ANY = 'a1'.repeat(32);

/** The address of a file that makes answers, with an id for each name in it. */
function addressOf(file: string): string {
  const folder = file.replace(/\/route\.ts$|\.tsx$/, '').replace(/^app/, '');
  return folder.replace(/\[(?:\.\.\.)?\w+\]/g, ANY);
}

const analyze = findProgram('systemd-analyze');
const tor = findProgram('tor');
const UNITS = {
  web: 'deploy/systemd/round-robin-web.service',
  trustee: 'deploy/systemd/round-robin-trustee.service',
  agent: 'deploy/systemd/round-robin-agent.service',
};

type Service = {
  image?: string;
  build?: { target: string };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  networks?: string[];
};

/** Every service of every compose file. */
function composed(): Map<string, Service> {
  const files = globSync('deploy/compose*.yaml', { cwd: root });
  return new Map(
    files.flatMap((file) => Object.entries((parse(read(file), { merge: true }) as { services: Record<string, Service> }).services)),
  );
}

function startOf(unit: string): string {
  return read(unit).match(/^ExecStart=(.*)$/m)?.[1] ?? '';
}

/** A value as compose makes it of an environment that has what it asks for. */
function fill(value: string): string {
  return value
    .replaceAll(/\$\{DOMAIN[^}]*\}/g, 'sign.example')
    .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replaceAll(/\$\{\w+[^}]*\}/g, 'word');
}

describe('the examples of deploy/', () => {
  it('let nginx keep the answers of exactly those addresses that may have public ones', () => {
    const locations = [...read('deploy/nginx/nginx.conf').matchAll(/location ~ (\S+) \{([^}]*)\}/g)];
    const cached = locations.filter(([, , rules]) => rules?.includes('proxy_cache public')).map(([, pattern = '']) => new RegExp(pattern));
    expect(cached.length).toBeGreaterThan(0);
    const makers = globSync(['app/**/route.ts', 'app/**/opengraph-image.tsx']);
    expect(makers.length).toBeGreaterThan(40);
    const isPublic = (file: string) => /'(immutable|minutes|brief)'|'public, max-age/.test(read(file));
    for (const file of makers) expect([file, cached.some((pattern) => pattern.test(addressOf(file)))]).toEqual([file, isPublic(file)]);
    for (const page of globSync('app/**/page.tsx'))
      expect([page, cached.some((pattern) => pattern.test(addressOf(path.dirname(page))))]).toEqual([page, false]);
  });

  it('start programs that are there, on ports that agree', () => {
    const commands = [
      ...Object.values(UNITS).map(startOf),
      ...[...composed().values()].flatMap(({ command }) => (command ? [command.join(' ')] : [])),
    ];
    commands.push(
      ...[...read('deploy/Dockerfile').matchAll(/^CMD (\[.*\])$/gm)].map(([, words = '']) => (JSON.parse(words) as string[]).join(' ')),
    );
    const scripts = commands.flatMap((command) => command.match(/scripts\/\S+\.ts/g) ?? []);
    expect(scripts.length).toBeGreaterThan(7);
    expect(scripts.filter((script) => !existsSync(path.join(root, script)))).toEqual([]);
    expect(commands.filter((command) => command.includes('web-process')).map((command) => command.match(/start (\d+) /)?.[1])).toEqual([
      '3000',
      '3000',
    ]);
    for (const file of ['deploy/nginx/nginx.conf', 'deploy/caddy/Caddyfile']) expect(read(file)).toContain('127.0.0.1:3000');
    for (const file of ['deploy/compose.yaml', 'deploy/onion/torrc']) expect(read(file)).toContain('web:3000');
    expect(read('deploy/Dockerfile')).toMatch(/^EXPOSE 3000$/m);
    expect(composed().get('agent')?.ports).toEqual(['127.0.0.1:4600:4600']);
  });

  it('give the web process settings that it has, and all that it needs', () => {
    const unit = Object.fromEntries(
      [...read('deploy/systemd/web.env').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name as string, value as string]),
    );
    const composedEnv = composed().get('web')?.environment ?? {};
    for (const settings of [unit, composedEnv]) {
      const unknown = Object.keys(settings).filter(
        (name) => !new RegExp(`    ${name}: |process\\.env\\.${name}\\b`).test(read('lib/server/env.ts')),
      );
      expect(unknown).toEqual([]);
      const filled = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, fill(value)]));
      expect(parseEnv({ ...filled, SESSION_SECRET: 'x'.repeat(32) })).toMatchObject({ publicUrl: 'https://sign.example', trial: false });
    }
  });

  it('pass on to a container every setting that README lists, but a port that only its own machine may read', () => {
    const table = read('README.md').split('## If you operate a platform')[1]?.split('**Is it well?**')[0] ?? '';
    const listed = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
    expect(listed.length).toBeGreaterThan(12);
    const passed = Object.keys(composed().get('web')?.environment ?? {});
    expect(listed.filter((name) => !passed.includes(name))).toEqual(['METRICS']);
  });

  it('put into an image what the programs are made of, and nothing of a test', () => {
    const kept = [...read('.dockerignore').matchAll(/^!(.*)$/gm)].map(([, name]) => name as string);
    expect(kept.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
    const { imports } = JSON.parse(read('package.json')) as { imports: Record<string, string> };
    const rooms = Object.keys(imports)
      .map((name) => name.slice(1, -2))
      .filter((room) => !['kernel', 'test'].includes(room));
    expect(rooms.filter((room) => !kept.includes(room))).toEqual([]);
    expect(kept).not.toContain('test');
  });

  it('run every program as somebody who owns nothing of it, in a file system that is only read', () => {
    const stages = read('deploy/Dockerfile')
      .split(/^FROM /m)
      .slice(1);
    const named = new Map(stages.map((text) => [text.match(/^.* AS (\w+)$/m)?.[1] as string, text]));
    const userOf = (stage: string): string | undefined => {
      const text = named.get(stage) ?? '';
      return (
        text.match(/^USER (\S+)$/m)?.[1] ?? (named.has(text.split(' ')[0] as string) ? userOf(text.split(' ')[0] as string) : undefined)
      );
    };
    for (const [name, { build, ...service }] of composed()) {
      if (build) expect([name, userOf(build.target)]).toEqual([name, expect.stringMatching(/^(10001:10001|debian-tor)$/)]);
      if (name === 'database') continue; // it writes all day, and gives up root by itself
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    }
  });

  it('name every image that is not built here by its bytes', () => {
    const bases = [...read('deploy/Dockerfile').matchAll(/^ARG \w+=(.*)$/gm)].map(([, image = '']) => image);
    const named = [...composed().values()].flatMap(({ image }) => (image ? [fill(image)] : []));
    expect([bases.length, named.length]).toEqual([2, 2]);
    for (const image of [...bases, ...named]) {
      expect(image).toMatch(/^docker\.io\/library\/[a-z]+:[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}$/);
      const tagged = image.slice('docker.io/library/'.length, image.indexOf('@'));
      expect(read('docs/operating.md')).toMatch(new RegExp(`^\\| \`${tagged.replaceAll('.', '\\.')}\` \\|.*\\| \`[0-9a-f]{8}\` \\|$`, 'm'));
    }
    const stages = [...read('deploy/Dockerfile').matchAll(/^FROM \W*(\w+)\W/gm)].map(([, from]) => from);
    expect(new Set(stages)).toEqual(new Set(['NODE', 'DEBIAN', 'base']));
  });

  it('never open the database, or a program without a proxy, to the network', () => {
    const open = [...composed()].filter(([, { ports = [] }]) => ports.some((port) => !port.startsWith('127.0.0.1:'))).map(([name]) => name);
    expect(open).toEqual(['proxy']);
    expect(composed().get('database')?.networks).toEqual(['inner']);
    expect(startOf(UNITS.web)).toMatch(/ 127\.0\.0\.1$/);
  });

  it('have systemd units that it takes, and that let a program do little else (skipped without systemd-analyze)', {
    skip: !analyze,
  }, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'units-'));
    for (const file of Object.values(UNITS)) {
      const copy = path.join(folder, path.basename(file));
      const here = read(file).replaceAll('/opt/round-robin/node_modules/.bin/node', process.execPath).replaceAll('/opt/round-robin', root);
      writeFileSync(copy, here);
      expect(execFileSync(analyze as string, ['verify', copy], { stdio: 'pipe' }).toString()).toBe('');
      // 10 is no protection at all; fails above 2.0.
      execFileSync(analyze as string, ['security', '--offline=yes', '--threshold=20', copy], { stdio: 'pipe' });
    }
    rmSync(folder, { recursive: true });
  });

  it('have an onion service that tor takes (skipped without tor)', { skip: !tor }, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'onion-'));
    const empty = path.join(folder, 'empty');
    writeFileSync(empty, '');
    const judge = (settings: string) => {
      const file = path.join(folder, 'torrc');
      writeFileSync(file, settings);
      execFileSync(tor as string, ['--verify-config', '-f', file, '--defaults-torrc', empty], { stdio: 'pipe' });
    };
    const own = placeOnion(folder, 3000);
    expect(own).toMatch(/^HiddenServicePort 80 127\.0\.0\.1:3000$/m);
    judge(own);
    expect(() => judge(own.replace('HiddenServicePort', 'HiddenService'))).toThrow();
    rmSync(folder, { recursive: true });
  });
});
