// A helper of a proof that dies in the middle of it
import { serveRoom } from '#lib/host/serve-room.ts';

serveRoom({ sums: () => process.exit(3) });
