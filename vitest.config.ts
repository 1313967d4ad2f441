import path from 'node:path';
import { defineConfig } from 'vitest/config';

// `server-only` throws outside a bundler; here the arrows are checked by test/architecture.test.ts instead.
const empty = path.resolve(import.meta.dirname, 'test/support/empty.ts');

export default defineConfig({
  resolve: { alias: { 'server-only': empty, 'client-only': empty } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 240_000,
    env: { TZ: 'UTC' },
  },
});
