// The import arrows of ARCHITECTURE.md as rules. `reachable` also sees imports through other files.
// Cycles are biome's to find (noImportCycles): without the compiler's API this tool cannot tell imports of types alone.
// test/architecture.test.ts plants a violation of each rule and expects it to be caught.

const PURE_PACKAGES = '(^|/)node_modules/(@noble|@scure|@semaphore-protocol|canonicalize|zod)/';
const PROVERS = '(^|/)node_modules/(snarkjs|@zk-kit/groth16|ffjavascript)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'protocol-is-pure',
      comment: 'lib/protocol runs unchanged in browser, server, trustee and offline verifier: no Node module, no network, no clock.',
      severity: 'error',
      from: { path: '^lib/protocol/' },
      to: { pathNot: ['^lib/protocol/', PURE_PACKAGES] },
    },
    {
      name: 'proof-rests-on-protocol-only',
      severity: 'error',
      from: { path: '^lib/proof/' },
      to: { path: '^(app|db|scripts|test|lib)/', pathNot: '^lib/(proof|protocol)/' },
    },
    {
      name: 'one-importer-of-the-prover',
      comment: 'The prover can be changed in one place, and its threads and time limits are handled in one place.',
      severity: 'error',
      from: { pathNot: '^(lib/proof/snarkjs\\.ts$|lib/ceremony/|scripts/(setup-ceremony|build-circuit)|test/)|(^|/)node_modules/' },
      to: { path: PROVERS },
    },
    {
      name: 'ceremony-rests-on-proof',
      comment: 'Contributors check a ceremony by the same code in page, command and server.',
      severity: 'error',
      from: { path: '^lib/ceremony/' },
      to: { path: '^(app|db|scripts|test|lib)/', pathNot: '^lib/(ceremony|proof|protocol)/' },
    },
    {
      name: 'trustee-stands-alone',
      comment: 'A trustee judges by itself and speaks only the public HTTP API.',
      severity: 'error',
      from: { path: '^lib/trustee/' },
      to: { path: '^(app|db|scripts|test|lib)/', pathNot: '^lib/(trustee|api|proof|protocol)/' },
    },
    {
      name: 'api-rests-on-protocol-only',
      comment: 'Browser, trustee, scripts and server share the contract, so it may need none of them.',
      severity: 'error',
      from: { path: '^lib/api/' },
      to: { path: '^(app|db|scripts|test|lib)/', pathNot: '^lib/(api|protocol)/' },
    },
    {
      name: 'signing-rests-on-api-and-proof',
      comment: 'The same signing runs in a page and on the command line of those who do not trust a served page.',
      severity: 'error',
      from: { path: '^lib/signing/' },
      to: { path: '^(app|db|scripts|test|lib)/', pathNot: '^lib/(signing|api|proof|protocol)/' },
    },
    {
      name: 'issuing-rests-on-api',
      comment: 'Roster and issuer key stay with the issuer: nothing of the server may be near them.',
      severity: 'error',
      from: { path: '^lib/issuing/' },
      to: { path: '^(app|db|scripts|test|lib)/', pathNot: '^lib/(issuing|api|protocol)/' },
    },
    {
      name: 'checking-rests-on-proof',
      comment: 'A record is checked without any server, by the same code everywhere.',
      severity: 'error',
      from: { path: '^lib/checking/' },
      to: { path: '^(app|db|scripts|test|lib)/', pathNot: '^lib/(checking|proof|protocol)/' },
    },
    {
      name: 'server-meets-no-browser',
      severity: 'error',
      from: { path: '^lib/server/' },
      to: { path: '^(app|scripts|test)/|^lib/(browser|trustee)/' },
    },
    {
      name: 'browser-meets-no-server',
      severity: 'error',
      from: { path: '^lib/browser/' },
      to: { path: '^(app|db|scripts|test)/|^lib/(server|trustee)/' },
    },
    {
      name: 'browser-reaches-no-server',
      severity: 'error',
      from: { path: '^lib/browser/' },
      to: { path: '^(db|lib/server)/', reachable: true },
    },
    {
      name: 'db-below-server',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: '^(app|scripts|test)/|^lib/(server|browser|trustee)/' },
    },
    {
      name: 'app-not-to-db',
      comment: 'Pages and routes call verbs of lib/server.',
      severity: 'error',
      from: { path: '^(app/|proxy\\.ts$)' },
      to: { path: '^(db|lib/trustee|scripts|test)/' },
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
      from: { path: '^(app|db|lib|scripts)/', pathNot: '^scripts/(make-vectors|test)\\.ts$' }, // these write test/vectors and run the tests
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
