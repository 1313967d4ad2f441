import { createHash } from 'node:crypto';
import path from 'node:path';
import { build } from 'esbuild';
import { loadAllKeys } from '#lib/checking/accepted-keys.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { root } from '../instance/runtime.ts';

const NOTICE = '/* Round Robin, AGPL-3.0-or-later. Built by npm run build:verifier; the same source always gives the same bytes. */';
const STYLE = `body{font:1.05rem/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}button,input{font:inherit}#state{font-weight:bold;min-height:1.5em}li,p{overflow-wrap:anywhere}button,input[type=search]{min-height:2.75rem}
@media print{label,button{display:none}}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}}`;

/**
 * The standalone verifier as two files, a page and a Node script, each with everything in it. They depend on the source and on
 * esbuild's version alone.
 */
export async function makeVerifierFiles(): Promise<{ name: string; text: string }[]> {
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  const manifest = await loadManifest(fetchFile);
  if (!manifest.ok) throw new Error(manifest.code);
  const keys = JSON.stringify({ manifest: manifest.value, accepted: await loadAllKeys(manifest.value, fetchFile) });
  const [node, worker, page] = [
    await bundle('node-entry.ts', 'node', keys),
    await bundle('worker-entry.ts', 'browser', keys),
    await bundle('page-entry.ts', 'browser', keys),
  ];
  return [
    { name: 'round-robin-verifier.cjs', text: `${NOTICE}\n${node}` },
    { name: 'round-robin-verifier.html', text: makePage(page as string, worker as string) },
  ];
}

async function bundle(entry: string, platform: 'node' | 'browser', keys: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`scripts/build-verifier/${entry}`],
    bundle: true,
    write: false,
    platform,
    format: platform === 'node' ? 'cjs' : 'iife',
    target: platform === 'node' ? 'node20' : 'es2023',
    charset: 'utf8',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { EMBEDDED_KEYS: keys },
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** No source but the two scripts within, by their hashes; no request of any kind. */
function makePage(page: string, worker: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(page)} 'wasm-unsafe-eval'`,
    `style-src ${hash(STYLE)}`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  if (/<\/script|<!--/i.test(page + worker)) throw new Error('a script holds what would end it within a page');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Check a record of Round Robin</title>
${NOTICE.replace('/*', '<!--').replace('*/', '-->')}
<style>${STYLE}</style>
<h1>Check a record of Round Robin</h1>
<p>This page lies in one file and talks to nobody. It goes through a whole record: every proof, every message, every name.</p>
<p><label for="file">The record, a file that ends in .ndjson:</label> <input type="file" id="file" accept=".ndjson,.json"></p>
<p id="state" role="status"></p>
<p><button type="button" id="cancel" hidden>Cancel</button></p>
<div id="result"></div>
<script type="text/plain" id="worker">${worker}</script>
<script>${page}</script>
</html>
`;
}
