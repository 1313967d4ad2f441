import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a yes in as many letters; anything else, and the end of the input, is a no. */
export async function askYes(question: string): Promise<boolean> {
  return (await ask(`${question} Type yes: `, process.stdout)).trim().toLowerCase() === 'yes';
}

/**
 * Asks for something that must not stand on the screen. It may take several lines: they are read until nothing is missing, or an empty one
 * comes, so that none of it is left for whoever reads the terminal next, such as a shell that remembers it.
 * @param missing says what is missing after some lines; null when it is whole
 */
export async function askHidden(question: string, missing: (text: string) => string | null): Promise<string> {
  process.stderr.write(question);
  const answer = await (process.stdin.isTTY ? askPersonLines(missing) : joinLines(() => readLine('', process.stderr), missing));
  process.stderr.write('\n');
  return answer;
}

async function askPersonLines(missing: (text: string) => string | null): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  const typed = prompt[Symbol.asyncIterator]();
  const say = (text: string) => {
    const said = missing(text);
    if (said !== null) process.stderr.write(`\r${said} `);
    return said;
  };
  try {
    return await joinLines(async () => (await typed.next()).value ?? '', say);
  } finally {
    prompt.close();
  }
}

async function joinLines(read: () => Promise<string>, missing: (text: string) => string | null): Promise<string> {
  for (let text = ''; ; ) {
    const line = await read();
    text += `${line}\n`;
    if (line.trim() === '' || missing(text) === null) return text;
  }
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
