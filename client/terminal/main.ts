import { join } from 'node:path';
import { runCached } from '../../server/protocol/cachedCode.ts';
import { startEarly } from './earlyServer.ts';
import type { SpawnedServer } from './serverSpawn.ts';

/** The `kodiak` program: starts the server that it will need, and loads what is in `start.ts` meanwhile. */
const early = startEarly(process.argv.slice(2));
const program = runCached(join(__dirname, 'start.js')) as { readonly start: (early: SpawnedServer | undefined) => void };
program.start(early);
