import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a yes in as many letters; anything else, and the end of the input, is a no. */
export async function askYes(question: string): Promise<boolean> {
  return (await ask(`${question} Type yes: `, process.stdout)).trim().toLowerCase() === 'yes';
}

/** Asks for something that must not stand on the screen. */
export async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await ask('', silent);
  process.stderr.write('\n');
  return answer;
}

function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  return process.stdin.isTTY ? askPerson(question, output) : readLine(question, output);
}

async function askPerson(question: string, output: NodeJS.WritableStream): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output, terminal: true });
  const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  try {
    return await Promise.race([prompt.question(question), ended]);
  } finally {
    prompt.close();
  }
}

let lines: NodeJS.AsyncIterator<string> | undefined;

/** From a pipe all answers come at once, so one reader takes them all. */
async function readLine(question: string, output: NodeJS.WritableStream): Promise<string> {
  output.write(question);
  lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  process.stdin.ref?.(); // a file has none
  const { value, done } = await lines.next();
  process.stdin.unref?.(); // what is left unread holds nobody up
  return done ? '' : value;
}
