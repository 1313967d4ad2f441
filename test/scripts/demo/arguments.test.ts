import { describe, expect, it } from 'vitest';
import { readDemoArguments } from '#scripts/demo/arguments.ts';
import { readRoster } from '#scripts/demo/enrol-everyone.ts';

describe('the arguments of the demo', () => {
  it('have defaults with which it runs by itself', () => {
    const options = readDemoArguments([]);
    expect(options).toMatchObject({ signers: 40, trigger: null, together: null, record: null, platform: null });
    const roster = readRoster(options.roster, () => {});
    expect([...roster].map(([name, rows]) => [name, rows.length])).toEqual([['Everybody on the roster', 48]]);
  });

  it('take a running platform together with its sign-in link', () => {
    const link = 'http://localhost:3000/issuer/enter#token';
    expect(readDemoArguments(['--issuer-link', link]).platform).toEqual({ url: 'http://localhost:3000', issuerToken: 'token' });
    expect(readDemoArguments(['--url', 'http://127.0.0.1:4000/x', '--issuer-link', link]).platform).toEqual({
      url: 'http://127.0.0.1:4000',
      issuerToken: 'token',
    });
    expect(() => readDemoArguments(['--url', 'http://localhost:3000'])).toThrow('--issuer-link');
    expect(() => readDemoArguments(['--issuer-link', 'http://localhost:3000/issuer/enter'])).toThrow('behind the #');
  });

  it('are refused when they make no sense', () => {
    for (const bad of [
      ['--signers', '0'],
      ['--together', '0'],
      ['--together', 'few'],
      ['--signers', 'five'],
      ['--signers', '-1'],
      ['--fast'],
      ['roster.csv'],
    ])
      expect(() => readDemoArguments(bad), bad.join(' ')).toThrow();
  });
});
