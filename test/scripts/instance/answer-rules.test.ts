import { describe, expect, it } from 'vitest';
import { knowHosts, readTarget } from '#scripts/instance/answer-rules.ts';

const isOurs = knowHosts(['https://sign.example', 'http://abc.onion', undefined], ['127.0.0.1', '::1', '10.0.0.7'], 3_000);
const read = (target: string) => readTarget(target, isOurs);

describe('the target of a request', () => {
  it.each([
    ['/about?x=1', '/about?x=1', undefined],
    ['https://sign.example/about?x=http://y', '/about?x=http://y', 'sign.example'],
    ['HTTP://SIGN.EXAMPLE:80/a%2Fb', '/a%2Fb', 'sign.example'],
    ['https://sign.example:443', '/', 'sign.example'],
    ['http://abc.onion?before=3', '/?before=3', 'abc.onion'],
    ['http://localhost:3000/', '/', 'localhost:3000'],
    ['http://[::1]:3000/api/health', '/api/health', '[::1]:3000'],
    ['http://10.0.0.7:3000//x', '//x', '10.0.0.7:3000'],
  ])('%s is a path of this site', (target, path, host) => {
    expect(read(target)).toEqual({ ok: true, path, ...(host === undefined ? {} : { host }) });
  });

  it.each([
    ['http://elsewhere.example/', 421],
    ['https://sign.example.evil/', 421],
    ['http://sign.example:8080/', 421],
    ['http://localhost/', 421],
    ['http://10.0.0.8:3000/', 421],
    ['http://sign.example@evil.example/', 400],
    ['http://user:word@sign.example/', 400],
    ['http://[sign.example/', 400],
    ['http:///about', 400],
    ['http://sign.example\\@evil.example/', 400],
    ['ftp://sign.example/', 400],
    ['about', 400],
    ['*', 400],
  ])('%s is refused', (target, status) => {
    expect(read(target)).toMatchObject({ ok: false, status });
  });
});
