// node scripts/make-poseidon.ts
// Writes lib/protocol/numbers/poseidon-module.ts anew. The result depends on nothing but the versions of the three packages.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildPoseidonModule, formatPoseidonModule } from './poseidon/build-module.ts';

const module = await buildPoseidonModule();
writeFileSync(path.resolve(import.meta.dirname, '../lib/protocol/numbers/poseidon-module.ts'), formatPoseidonModule(module));
console.log(`${module.length} bytes`);
