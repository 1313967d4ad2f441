import path from 'node:path';

/** The folder of the checkout. */
export const root: string = path.resolve(import.meta.dirname, '../..');

/** How the Next.js of this checkout is called, on the Node that runs now. */
export function nextCommand(...args: string[]): string[] {
  return [process.execPath, path.join(root, 'node_modules/next/dist/bin/next'), ...args];
}

/** The surroundings of a child that gets no setting of ours: the system's own variables and nothing that could be a secret. */
export function runtimeEnv(): NodeJS.ProcessEnv {
  const kept = [
    ...['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot', 'NEXT_DIST_DIR', 'NODE_COMPILE_CACHE'],
    ...['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'],
  ];
  const present = kept.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(present), NEXT_TELEMETRY_DISABLED: '1' };
}
