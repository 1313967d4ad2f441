import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLooseTexts, findStaleTexts, findUnkeyedTurns } from './loose-texts.ts';

const app = path.resolve(import.meta.dirname, '../../app');
const pages = readdirSync(app, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx'))
  .map((file) => [file, readFileSync(path.join(app, file), 'utf8')] as const);

describe('pages that a program translates', () => {
  it('keep whatever comes and goes apart from the texts beside it, so that React finds its place again', () => {
    expect(pages.length).toBeGreaterThan(100);
    const loose = pages.flatMap(([file, source]) => findLooseTexts(source).map((element) => `${file}: ${element}`));
    expect(loose).toEqual([]);
  });

  it.each([
    ['a text that goes', 'const a = <p>One {more && "and another"}</p>'],
    ['an element before a text', 'const a = <p>{late && <b>Late:</b>} it is</p>'],
    ['an element after a text', 'const a = <>It is{late && <b>late</b>}</>'],
    ['a text that changes', 'const a = <p>{count} {count === 1 ? "person" : "people"}</p>'],
    ['a list within a sentence', 'const a = <li>For {names.map((name) => <b key={name}>{name}</b>)}.</li>'],
    ['two texts that go', 'const a = <p>{one && "one"}{two && "two"}</p>'],
  ])('would be told of %s', (_, source) => {
    expect(findLooseTexts(source)).toHaveLength(1);
  });

  it.each([
    ['a text alone', 'const a = <p>{more ? "one" : "two"}</p>'],
    ['texts in elements of their own', 'const a = <p><span>One</span><span>{more && "and another"}</span></p>'],
    ['text that stays', 'const a = <p>You have <b>{count}</b> of them</p>'],
    ['elements that come and go', 'const a = <div>{one && <p>One</p>}{two && <p>Two</p>}</div>'],
  ])('may have %s', (_, source) => {
    expect(findLooseTexts(source)).toEqual([]);
  });

  it('give elements that take each other’s place keys, where one has text beside other children', () => {
    expect(pages.flatMap(([file, source]) => findUnkeyedTurns(source).map((element) => `${file}: ${element}`))).toEqual([]);
    const told = [
      'const a = <div>{late ? <p>It was {name} then</p> : <p>{name} is it</p>}</div>',
      'function A() { if (late) return <p>It was <b>late</b></p>; return <p>It is</p>; }',
      'const a = late ? <>At <b>ten</b></> : <>At noon</>',
    ];
    for (const source of told) expect(findUnkeyedTurns(source), source).not.toEqual([]);
    const fine = [
      'const a = <div>{late ? <p key="late">It was {name} then</p> : <p>{name}</p>}</div>',
      'const a = <div>{late ? <p>It was <b>late</b></p> : <ul />}</div>',
      'function A() { return late ? <p>Late</p> : <p>Early</p>; }',
    ];
    for (const source of fine) expect(findUnkeyedTurns(source), source).toEqual([]);
  });

  it('write whatever may change into an element that is its own, so that no count, name or state stays as it was', () => {
    expect(pages.flatMap(([file, source]) => findStaleTexts(source).map((element) => `${file}: ${element}`))).toEqual([]);
    const told = [
      'const a = <p>You have {count} of them</p>',
      'const a = <p>{count} <b>of them</b></p>',
      'const a = <Button>Invite {countOf(people)}</Button>',
      'const a = <>At {time}</>',
      'const a = <p translate="yes">{member.name} is in</p>',
    ];
    for (const source of told) expect(findStaleTexts(source), source).toHaveLength(1);
    const fine = [
      'const a = <p>{"You have " + count + " of them"}</p>',
      'const a = <p>You have <b>{count}</b>{" "}of them, {MOST} at most</p>',
      'const a = <p translate="no">You have {count} of them</p>',
      'const a = <div>{children}<p>{words}</p></div>',
    ];
    for (const source of fine) expect(findStaleTexts(source), source).toEqual([]);
  });

  it('leave keys, hashes, commands, names and times as they are (T68)', () => {
    const exact = pages.flatMap(([file, source]) =>
      [...source.matchAll(/<(?:code|pre|bdi|time)\b[^>]*>/g)].map(([tag]) => `${file}: ${tag}`),
    );
    expect(exact.length).toBeGreaterThan(10);
    expect(exact.filter((tag) => !tag.includes('translate="no"'))).toEqual([]);
  });
});
