// SPEC §5.6: what stands within the lines of a body

/** A part of a paragraph: text as it was written, or what a pair of marks around it has become. */
export type Inline =
  | string
  | { type: 'emphasis' | 'strong'; parts: Inline[] }
  | { type: 'code'; text: string }
  /** Both are shown: the words, and the whole address as it was written. No words where the address stands alone. */
  | { type: 'link'; text: string | null; url: string };

const ESCAPED = /\\([!-/:-@[-`{-~])/y;
/** Its words and its address hold no brackets, so that each character is looked at once. After a ! it would be a picture, which is text. */
const LINK = /(?<!!)\[([^[\]\n]+)\]\(((?:https?:\/\/|mailto:)(?:[^\s()<>[\]]|\([^\s()<>[\]]*\))+)\)/iy;
const ADDRESS = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/iy;
const MARKS = /\*+|_+/y;
const TICKS = /`+/y;
const TEXT = /[^\\`*_[<]+|[\s\S]/y;
/** Letters and digits of scripts that put spaces between words: within a word a mark is a character like any other. */
const WITHIN_WORD = /^(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}])[\p{L}\p{N}]$/u;

/** A pair of marks that is open: what has been read since it was. */
type Frame = { mark: string; parts: Inline[] };

/**
 * Reads the lines of one paragraph. Each mark that finds no partner is text. Linear: every pattern begins where the one before
 * ended and looks only at what it takes or at what ends it, and at most six frames are open, one for each kind of mark.
 * @returns `count`, how many parts there are with those inside them
 */
export function readInlines(text: string): { parts: Inline[]; count: number } {
  const ticks = findTicks(text);
  const frames: Frame[] = [{ mark: '', parts: [] }];
  let count = 0;
  for (let at = 0; at < text.length; ) {
    const [taken, part] = readMarks(text, at, frames) ?? readPart(text, at, ticks);
    at += taken.length;
    if (typeof part !== 'string') count += 1;
    if (part !== null) append(frames, part);
  }
  while (frames.length > 1) abandon(frames);
  return { parts: (frames[0] as Frame).parts, count };
}

type Taken = [taken: string, part: Inline | null];

/** What stands at a place and is not a mark of emphasis. */
function readPart(text: string, at: number, ticks: Ticks): Taken {
  const escaped = match(ESCAPED, text, at);
  if (escaped) return [escaped[0], escaped[1] as string];
  const link = match(LINK, text, at);
  if (link) return [link[0], { type: 'link', text: link[1] as string, url: link[2] as string }];
  const address = match(ADDRESS, text, at);
  if (address) return [address[0], { type: 'link', text: null, url: address[1] as string }];
  const opening = match(TICKS, text, at)?.[0];
  if (opening) return readCode(text, at, opening, ticks);
  const plain = (match(TEXT, text, at) as RegExpExecArray)[0];
  return [plain, plain];
}

/** Where runs of backticks begin, by their length, the first one last. */
type Ticks = Map<number, number[]>;

function findTicks(text: string): Ticks {
  const ticks: Ticks = new Map();
  for (const { 0: run, index } of [...text.matchAll(/`+/g)].reverse()) {
    const places = ticks.get(run.length) ?? [];
    places.push(index);
    ticks.set(run.length, places);
  }
  return ticks;
}

function readCode(text: string, at: number, opening: string, ticks: Ticks): Taken {
  const places = ticks.get(opening.length) ?? [];
  while (places.length > 0 && (places.at(-1) as number) <= at) places.pop();
  const end = places.at(-1);
  if (end === undefined) return [opening, opening];
  return [text.slice(at, end + opening.length), { type: 'code', text: text.slice(at + opening.length, end) }];
}

/** A run of one to three stars or underscores: it closes what the same run opened, or opens, or is text. Null for anything else. */
function readMarks(text: string, at: number, frames: Frame[]): Taken | null {
  const mark = match(MARKS, text, at)?.[0];
  if (!mark) return null;
  const isOpen = mark.length <= 3 && frames.some((frame) => frame.mark === mark);
  const before = lastCharacter(text, at);
  const after = firstCharacter(text, at + mark.length);
  if (isOpen && /\S/.test(before) && !WITHIN_WORD.test(after)) {
    while (frames.at(-1)?.mark !== mark) abandon(frames);
    const { parts } = frames.pop() as Frame;
    append(frames, form(mark, parts));
    return [mark, null];
  }
  if (!isOpen && mark.length <= 3 && /\S/.test(after) && !WITHIN_WORD.test(before)) {
    frames.push({ mark, parts: [] });
    return [mark, null];
  }
  return [mark, mark];
}

function form(mark: string, parts: Inline[]): Inline {
  if (mark.length === 1) return { type: 'emphasis', parts };
  const strong: Inline = { type: 'strong', parts };
  return mark.length === 2 ? strong : { type: 'emphasis', parts: [strong] };
}

/** Turns the innermost open mark back into text. */
function abandon(frames: Frame[]): void {
  const { mark, parts } = frames.pop() as Frame;
  append(frames, mark);
  for (const part of parts) append(frames, part);
}

function append(frames: readonly Frame[], part: Inline): void {
  const { parts } = frames.at(-1) as Frame;
  const last = parts.at(-1);
  if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
  else parts.push(part);
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function firstCharacter(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function lastCharacter(text: string, at: number): string {
  return [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
}
