import path from 'node:path';
import { callersPath } from '../command-line/callers-files.ts';
import { readCommandLine, UsageError } from '../command-line/run-script.ts';
import { root } from '../instance/runtime.ts';

export const USAGE = `npm run demo -- [--roster FILE.csv] [--signers N] [--trigger JSON] [--together B] [--record OUT] [--url URL --issuer-link LINK]

  --roster       CSV with the columns name, email and, for several groups, group. Default: the sample beside this program.
  --signers      How many of the people on the roster sign, chosen by lot. Default: 40.
  --trigger      When the names open, as in {"count":5}. For the id of a group write its name in angle brackets, as in
                 {"all":[{"group":"<Upper house>","count":3},{"group":"<Lower house>","count":2}]}; with one group, <group> will do.
                 Default: {"count":N} with N the number of signers.
  --together     How many names of a group open at a time, at least. Of each group nobody signs, or so many. Default: 5 where the
                 trigger asks for as many of every group, else 3.
  --record       Where the record is written. Default: it is checked and thrown away.
  --url          A platform that runs already, instead of one that is thrown away afterwards. It needs
  --issuer-link  the sign-in link that it has printed, because a demo plays the issuer too.`;

export type DemoOptions = {
  roster: string;
  signers: number;
  /** The trigger as it was given, with names in angle brackets; null for the default. */
  trigger: string | null;
  /** Null for what suits the trigger. */
  together: number | null;
  record: string | null;
  /** Null for a throw-away instance. */
  platform: { url: string; issuerToken: string } | null;
};

/** @throws UsageError with a sentence for the caller */
export function readDemoArguments(args: string[]): DemoOptions {
  const text = { type: 'string' } as const;
  const options = { roster: text, signers: text, trigger: text, together: text, record: text, url: text, 'issuer-link': text };
  const { values } = readCommandLine({ args, options });
  const signers = values.signers ?? '40';
  if (!/^[1-9]\d{0,4}$/.test(signers)) throw new UsageError('--signers must be a whole number above zero.');
  const { together } = values;
  if (together !== undefined && !/^[1-9]\d{0,2}$/.test(together)) throw new UsageError('--together must be a whole number from 1 to 999.');
  return {
    roster: values.roster ? callersPath(values.roster) : path.join(root, 'scripts', 'sample-roster.csv'),
    signers: Number(signers),
    trigger: values.trigger ?? null,
    together: together === undefined ? null : Number(together),
    record: values.record ? callersPath(values.record) : null,
    platform: readPlatform(values.url, values['issuer-link']),
  };
}

function readPlatform(url: string | undefined, link: string | undefined): DemoOptions['platform'] {
  if (!url && !link) return null;
  if (!link) throw new UsageError('--url needs --issuer-link, the sign-in link that the platform has printed.');
  if (!URL.canParse(link) || (url !== undefined && !URL.canParse(url))) throw new UsageError('--url and --issuer-link must be addresses.');
  const issuerToken = new URL(link).hash.slice(1);
  if (issuerToken === '') throw new UsageError('--issuer-link lacks the part behind the #.');
  return { url: new URL(url ?? link).origin, issuerToken };
}
