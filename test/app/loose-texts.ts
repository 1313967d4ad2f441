import { parseSync } from '@swc/core';

type Node = { type: string } & Record<string, unknown>;

/**
 * Finds, in the source of a page, text that React would have to find again in the DOM: a text node with siblings, at least one of
 * which comes and goes. A program that translates pages puts its own elements in place of text nodes, so the sibling cannot be put
 * before it, and the text itself not taken away: React fails, and the page is lost with all that was typed into it.
 * @returns the words of each such element, with … for what stands between them
 */
export function findLooseTexts(source: string): string[] {
  const found: string[] = [];
  visit(parse(source), (node) => {
    if (node.type !== 'JSXElement' && node.type !== 'JSXFragment') return;
    const children = (node.children as Node[]).filter((child) => !isSpace(child));
    if (children.length === 1 || !children.some(comesAndGoes)) return;
    const hasWords = children.some((child) => child.type === 'JSXText');
    if (!children.some((child) => isText(child, hasWords))) return;
    found.push(wordsOf(node));
  });
  return found;
}

/**
 * Finds text that is put together from pieces, of which one may change: a text node of its own beside others. A program that
 * translates pages has put its own words in place of that node, and what React writes into it later is never seen: a count, a name
 * or a state stays as it was. A text that is one piece is written into its element, whatever the program has put there.
 * @returns the words of each such element that may be translated, with … for what stands between them
 */
export function findStaleTexts(source: string): string[] {
  const found: string[] = [];
  visitTranslated(parse(source), (node) => {
    const children = (node.children as Node[]).filter((child) => !isSpace(child));
    const hasWords = children.some((child) => child.type === 'JSXText');
    const pieces = children.filter((child) => isText(child, hasWords));
    if (children.length > 1 && pieces.some(mayChange)) found.push(wordsOf(node));
  });
  return found;
}

/** Visits elements, but for those that no program may translate, and what is within them. */
function visitTranslated(node: unknown, look: (element: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) visitTranslated(one, look);
  else if (node !== null && typeof node === 'object') {
    const { type } = node as Node;
    if (type === 'JSXElement' && attributeOf(node as Node, 'translate') === 'no') return;
    if (type === 'JSXElement' || type === 'JSXFragment') look(node as Node);
    for (const [key, value] of Object.entries(node)) if (key !== 'span') visitTranslated(value, look);
  }
}

/** Whether a text is more than a word of the source: constants are written in capitals. */
function mayChange({ type, expression }: Node): boolean {
  if (type !== 'JSXExpressionContainer') return false;
  const { type: kind, value } = expression as Node;
  return kind !== 'StringLiteral' && kind !== 'NumericLiteral' && !(kind === 'Identifier' && /^[A-Z_]+$/.test(value as string));
}

/**
 * Finds elements of one kind that take each other's place, where one of them has text beside other children: React keeps the
 * element and looks for that text in it. A key of their own makes them different elements, which go and come whole.
 * @returns the words of each such element
 */
export function findUnkeyedTurns(source: string): string[] {
  const found: string[] = [];
  visit(parse(source), (node) => {
    const turns = node.type === 'ConditionalExpression' ? turnsOf(node) : isFunction(node) ? returnsOf(node.body).flatMap(turnsOf) : [];
    for (const [i, turn] of turns.entries()) {
      if (!isMixed(turn) || keyOf(turn)) continue;
      if (turns.some((other, j) => i !== j && nameOf(other) === nameOf(turn) && !keyOf(other))) found.push(wordsOf(turn));
    }
  });
  return [...new Set(found)];
}

const isFunction = ({ type }: Node) => ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(type);

/** The elements that an expression may be. */
function turnsOf(node: Node): Node[] {
  if (node.type === 'ParenthesisExpression') return turnsOf(node.expression as Node);
  if (node.type === 'ConditionalExpression') return [...turnsOf(node.consequent as Node), ...turnsOf(node.alternate as Node)];
  return node.type === 'JSXElement' || node.type === 'JSXFragment' ? [node] : [];
}

/** What a function returns, without what functions inside it do. */
function returnsOf(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(returnsOf);
  if (node === null || typeof node !== 'object') return [];
  if (isFunction(node as Node)) return [];
  if ((node as Node).type === 'ReturnStatement') return (node as Node).argument ? [(node as Node).argument as Node] : [];
  return Object.values(node).flatMap(returnsOf);
}

function isMixed(element: Node): boolean {
  const children = (element.children as Node[]).filter((child) => !isSpace(child));
  return children.length > 1 && children.some((child) => isText(child, true));
}

const nameOf = ({ opening }: Node) => (((opening as Node | undefined)?.name as Node | undefined)?.value as string | undefined) ?? '';

const keyOf = (element: Node) => attributeOf(element, 'key') !== undefined;

/** The value of an attribute: its text, true where it is an expression, undefined where there is none. */
function attributeOf({ opening }: Node, name: string): string | true | undefined {
  const attributes = ((opening as Node | undefined)?.attributes ?? []) as Node[];
  const attribute = attributes.find((one) => (one.name as Node | undefined)?.value === name);
  return attribute && (((attribute.value as Node | null)?.value as string | undefined) ?? true);
}

function wordsOf(element: Node): string {
  const children = (element.children as Node[]).filter((child) => !isSpace(child));
  return children.map(({ type, value }) => (type === 'JSXText' ? (value as string).trim() : '…')).join(' ');
}

function parse(source: string): Node {
  return parseSync(source, { syntax: 'typescript', tsx: true, target: 'es2022' }) as unknown as Node;
}

function visit(node: unknown, look: (node: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, look);
  else if (node !== null && typeof node === 'object') {
    if (typeof (node as Node).type === 'string') look(node as Node);
    for (const [key, value] of Object.entries(node)) if (key !== 'span') visit(value, look);
  }
}

const isSpace = (child: Node) =>
  (child.type === 'JSXText' && /^\s*$/.test(child.value as string) && (child.value as string).includes('\n')) ||
  (child.type === 'JSXExpressionContainer' && (child.expression as Node).type === 'JSXEmptyExpression');

/** What becomes a text node. An expression that may be anything counts as one beside words: it is part of their sentence. */
function isText(child: Node, hasWords: boolean): boolean {
  if (child.type === 'JSXText') return true;
  return child.type === 'JSXExpressionContainer' && isString(child.expression as Node, hasWords);
}

function isString(node: Node, hasWords: boolean): boolean {
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'TemplateLiteral':
      return true;
    case 'ParenthesisExpression':
      return isString(node.expression as Node, hasWords);
    case 'ConditionalExpression':
      return isString(node.consequent as Node, hasWords) || isString(node.alternate as Node, hasWords);
    case 'BinaryExpression':
      return isString(node.right as Node, hasWords);
    case 'Identifier':
      return node.value !== 'children';
    case 'MemberExpression':
    case 'CallExpression':
      return hasWords && !isList(node);
    default:
      return false;
  }
}

/** Whether what stands here is not always there: a condition, or a list. */
function comesAndGoes(child: Node): boolean {
  if (child.type !== 'JSXExpressionContainer') return false;
  let node = child.expression as Node;
  while (node.type === 'ParenthesisExpression') node = node.expression as Node;
  const isChoice = node.type === 'BinaryExpression' && ['&&', '||', '??'].includes(node.operator as string);
  return isChoice || node.type === 'ConditionalExpression' || isList(node);
}

function isList(node: Node): boolean {
  const callee = node.callee as Node | undefined;
  return callee?.type === 'MemberExpression' && ['map', 'flatMap'].includes((callee.property as Node).value as string);
}
