// The arrows of ARCHITECTURE.md as an allow-list: a room imports what stands beside it here, and nothing else.
// test/architecture.test.ts compares this with the table there, and plants a breach of each rule and expects it to be caught.
// `reachable` also sees imports through other files. Cycles are biome's to find (noImportCycles): without the compiler's API
// this tool cannot tell imports of types alone. There are none of types either.

/** Of each room, the rooms that it may import. `scripts` and the settings at the top level may import every room but the tests. */
const ROOMS = {
  'lib/room': [],
  'lib/host': ['lib/protocol', 'lib/room'],
  'lib/protocol': [],
  'lib/proof': ['lib/protocol', 'lib/room'],
  'lib/api': ['lib/protocol'],
  'lib/signing': ['lib/api', 'lib/proof', 'lib/protocol'],
  'lib/issuing': ['lib/api', 'lib/protocol', 'lib/room'],
  'lib/checking': ['lib/host', 'lib/proof', 'lib/protocol', 'lib/room'],
  'lib/ceremony': ['lib/proof', 'lib/protocol'],
  'lib/agent': ['lib/api', 'lib/host', 'lib/issuing', 'lib/protocol'],
  'lib/trustee': ['lib/api', 'lib/host', 'lib/proof', 'lib/protocol', 'lib/room'],
  'lib/browser': [
    ...['lib/api', 'lib/ceremony', 'lib/checking', 'lib/issuing', 'lib/proof', 'lib/protocol', 'lib/room', 'lib/signing', 'circuits'],
  ],
  'lib/server': ['lib/api', 'lib/ceremony', 'lib/host', 'lib/proof', 'lib/protocol', 'lib/room', 'db'],
  db: ['lib/api', 'lib/host', 'lib/protocol'],
  kernel: [],
  app: [
    ...['lib/api', 'lib/browser', 'lib/ceremony', 'lib/checking', 'lib/issuing', 'lib/proof', 'lib/protocol', 'lib/room'],
    ...['lib/server', 'lib/signing'],
  ],
};

/** Of each room that is to run anywhere, the packages that it may use. A Node module is none of them. */
const PACKAGES = {
  'lib/room': [],
  'lib/protocol': ['@noble', '@scure', '@semaphore-protocol', 'canonicalize', 'zod'],
  'lib/api': ['@noble', 'zod'],
};

const PROVERS = '(^|/)node_modules/(snarkjs|@zk-kit/groth16|ffjavascript)/';
const EVERY_ROOM = '^(app|circuits|db|kernel|lib|scripts|test)/';

const arrows = Object.entries(ROOMS).map(([room, others]) => ({
  name: `only-from-${room.replace('/', '-')}`,
  comment: `${room} may import ${others.join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: EVERY_ROOM, pathNot: `^(${[room, ...others].join('|')})/` },
}));

const packages = Object.entries(PACKAGES).map(([room, names]) => ({
  name: `packages-of-${room.replace('/', '-')}`,
  comment: `${room} runs unchanged in browser, server, trustee and offline verifier: no Node module, no network, no clock.`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { pathNot: [EVERY_ROOM, `(^|/)node_modules/(${names.join('|')})/`] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    ...packages,
    {
      name: 'one-importer-of-the-prover',
      comment: 'The prover can be changed in one place, and its threads and time limits are handled in one place.',
      severity: 'error',
      from: { pathNot: '^(lib/proof/snarkjs\\.ts$|lib/ceremony/|scripts/(setup-ceremony|build-circuit)|test/)|(^|/)node_modules/' },
      to: { path: PROVERS },
    },
    {
      name: 'one-importer-of-drizzle',
      comment: 'As ES modules it costs every program two seconds at its start. Take it from #db/drizzle.cjs.',
      severity: 'error',
      from: { pathNot: '^db/drizzle\\.(cjs|d\\.cts)$|(^|/)node_modules/' },
      to: { path: '(^|/)node_modules/drizzle-orm/' },
    },
    {
      name: 'browser-reaches-no-server',
      severity: 'error',
      from: { path: '^lib/browser/' },
      to: { path: '^(db|lib/server)/', reachable: true },
    },
    {
      name: 'anonymous-knows-nobody',
      comment: 'The anonymous surface cannot reach the session, not even indirectly.',
      severity: 'error',
      from: { path: '^app/api/(anonymous|ceremony)/' },
      to: { path: '^lib/server/session|(^|/)node_modules/iron-session/', reachable: true },
    },
    {
      name: 'product-needs-no-test',
      severity: 'error',
      from: { pathNot: '^(test/|scripts/(make-vectors|test)\\.ts$)' }, // these write test/vectors and run the tests
      to: { path: '^test/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|data|build)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],

      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
