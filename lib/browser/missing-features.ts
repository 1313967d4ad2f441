/** What keeps a browser from doing what this site does: a sentence for the person, and one that says what helps. */
export type Missing = {
  what: string;
  cure: string;
  /** Whoever cannot or does not want to change that signs with the program from the source, which needs none of it. */
  hasCommand?: true;
  /** Pages that keep nothing on the device, and need to know nobody, work without it. */
  isStorage?: true;
};

/** The versions in which the newest of `NEEDED` came. README names them. */
const CURRENT = 'Chrome or Edge 120, Firefox 125, Safari 17.4 or newer';

/** What a browser offers to scripts; everything may be absent. */
export type BrowserScope = Record<string, unknown>;

/** Functions without which something here fails, by where they are found. */
const NEEDED = [
  'navigator.locks',
  'crypto.subtle',
  'BroadcastChannel',
  'Worker',
  'BigInt64Array',
  'Promise.withResolvers',
  'AbortSignal.any',
  'AbortSignal.timeout',
  'URL.canParse',
  'Object.hasOwn',
  'String.prototype.isWellFormed',
  'Array.prototype.findLastIndex',
  'Intl.Segmenter',
] as const;

/** Everything that this browser lacks, as sentences; none for a browser in which all pages work. */
export function findMissingFeatures(scope: BrowserScope): Missing[] {
  // Over plain http browsers take much of the rest away, so that alone is told.
  if (reach(scope, 'isSecureContext') === false)
    return [
      {
        what: 'This page came over plain http, and browsers keep everything that handles secrets from such pages.',
        cure: 'Open the site under an address that begins with https. Whoever runs it knows which.',
      },
    ];
  const missing: Missing[] = [];
  if (reach(scope, 'WebAssembly.instantiate') === undefined)
    missing.push({
      what: 'This browser does not run WebAssembly, in which proofs are made and checked.',
      cure: 'In Tor Browser choose the security level “Standard”; on an iPhone or a Mac turn the lockdown mode off for this site; otherwise use another browser.',
      hasCommand: true,
    });
  // Where cookies and site data are blocked, a database is there and does not open, and a session does not last.
  if (!reach(scope, 'indexedDB') || isRefused(scope, 'localStorage'))
    missing.push({
      what: 'This browser lets the site keep nothing on this device, by its settings or as in some private windows.',
      cure: 'In the settings of the browser allow this site to store data, which some call cookies, or open the page in an ordinary window.',
      isStorage: true,
    });
  const lacking = NEEDED.filter((name) => reach(scope, name) === undefined);
  if (lacking.length > 0)
    missing.push({
      what: `This browser is too old for this site: it lacks ${lacking.join(', ')}.`,
      cure: `Update it, or the system of this device, or use another: ${CURRENT}.`,
    });
  return missing;
}

/** Whether the browser throws where a page only looks for something. */
function isRefused(scope: BrowserScope, name: string): boolean {
  try {
    Reflect.get(scope, name);
    return false;
  } catch {
    return true;
  }
}

/** What stands at the end of a path; undefined where a part is missing, or where the browser refuses to show it. */
function reach(scope: BrowserScope, path: string): unknown {
  try {
    return path.split('.').reduce<unknown>((at, name) => (at as BrowserScope | undefined)?.[name], scope);
  } catch {
    return undefined;
  }
}
