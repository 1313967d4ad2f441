import type { FileHandle } from 'node:fs/promises';
import * as nodeFiles from 'node:fs/promises';
import path from 'node:path';
import type { Fetch } from '#lib/api/request.ts';
import type { FileCalls } from '#lib/host/disk.ts';

/** Told before each thing that leaves a trace outside the process; it may throw, or end the process. */
export type OnStep = (label: string) => void;

/** The real file calls, each change to the disk announced first: making, writing, syncing, renaming, cutting, removing. */
export function announceFiles(onStep: OnStep): FileCalls {
  const label = (call: string, place: unknown) => onStep(`${call} ${nameOf(String(place))}`);
  const announceHandle = (handle: FileHandle, place: unknown): FileHandle =>
    new Proxy(handle, {
      get(target, member) {
        const value = Reflect.get(target, member, target) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (['write', 'writeFile', 'sync'].includes(String(member))) label(String(member), place);
          return (value as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  return {
    readFile: nodeFiles.readFile,
    readdir: nodeFiles.readdir,
    mkdir: (async (place: string, options: object) => {
      label('mkdir', place);
      return nodeFiles.mkdir(place, options);
    }) as FileCalls['mkdir'],
    open: async (place, flags, mode) => {
      if (flags !== 'r') label('open', place);
      return announceHandle(await nodeFiles.open(place, flags, mode), place);
    },
    rename: async (from, to) => {
      label('rename', from);
      await nodeFiles.rename(from, to);
    },
    truncate: async (place, length) => {
      label('truncate', place);
      await nodeFiles.truncate(place, length);
    },
    unlink: async (place) => {
      label('unlink', place);
      await nodeFiles.unlink(place);
    },
  };
}

/** The real fetch, with each message announced before it is sent and again when the platform has it. */
export function announceFetch(onStep: OnStep): Fetch {
  return async (input, init) => {
    if (init.method !== 'POST') return fetch(input, init);
    const body = typeof init.body === 'string' ? init.body : new TextDecoder().decode(init.body as Uint8Array);
    const { type } = JSON.parse(body.split('\n', 1)[0] ?? '') as { type: string };
    if (type === 'committee-request') return fetch(input, init);
    onStep(`post ${type}`);
    const response = await fetch(input, init);
    onStep(`posted ${type}`);
    return response;
  };
}

/** Files of steps and openings by their kind: their names hold hashes, which differ from one life to the next. */
function nameOf(place: string): string {
  return path.basename(place).replace(/[0-9a-f]{64}/, 'HASH');
}
