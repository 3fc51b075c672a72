import { resolve } from 'node:path';
import { readStats } from '../../../server/protocol/requests.ts';
import { realDatabasePath, type SocketLocation, socketLocation } from '../../../server/protocol/socketLocation.ts';
import { STATS_FORMATS, statsReport } from '../../monitor/statsReport.ts';
import { attach } from '../serverConnection.ts';
import { EXIT } from './exitCode.ts';
import type { GivenOptions } from './givenOptions.ts';
import { type Subcommand, UsageError } from './subcommand.ts';

/** The figures of an engine that runs, for monitoring; it never starts one and never opens a database. */
export const stats: Subcommand = {
  name: 'stats',
  summary: 'write the figures of a running engine, also for Prometheus and others',
  options: [
    { name: 'db', value: 'PATH', isPath: true, about: 'the database whose engine is meant' },
    { name: 'attach', value: 'SOCKET', isPath: true, about: 'the engine whose server listens there …' },
    { name: 'token-file', value: 'FILE', isPath: true, about: '… with the token in this file' },
    { name: 'format', value: 'FORMAT', choices: STATS_FORMATS, about: `${STATS_FORMATS.join(', ')}; text without it` },
  ],
  notes: 'Nothing is started: where no engine runs, the exit code is 4.',
  async run(given, { output }) {
    const place = placeOf(given);
    const connection = await attach(place.location);
    if (!connection) throw new Error(`${place.missing} Open it in VS Code or with kodiak, and ask again.`);
    try {
      const figures = await connection.request(readStats, null);
      await output.write(statsReport(figures, given.choice('format', STATS_FORMATS, 'text')));
      return EXIT.ok;
    } finally {
      connection.close();
    }
  },
};

interface Place {
  readonly location: Pick<SocketLocation, 'socketFile' | 'tokenFile'>;
  readonly missing: string;
}

function placeOf(given: GivenOptions): Place {
  const [database, socketFile, tokenFile] = ['db', 'attach', 'token-file'].map((name) => given.one(name));
  if ((socketFile === undefined) !== (tokenFile === undefined)) throw new UsageError('--attach and --token-file belong together');
  if ((database === undefined) === (socketFile === undefined)) throw new UsageError('it needs either --db or --attach');
  if (socketFile !== undefined && tokenFile !== undefined) {
    return { location: { socketFile, tokenFile }, missing: `No server listens at ${socketFile}.` };
  }
  if (database === undefined || database === ':memory:') {
    throw new UsageError('a database in memory is found by the socket of its server: --attach SOCKET --token-file FILE');
  }
  const path = realDatabasePath(resolve(database));
  return { location: socketLocation(path), missing: `No Kodiak has ${path} open.` };
}
