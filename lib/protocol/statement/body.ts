// SPEC §5.6: how the body of a statement is shown
import { type Inline, readInlines } from './body-inlines.ts';

/**
 * A part of a body. Where a mark has become a form (a heading, a bar beside a quotation, a bullet) it is left out of the text;
 * everything else stands in it as it was written.
 */
export type Block =
  | { type: 'paragraph'; parts: Inline[] }
  | { type: 'heading'; level: number; parts: Inline[] }
  | { type: 'rule' }
  | { type: 'quote'; blocks: Block[] }
  /** `mark` is a number as it was written, with its point or bracket; null for a bullet. */
  | { type: 'list'; items: { mark: string | null; blocks: Block[] }[] }
  /** As it was written: what lies between fences, and what is too deep or too much. */
  | { type: 'plain'; text: string };

export type SetBody = {
  blocks: Block[];
  /** Whether something is plain because it is too deep or too much. A new body must not be. */
  isCut: boolean;
};

/** Quotations and lists one inside another. */
const MOST_LEVELS = 6;
/** Blocks and parts of lines in all, so that 20,000 characters cannot become as many elements of a page. */
const MOST_PARTS = 2_000;

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const RULE = /^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$/;
/** The text goes to the end of its line whatever stands in it, so that spaces before it are not gone through from each of them. */
const HEADING = /^ {0,3}(#{1,6}) +(.+)$/s;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^ {0,3}(?:[-+*]|(\d{1,9}[.)]))(?: {1,4}(?=\S)| |$)/;

type Reading = { left: number; isCut: boolean };

/**
 * Reads a body: the marks of Markdown that have a form of their own, and nothing that hides a character. There are no definitions,
 * titles of links, pictures, HTML or entities; they are text. Line breaks and spaces stand as they were written. Each level of
 * quotations and lists reads its lines once, so the cost is bounded by MOST_LEVELS times the length. SPEC §5.6.
 */
export function readBody(text: string): SetBody {
  const reading: Reading = { left: MOST_PARTS, isCut: false };
  const blocks = readBlocks(text.split('\n'), 0, reading);
  return { blocks, isCut: reading.isCut };
}

function readBlocks(lines: readonly string[], level: number, reading: Reading): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    if (isBlank(lines[at] as string)) {
      at += 1;
      continue;
    }
    reading.left -= 1;
    if (reading.left < 0) return [...blocks, cut(lines.slice(at), reading)];
    const end = endOfBlock(lines, at);
    for (const block of readBlock(lines.slice(at, end), level, reading)) blocks.push(block);
    at = end;
  }
  return blocks;
}

/** What the lines of one block are, which the first of them has begun. */
function readBlock(lines: readonly string[], level: number, reading: Reading): Block[] {
  const first = lines[0] as string;
  if (FENCE.test(first)) return [{ type: 'plain', text: lines.join('\n') }];
  if (RULE.test(first)) return [{ type: 'rule' }];
  const heading = HEADING.exec(first);
  if (heading) return [{ type: 'heading', level: (heading[1] as string).length, parts: readParts(heading[2] as string, reading) }];
  const isQuote = QUOTE.test(first);
  if (!isQuote && !ITEM.test(first)) return [{ type: 'paragraph', parts: readParts(lines.join('\n'), reading) }];
  if (level === MOST_LEVELS) return [cut(lines, reading)];
  if (!isQuote) return readList(lines, level, reading);
  const inner = lines.map((line) => line.replace(QUOTE, ''));
  return [{ type: 'quote', blocks: readBlocks(inner, level + 1, reading) }];
}

/** A list, and the lines after the last item for which there is room. */
function readList(lines: readonly string[], level: number, reading: Reading): Block[] {
  const list: Block & { type: 'list' } = { type: 'list', items: [] };
  for (let at = 0; at < lines.length; ) {
    reading.left -= 1;
    if (reading.left < 0) return [list, cut(lines.slice(at), reading)];
    const [prefix, mark = null] = ITEM.exec(lines[at] as string) as RegExpExecArray;
    const end = endOfItem(lines, at, prefix.length);
    const others = lines.slice(at + 1, end).map((line) => outdent(line, prefix.length) ?? '');
    list.items.push({ mark, blocks: readBlocks([(lines[at] as string).slice(prefix.length), ...others], level + 1, reading) });
    at = end;
  }
  return [list];
}

/** The place after the last line of the block that begins at `start`. */
function endOfBlock(lines: readonly string[], start: number): number {
  const first = lines[start] as string;
  const fence = FENCE.exec(first)?.[1];
  if (fence) return endOfFence(lines, start, fence);
  if (RULE.test(first) || HEADING.test(first)) return start + 1;
  if (ITEM.test(first)) return endOfList(lines, start);
  let end = start + 1;
  if (QUOTE.test(first)) while (end < lines.length && QUOTE.test(lines[end] as string)) end += 1;
  else while (end < lines.length && isText(lines[end] as string)) end += 1;
  return end;
}

function endOfFence(lines: readonly string[], start: number, fence: string): number {
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},} *$`);
  let end = start + 1;
  while (end < lines.length && !closing.test(lines[end] as string)) end += 1;
  return Math.min(end + 1, lines.length);
}

/** A list goes on with the next item of its kind, also after an empty line. */
function endOfList(lines: readonly string[], start: number): number {
  const isNumbered = ITEM.exec(lines[start] as string)?.[1] !== undefined;
  for (let end = start; ; ) {
    end = endOfItem(lines, end, (ITEM.exec(lines[end] as string) as RegExpExecArray)[0].length);
    const next = ITEM.exec(lines[end] ?? '');
    if (!next || RULE.test(lines[end] as string) || (next[1] !== undefined) !== isNumbered) return end;
  }
}

/** An item ends before the first line that is not indented as far as its text, and before an empty one that no such line follows. */
function endOfItem(lines: readonly string[], start: number, indent: number): number {
  let end = start + 1;
  for (let at = end; at < lines.length; at += 1) {
    if (isBlank(lines[at] as string)) continue;
    if (outdent(lines[at] as string, indent) === null) {
      const isNext = ITEM.test(lines[at] as string) && !RULE.test(lines[at] as string);
      return isNext ? at : end;
    }
    end = at + 1;
  }
  return lines.length;
}

/** A line without so much white space at its beginning, a tab being four of it; null where it has less. */
function outdent(line: string, indent: number): string | null {
  let width = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (width >= indent) return line.slice(at);
    if (line[at] !== ' ' && line[at] !== '\t') return null;
    width += line[at] === '\t' ? 4 : 1;
  }
  return width >= indent ? '' : null;
}

function readParts(text: string, reading: Reading): Inline[] {
  const { parts, count } = readInlines(text);
  if (count > reading.left) {
    reading.isCut = true;
    return [text];
  }
  reading.left -= count;
  return parts;
}

function cut(lines: readonly string[], reading: Reading): Block {
  reading.isCut = true;
  return { type: 'plain', text: lines.join('\n') };
}

/** Whether a line goes on with the paragraph before it. */
function isText(line: string): boolean {
  return !isBlank(line) && ![FENCE, RULE, HEADING, QUOTE, ITEM].some((mark) => mark.test(line));
}

function isBlank(line: string): boolean {
  return !/[^ \t]/.test(line);
}
