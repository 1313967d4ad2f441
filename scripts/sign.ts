// npm run sign -- --statement LINK --backup FILE [--group LINK] [--minimum N] [--withdraw] [--out FILE] [--yes]
// npm run sign -- --statement LINK --group LINK --name NAME [--minimum N] [--withdraw] [--out FILE] [--yes]
// npm run sign -- --post FILE
//
// Signs a statement without a served page: the code that runs is the one in this checkout, and the proving files are those on
// this disk. It asks for the 24 words of the wallet and stores nothing of it. --out writes the signature to a file instead of
// posting it; --post hands such a file in, from any machine.

import { randomBytes } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeAhead } from '#app/ui/time-words.ts';
import { isUntold } from '#lib/api/api-error.ts';
import { createApi } from '#lib/api/client.ts';
import { limitAnswers } from '#lib/api/limit-answers.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import { openBackup, parseBackup } from '#lib/protocol/member/backup.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { rootOfWords, WORD_COUNT } from '#lib/protocol/member/recovery.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import { clockAhead, isNotable } from '#lib/signing/clock.ts';
import { type EligibleMembership, findEligible, findMembership, nameMembership, usableFor } from '#lib/signing/find-membership.ts';
import { lookAtCrowd } from '#lib/signing/group-history.ts';
import { parseGroupLink } from '#lib/signing/group-link.ts';
import { growthWarnings } from '#lib/signing/growth.ts';
import { fetchStatement, type LoadedStatement, signingState } from '#lib/signing/load-statement.ts';
import { makeBody, sayAye, sayWithdrawn } from '#lib/signing/make-entry.ts';
import { describeMinimum, MINIMUM_SEEN, readMinimum } from '#lib/signing/minimum.ts';
import { postBody } from '#lib/signing/post-body.ts';
import { loadProvingKit, proveJob } from '#lib/signing/prove-job.ts';
import { surveyBoard } from '#lib/signing/read-board.ts';
import { formatFile, parseSignatureFile, receiptFile, type SignatureFile, signatureFile } from '#lib/signing/signature-files.ts';
import { parseStatementLink } from '#lib/signing/statement-link.ts';
import { addMembership, emptyWallet, identityOf, mergeBackup } from '#lib/signing/wallet.ts';
import { warningsForSigner } from '#lib/signing/warnings.ts';
import { callersPath, readCallersFile } from './command-line/callers-files.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { root } from './instance/runtime.ts';
import { askHidden, askYes } from './signing/ask.ts';
import { describeStatement } from './signing/describe-statement.ts';
import { wrapLines } from './signing/wrap-lines.ts';

const USAGE = `npm run sign -- --statement LINK --backup FILE [--group LINK] [--minimum N] [--withdraw] [--out FILE] [--yes]
  npm run sign -- --statement LINK --group LINK --name NAME [--minimum N] [--withdraw] [--out FILE] [--yes]
  npm run sign -- --post FILE

  --statement LINK   the link of the statement, as its page gives it
  --backup FILE      a backup of the memberships, as a browser has saved it
  --group LINK       the link of the group's page: of which group, where the backup names several of the statement
  --name NAME        the name exactly as it is attested, where there is no backup
  --minimum N        opens the name only once N people, its owner among them, can be named
  --withdraw         takes the signature back instead
  --out FILE         writes the signature to a new file instead of posting it
  --post FILE        hands in such a file, from any machine
  --yes              asks nothing but the words`;

const NOT_OPEN = {
  keying: 'The trustees are still making the key of this statement. Try again in a while.',
  aborted: 'The trustees could not make a key for this statement, so nobody can sign it.',
  closed: 'The deadline of this statement has passed.',
};
const WITHDRAWING =
  'You are about to take back the signature that you made with this wallet, here or on another device. It then counts no more, unless its name was opened before; you cannot sign this statement again.\n';

