// The script of a thread of the record check, when it is run from the source.
import { runCheckThread } from './check-thread.ts';

runCheckThread();
