import path from 'node:path';
import { findFreePort } from '#db/free-port.ts';
import { waitFor } from '../demo/each-of.ts';
import { root } from '../instance/runtime.ts';
import type { EveningOperator } from './operator.ts';
import type { RunStep } from './play-steps.ts';
import { addNode, debianIn } from './stand-in.ts';
import type { Serving, Terminal, Typed } from './terminal.ts';

const BASE = 'localhost/round-robin-base';
const START_PATIENCE_SECONDS = 120;

/** What an image says of how it is run. */
type ImageConfig = { User: string; Env: string[]; Entrypoint: string[]; Cmd: string[]; WorkingDir: string };
type Image = { place: string; config: ImageConfig };

/**
 * Runs a program as a container would: in a file system that is only read, with `/tmp` and `/keystore` in memory, as the image's user
 * and with its variables alone. Words: the place, the user's two numbers, the working folder, a secret or nothing, and the command.
 */
const CONTAINER = `set -e
place=$1; uid=$2; gid=$3; work=$4; secret=$5; shift 5
mount --make-rprivate /
mount --bind "$place" "$place"
mount -o remount,bind,ro "$place"
mount --rbind /proc "$place/proc"
mount --rbind /dev "$place/dev"
mount -t tmpfs -o mode=1777 tmpfs "$place/tmp"
mount -t tmpfs -o "mode=0700,uid=$uid,gid=$gid" tmpfs "$place/keystore"
[ -z "$secret" ] || install -o "$uid" -g "$gid" -m 0600 "$secret" "$place/tmp/platform.key"
exec chroot --userspec="$uid:$gid" "$place" sh -c 'cd "$1" && shift && exec env -i "$@"' sh "$work" "$@"`;

/** Builds the images of deploy/Dockerfile on a base that is made here, and runs what is in them. */
export async function playImages(step: RunStep, { terminal, operator }: { terminal: Terminal; operator: EveningOperator }): Promise<void> {
  const run = (name: string, ...args: string[]) => terminal.run({ who: 'images', name, args, isProgram: true });
  const room = terminal.folderOf('images');
  const store = ['--root', path.join(room, 'storage'), '--runroot', path.join(room, 'run'), '--cgroup-manager', 'cgroupfs'];
  const podman = (...args: string[]) =>
    terminal.run({ who: 'images', name: 'podman', args: [...store, ...args], isProgram: true, shown: `podman ${args.join(' ')}` });

  await step('A base for the images is made, in place of those of a registry: Debian, this Node, this npm', async () => {
    const folder = path.join(room, 'debian');
    await run('debootstrap', ...debianIn(folder));
    const changes = Object.entries(addNode(folder)).flatMap(([name, value]) => ['--change', `ENV ${name}=${value}`]);
    await run('tar', '-C', folder, '-cf', `${folder}.tar`, '.');
    await podman('import', ...changes, `${folder}.tar`, BASE);
  });

  const build = async (target: string): Promise<Image> => {
    const tag = `localhost/round-robin-${target}`;
    const bases = ['--build-arg', `NODE=${BASE}`, '--build-arg', `DEBIAN=${BASE}`];
    const file = ['-f', path.join(root, 'deploy/Dockerfile'), '--target', target, '--timestamp', '0', '-t', tag];
    await podman('build', '--isolation', 'chroot', '--layers', ...bases, ...file, root);
    const config = JSON.parse(await podman('inspect', '--format', '{{json .Config}}', tag)) as ImageConfig;
    return { place: (await podman('image', 'mount', tag)).trim().split(/\s+/).at(-1) as string, config };
  };
  try {
    const web = await step('podman builds the image of the web server', () => build('web'));
    const trustee = await step('And of a trustee', () => build('trustee'));
    const agent = await step('And of an issuer’s agent', () => build('agent'));
    await step('Nothing in an image belongs to the user that runs it, but the place of a keystore', async () => {
      for (const { place, config } of [web, trustee, agent]) {
        const [uid = ''] = config.User.split(':');
        const own = (await run('chroot', place, 'find', '/', '-xdev', '-uid', uid)).trim();
        if (config.User !== '10001:10001' || own !== '/keystore') throw new Error(`The user ${config.User} owns: ${own}`);
      }
    });
    await step('A trustee and an agent explain themselves as they are started, and make keys', async () => {
      if (!(await terminal.run(inContainer(trustee))).includes('npm run trustee -- serve'))
        throw new Error('The trustee says something else.');
      if (!(await terminal.run(inContainer(agent))).includes('npm run issuer -- serve')) throw new Error('The agent says something else.');
      const about = ['--name', 'Trustee in a box', '--contact', 'box@example.org'];
      const made = await terminal.run(inContainer(trustee, { cmd: ['scripts/trustee.ts', 'init', '--keystore', '/keystore', ...about] }));
      if ((JSON.parse(made) as { name: string }).name !== 'Trustee in a box') throw new Error(`The trustee printed ${made}`);
      const key = await terminal.run(inContainer(agent, { cmd: ['scripts/issuer.ts', 'init', '--keystore', '/keystore'] }));
      if (!/^[0-9a-f]{64}\n$/.test(key)) throw new Error(`The agent printed ${key}`);
    });
    await step('The web server starts on a PostgreSQL of its own, and is well', () => serveWeb(terminal, operator, web));
  } finally {
    await podman('image', 'umount', '--all');
  }
}

async function serveWeb(terminal: Terminal, operator: EveningOperator, web: Image): Promise<void> {
  await operator.startFreshDatabase('postgres');
  await operator.createDatabase();
  const secret = operator.place('platform.key');
  await operator.run('keys', 'platform', secret);
  const port = String(await findFreePort());
  const settings = {
    DATABASE_URL: operator.databaseUrl(),
    SESSION_SECRET: (await operator.run('keys', 'session')).trim(),
    PUBLIC_URL: `http://localhost:${port}`,
    PLATFORM_KEY_FILE: '/tmp/platform.key',
    ACCEPT_DEV_KEYS: '1',
  };
  // As the image says, but for a port of this machine that is free, and for this machine alone.
  const cmd = web.config.Cmd.map((word) => (word === '3000' ? port : word === '0.0.0.0' ? '127.0.0.1' : word));
  const serving: Serving = terminal.serve(inContainer(web, { cmd, settings, secret }));
  await serving.waitForLine(/^round-robin: ready$/, START_PATIENCE_SECONDS);
  const health = await serving.during(
    waitFor('the web server to be well', START_PATIENCE_SECONDS, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/api/health`);
      return response.ok ? ((await response.json()) as { ready: boolean }) : null;
    }),
  );
  if (!health.ready) throw new Error('/api/health says that it is not ready.');
  const page = await fetch(`http://127.0.0.1:${port}/`);
  if (!page.ok || !(await page.text()).includes('Round Robin')) throw new Error(`Its first page answers ${page.status}.`);
  await serving.stop();
}

/** The command of an image, or another in its place, as a container would run it. */
function inContainer(
  { place, config }: Image,
  { cmd = config.Cmd, settings = {}, secret = '' }: { cmd?: string[]; settings?: Record<string, string>; secret?: string } = {},
): Typed {
  const [uid = '', gid = ''] = config.User.split(':');
  const variables = [...config.Env, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
  const command = [...variables, ...config.Entrypoint, ...cmd];
  return {
    who: 'images',
    name: 'unshare',
    isProgram: true,
    shown: `in a container: ${[...config.Entrypoint, ...cmd].join(' ')}`,
    args: ['--mount', 'sh', '-c', CONTAINER, 'sh', place, uid, gid, config.WorkingDir, secret, ...command],
  };
}
