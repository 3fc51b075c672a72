import { readStats } from '../../../server/protocol/requests.ts';
import { STATS_FORMATS, statsReport } from '../../monitor/statsReport.ts';
import { type DotCommand, WrongUsage } from './dotCommand.ts';

export const STATS: DotCommand = {
  name: 'stats',
  usage: '[text|json|openmetrics]',
  summary: 'show all figures of the engine',
  explanation:
    'Shows cache, connections, memory and parallel execution at once: the figures of the status bar. json and openmetrics are for programs; ' +
    'kodiak stats writes the same from outside.',
  example: ['.stats', '.stats openmetrics'],
  takes: [0, 1],
  run: async (shell, [typed = 'text']) => {
    const format = STATS_FORMATS.find((known) => known === typed);
    if (format === undefined) throw new WrongUsage();
    await shell.output.write(statsReport(await shell.link.request(readStats, null), format));
    return 'done';
  },
};
