import { join } from 'node:path';
import { runCached } from './protocol/cachedCode.ts';

/** The server's program for terminals, which wait for its start. */
runCached(join(__dirname, 'main.js'));