const random = (length: number) => new Uint8Array(randomBytes(length));
const now = () => Math.floor(Date.now() / 1000);
const missingWords = (text: string) => {
  const count = text.match(/[a-z]+/gi)?.length ?? 0;
  return count >= WORD_COUNT ? null : `${count} of ${WORD_COUNT} words so far. Go on, or press Enter alone to end.`;
};
const HAND_IN_AGAIN = 'hand the signature printed above in again with --post for its receipt; it cannot count twice.';
const RECEIPT_LATE = `By the clock of this device, the platform promises to publish later than it may. It has accepted what you sent. Compare the clock with another one: if it is wrong, set it right, and ${HAND_IN_AGAIN}`;
const UNTOLD = `Whether the platform has taken what you sent, it has not said. Keep it: save it as a file, and ${HAND_IN_AGAIN}`;
const artifacts = readFromDisk(path.join(root, 'circuits', 'artifacts'));

await runScript(USAGE, async () => {
  const options = readOptions();
  await (options.post ? post(options.post) : sign(options));
});

type Options = ReturnType<typeof readOptions>;

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const names = { backup: text, name: text, statement: text, group: text };
  const options = { ...names, minimum: text, out: text, post: text, withdraw: flag, yes: flag };
  const { values } = readCommandLine({ options });
  const isNamed = values.backup !== undefined || (values.group !== undefined && values.name !== undefined);
  if (!values.post && !(isNamed && values.statement))
    throw new UsageError('Name the link of a statement, and a backup file or your group and your attested name.');
  if (values.out && existsSync(callersPath(values.out)))
    throw new UsageError(`${values.out} is there already. Name a new file with --out, so that nothing is written over.`);
  if (values.out) statSync(path.dirname(callersPath(values.out))); // before anybody has typed 24 words
  return values;
}

async function sign(options: Options): Promise<void> {
  const link = need(parseStatementLink(options.statement as string));
  const api = createApi(link.origin, limitAnswers(fetch));
  const manifest = need(await loadManifest(artifacts));
  const group = options.group === undefined ? undefined : need(parseGroupLink(options.group)).group;
  const backup = options.backup === undefined ? null : need(parseBackup(read(options.backup)));
  const asked = Date.now() / 1000;
  const loaded = need(await fetchStatement(api, link.id, manifest));
  const { context, key } = loaded;
  const ahead = clockAhead(asked, Date.now() / 1000, loaded.platformTime);
  if (isNotable(ahead)) console.log(`WARNING: ${describeAhead(ahead)} What is in time goes by the site’s clock.\n`);
  const state = signingState(loaded, now() - ahead);
  if (key.status !== 'keyed' || state !== 'open') throw new Error(NOT_OPEN[state === 'open' ? 'keying' : state]);

  const sheet = emptyWallet(need(rootOfWords(await askHidden('The 24 words of your sheet, in their order: ', missingWords))));
  const wallet = backup
    ? mergeBackup(sheet, need(openBackup(sheet.root, backup)))
    : addMembership(
        sheet,
        need(nameMembership(context, { group: group as Hex32, name: options.name as string, platform: link.origin })).membership,
      );
  const eligible = chooseMembership(loaded, wallet, group, options.withdraw);
  const identity = identityOf(wallet);
  const place = need(await findMembership(api, eligible, identity));
  // Whoever takes a signature back is not kept from it by what is wrong with the group.
  const history = options.withdraw ? [] : need(await lookAtCrowd(api, eligible));
  const survey = need(await surveyBoard(api, context, key));
  const minimum = need(readMinimum(options.minimum ?? '', context));
  const said = options.withdraw ? sayWithdrawn(eligible.group) : sayAye(eligible.group, minimum);

  const { columns } = process.stdout; // none where this goes into a file or to a program
  console.log(describeStatement(loaded, link.origin, columns));
  const { lookalikes } = findEligible(context, wallet);
  const ended = await api.listEndedKeys();
  for (const warning of [
    ...warningsForSigner(loaded, eligible, lookalikes, survey.counts, ended),
    ...growthWarnings(history, nameGroupsBy(loaded.context.rolls)),
  ])
    console.log(`${wrapLines(onOneLine(warning.text), columns, warning.loud ? 'WARNING: ' : 'Note: ', '  ')}\n`);
  console.log(
    options.withdraw
      ? WITHDRAWING
      : `If this is revealed, the public will read:\n\n${wrapLines(onOneLine(eligible.membership.name), columns, '    ', '    ')}\n`,
  );
  if (!options.withdraw && minimum !== undefined) console.log(`${describeMinimum(minimum, context)} ${MINIMUM_SEEN}\n`);
  if (!options.yes && !(await askYes(options.withdraw ? 'Withdraw your signature?' : 'Sign?')))
    throw new Error(options.withdraw ? 'Nothing was taken back.' : 'Nothing was signed.');

  console.log('Making the proof, some seconds …');
  const file = signatureFile(link.origin, await prove({ context, key, place, identity, said }, manifest));
  if (!options.out) return handIn(file, loaded);
  writeFileSync(callersPath(options.out), formatFile(file), { flag: 'wx' });
  console.log(
    `The ${options.withdraw ? 'withdrawal' : 'signature'} is in ${options.out}. It counts once somebody posts it: npm run sign -- --post ${options.out}`,
  );
}

