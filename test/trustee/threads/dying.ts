// A trustee's thread that dies in the middle of a shuffle
import { serveRoom } from '#lib/host/serve-room.ts';

serveRoom({ shuffle: () => process.exit(3) });
