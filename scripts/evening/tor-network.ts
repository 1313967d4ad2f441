import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '#db/free-port.ts';
import { type GuardedProcess, spawnGuarded } from '#db/guarded-process.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { waitFor } from '../demo/each-of.ts';
import { root } from '../instance/runtime.ts';
import { findProgram } from '../proxy/find-program.ts';
import { applyChanges } from '../proxy/proxies.ts';

const EXAMPLE = path.join(root, 'deploy/onion/torrc');
/** Debian's tor has the first two. The last leads any program over Tor. */
const NEEDED = ['tor', 'tor-gencert', 'torsocks'] as const;
const START_PATIENCE_SECONDS = 30;
const run = promisify(execFile);

/**
 * What lets a Tor of a few programs on one machine agree within seconds: every relay may be everything, and nobody has to have been there
 * for days. See "TESTING NETWORK OPTIONS" of tor(1).
 */
const NETWORK = `TestingTorNetwork 1
AssumeReachable 1
PathsNeededToBuildCircuits 0.67
TestingDirAuthVoteExit *
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
V3AuthNIntervalsValid 2
Address 127.0.0.1
SocksPort 0
ExitRelay 0
ShutdownWaitLength 0
`;
const AUTHORITY = `AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo evening@example.org
TestingV3AuthInitialVotingInterval 5
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVotingInterval 10
V3AuthVoteDelay 2
V3AuthDistDelay 2
`;
/** An onion service is met over six of them, of which some are the same. With fewer than five there is no way. */
const [AUTHORITIES, RELAYS] = [
  ['authority1', 'authority2', 'authority3'],
  ['relay1', 'relay2'],
] as const;

/** A Tor of this machine alone, with a client and an onion service. */
export type TorNetwork = {
  /** The origin of the onion service: it is there when this is, and answers some twenty seconds later. */
  onion: string;
  /** The words before a command that lead it over this Tor, as a visitor of the real one has them without the port. */
  torsocks: readonly string[];
  stop(): Promise<void>;
};

/** The programs without which none of this works, and which are not here. */
export function listMissingTor(): string[] {
  return NEEDED.filter((name) => findProgram(name) === null);
}

/**
 * Starts authorities, relays, a client and the onion service of deploy/, as it stands but for its places.
 * @param folder empty, for all that they keep
 * @param logs where each says what it does
 * @param platform the port of the web process
 */
export async function startTorNetwork({ folder, logs, platform }: { folder: string; logs: string; platform: number }): Promise<TorNetwork> {
  const running: GuardedProcess[] = [];
  const network = path.join(folder, 'network');
  const start = (name: string, settings: string) => {
    const file = path.join(folder, `${name}.torrc`);
    writeFileSync(file, settings);
    const command = [program('tor'), '-f', file, '--defaults-torrc', network];
    running.push(spawnGuarded(command, { stopSignal: 'TERM', stderr: 'ignore' }));
  };
  const place = (name: string) => {
    const own = path.join(folder, name);
    makeFolder(own, 0o700);
    return own;
  };
  const settingsOf = (name: string) =>
    `Nickname ${name}\nDataDirectory ${place(name)}\nLog notice file ${path.join(logs, `tor-${name}.log`)}\n`;

  const authorities = await Promise.all(AUTHORITIES.map((name) => makeAuthority(name, place(name))));
  writeFileSync(network, NETWORK + authorities.map(({ line }) => line).join(''));
  for (const { name, ports } of authorities) start(name, settingsOf(name) + ports + AUTHORITY);
  for (const name of RELAYS) start(name, `${settingsOf(name)}ORPort 127.0.0.1:${await findFreePort()}\n`);
  const socks = await findFreePort();
  start('client', `${settingsOf('client')}SocksPort 127.0.0.1:${socks}\n`);
  const service = place('onion');
  start('onion', placeOnion(service, platform));
  const name = path.join(service, 'round-robin', 'hostname');
  const host = await waitFor('the onion service to make its name', START_PATIENCE_SECONDS, async () => readIfThere(name));
  return {
    onion: `http://${host.trim()}`,
    torsocks: [program('torsocks'), '--address', '127.0.0.1', '--port', String(socks)],
    stop: async () => void (await Promise.all(running.map((one) => one.stop()))),
  };
}

/** The example of deploy/ for a place and a web process of this machine. */
export function placeOnion(folder: string, platform: number): string {
  return applyChanges(readFileSync(EXAMPLE, 'utf8'), [
    ['/var/lib/tor', folder],
    ['web:3000', `127.0.0.1:${platform}`],
  ]);
}

/** @returns the ports that it listens on, and the line by which others know it */
async function makeAuthority(name: string, folder: string): Promise<{ name: string; ports: string; line: string }> {
  const [onions, directory] = [await findFreePort(), await findFreePort()];
  const keys = path.join(folder, 'keys');
  makeFolder(keys, 0o700);
  const words = ['--create-identity-key', '--passphrase-fd', '0', '-m', '12', '-a', `127.0.0.1:${directory}`];
  const certified = run(program('tor-gencert'), words, { cwd: keys });
  certified.child.stdin?.end('\n'); // no passphrase
  await certified;
  const identity = /^fingerprint ([0-9A-F]{40})$/m.exec(readFileSync(path.join(keys, 'authority_certificate'), 'utf8'))?.[1];
  const empty = path.join(folder, 'empty');
  writeFileSync(empty, '');
  const about = ['--DataDirectory', folder, '--Nickname', name, '--ORPort', String(onions)];
  const { stdout } = await run(program('tor'), ['--list-fingerprint', '--quiet', '-f', empty, '--defaults-torrc', empty, ...about]);
  const fingerprint = stdout.trim().slice(name.length).replaceAll(' ', '');
  return {
    name,
    ports: `ORPort 127.0.0.1:${onions}\nDirPort 127.0.0.1:${directory}\n`,
    line: `DirAuthority ${name} orport=${onions} no-v2 v3ident=${identity} 127.0.0.1:${directory} ${fingerprint}\n`,
  };
}

function program(name: (typeof NEEDED)[number]): string {
  const found = findProgram(name);
  if (found === null) throw new Error(`${name} is not installed here.`);
  return found;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