async function post(file: string): Promise<void> {
  const signature = need(parseSignatureFile(read(file)));
  const api = createApi(signature.platform, limitAnswers(fetch));
  const manifest = need(await loadManifest(artifacts));
  await handIn(signature, need(await fetchStatement(api, signature.entry.statement, manifest)));
}

async function handIn(file: SignatureFile, { context }: LoadedStatement): Promise<void> {
  const { platform, entry, salt } = file;
  const onWait = (seconds: number) => console.log(`The platform is busy or out of reach; asking again in ${seconds} s …`);
  const posted = await postBody(createApi(platform, limitAnswers(fetch)), context, { entry, salt }, now, { onWait });
  const unsettled = posted.ok ? null : describeUnsettled(posted);
  if (unsettled !== null) {
    console.log(formatFile(file)); // another one would be refused, and this one has no receipt yet
    throw new Error(unsettled);
  }
  const receipt = need(posted);
  const time = new Date(receipt.publishBy * 1000).toISOString();
  console.log(`Accepted. It will be on the board by ${time}. Your receipt, the only thing that finds it there; keep it if you want to:\n`);
  console.log(formatFile(receiptFile(platform, { entry, salt }, receipt)));
}

/** What to do where the platform may have taken a signature whose receipt is not there; null where it has refused it. */
function describeUnsettled({ code, detail = '' }: { code: string; detail?: string }): string | null {
  if (code === 'RECEIPT_LATE') return RECEIPT_LATE;
  const isOpen = isUntold(code) || ['BUSY', 'UNAVAILABLE', 'ANSWER_TOO_LONG', 'BAD_RECEIPT'].includes(code);
  return isOpen ? `${sentenceOf(detail)} ${UNTOLD} [${code}]` : null;
}

async function prove(request: Parameters<typeof makeBody>[0], manifest: Manifest): Promise<Body> {
  const kit = need(await loadProvingKit(manifest, request.context.statement.verificationKey, artifacts));
  return need(await makeBody(request, (job) => proveJob(job, kit, { random }), random));
}

function chooseMembership(loaded: LoadedStatement, wallet: Wallet, group: Hex32 | undefined, isGoingBack: boolean): EligibleMembership {
  const found = findEligible(loaded.context, wallet);
  const eligible = usableFor(isGoingBack ? 'withdraw' : 'sign', found);
  if (!eligible) throw new Error('The roll of this statement is not the one of that number that you have seen. Do not sign. [ROLL_FORKED]');
  const fitting = eligible.filter((one) => group === undefined || one.group === group);
  if (fitting.length === 1) return fitting[0] as EligibleMembership;
  if (fitting.length > 1) {
    const list = fitting.map((one) => `  ${one.group}  ${onOneLine(`${one.header.group.name}: ${one.membership.name}`)}`);
    throw new Error(`You belong to several groups of this statement; choose one with --group:\n${list.join('\n')}`);
  }
  const trap = found.lookalikes[0];
  if (trap)
    throw new Error(`This statement names a group called ${quote(trap.header.group.name)}, but of another issuer than the one you joined.`);
  throw new Error(
    group
      ? 'Your wallet has no membership in that group of the statement.'
      : 'Your wallet has no membership in any group of this statement.',
  );
}

function read(file: string): string {
  return new TextDecoder().decode(readCallersFile(file)); // without a byte order mark, as browsers read it
}

function need<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new Error(`${sentenceOf(checked.detail ?? '')} [${checked.code}]`);
}

function sentenceOf(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${detail.endsWith('.') ? '' : '.'}`;
}
