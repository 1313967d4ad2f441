import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BrowserScope, findMissingFeatures } from '#lib/browser/missing-features.ts';

const there = () => {};
const whole: BrowserScope = {
  isSecureContext: true,
  WebAssembly: { instantiate: there },
  indexedDB: {},
  navigator: { locks: {} },
  crypto: { subtle: {} },
  Promise: { withResolvers: there },
  AbortSignal: { any: there, timeout: there },
  URL: { canParse: there },
  Object: { hasOwn: there },
  String: { prototype: { isWellFormed: there } },
  Array: { prototype: { findLastIndex: there } },
  Intl: { Segmenter: there },
  BroadcastChannel: there,
  Worker: there,
  BigInt64Array: there,
};
const sentences = (change: BrowserScope) => findMissingFeatures({ ...whole, ...change }).map(({ what, cure }) => `${what} ${cure}`);

describe('what a browser lacks', () => {
  it('is nothing where all of it is there', () => {
    expect(sentences({})).toEqual([]);
  });

  it('is told as its cause, with what helps', () => {
    expect(sentences({ WebAssembly: undefined })).toEqual([expect.stringMatching(/WebAssembly.*Tor Browser.*lockdown/)]);
    expect(sentences({ indexedDB: null })).toEqual([expect.stringMatching(/keep nothing.*ordinary window/)]);
    expect(sentences({ AbortSignal: { timeout: there } })).toEqual([
      expect.stringMatching(/too old.*AbortSignal\.any\. Update.*Firefox 125/),
    ]);
    expect(sentences({ Intl: {} })).toEqual([expect.stringMatching(/too old.*Intl\.Segmenter\. Update.*Firefox 125/)]);
    expect(sentences({ BigInt64Array: undefined, navigator: {} })).toEqual([expect.stringContaining('navigator.locks, BigInt64Array')]);
  });

  it('comes with the command that signs without it where WebAssembly is switched off, and only there', () => {
    const offers = (change: BrowserScope) => findMissingFeatures({ ...whole, ...change }).map(({ hasCommand }) => hasCommand === true);
    expect(offers({ WebAssembly: undefined, BigInt64Array: undefined })).toEqual([true, false]);
  });

  it('is plain http alone where that is what takes the rest away', () => {
    const insecure = { isSecureContext: false, navigator: {}, crypto: {} };
    expect(sentences(insecure)).toEqual([expect.stringMatching(/plain http.*begins with https/)]);
  });

  it('is found where a browser throws instead of answering', () => {
    const refusing = Object.defineProperty({ ...whole }, 'indexedDB', {
      get: () => {
        throw new DOMException('', 'SecurityError');
      },
    });
    expect(findMissingFeatures(refusing)).toHaveLength(1);
  });

  it('is the storage that its settings refuse, where a database seems to be there; pages that keep nothing go on without it', () => {
    const refusing = Object.defineProperty({ ...whole }, 'localStorage', {
      get: () => {
        throw new DOMException('', 'SecurityError');
      },
    });
    const [missing, ...others] = findMissingFeatures(refusing);
    expect([missing?.cure, missing?.isStorage, others]).toEqual([expect.stringMatching(/settings.*cookies.*ordinary window/), true, []]);
    expect(findMissingFeatures({ ...whole, localStorage: null })).toEqual([]);
  });

  it('is named in the README in the versions that have it all', () => {
    const [first] = findMissingFeatures({ ...whole, BigInt64Array: undefined });
    const versions = /or use another: (.*)\.$/.exec(first?.cure ?? '')?.[1];
    expect(readFileSync('README.md', 'utf8')).toContain(versions);
  });
});

/** Newer than the versions that README names, or not in all of them. */
const TOO_NEW = new RegExp(
  [
    String.raw`\.(?:values|keys|entries)\(\)\s*\.(?:map|filter|take|drop|flatMap|reduce|toArray|some|every|find|forEach)\(`,
    String.raw`\b(?:Array\.fromAsync|Promise\.try|Iterator\.(?:from|prototype|concat)|RegExp\.escape|Math\.sumPrecise|Error\.isError|Uint8Array\.from(?:Hex|Base64))\b`,
    String.raw`\.(?:isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference|toBase64|setFromHex)\(`,
    String.raw`\b(?:await )?using \w+ =`,
  ].join('|'),
);

it('nothing that comes into a browser uses what is newer than those versions', () => {
  const isServer = /^(?:lib\/(?:server|trustee)|app\/api)\//;
  const files = ['app', 'lib'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.posix.join(folder, name)),
  );
  const sources = files.filter((file) => /\.tsx?$/.test(file) && !isServer.test(file));
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((file) => TOO_NEW.test(readFileSync(file, 'utf8')))).toEqual([]);
  expect(TOO_NEW.test('for (const x of map.values().filter(isOpen))')).toBe(true);
});
