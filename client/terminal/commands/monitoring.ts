import { clearCache, freeMemory, readCacheEntries, readHealth, readStats, setCacheEnabled } from '../../../server/protocol/requests.ts';
import { formatBytes, formatCache, formatConnections, formatCount, formatMemory, formatParallel } from '../../monitor/statsText.ts';
import { visible } from '../../text/displayText.ts';
import { type CommandGroup, say, WrongUsage } from './dotCommand.ts';
import { PLANS } from './plans.ts';
import { STATS } from './stats.ts';

export const MONITORING: CommandGroup = {
  title: 'Engine',
  commands: [
    ...PLANS,
    {
      name: 'cache',
      usage: '[clear|on|off]',
      summary: 'show the result cache, empty it, switch it',
      explanation:
        'Shows what the result cache holds and how often it answered. It is shared by all who use this engine; switching it off keeps its entries.',
      example: ['.cache', '.cache clear'],
      takes: [0, 1],
      run: async (shell, [action]) => {
        switch (action) {
          case undefined: {
            const stats = await shell.link.request(readStats, null);
            const { entries } = await shell.link.request(readCacheEntries, null);
            return say(shell, ...formatCache(stats, entries));
          }
          case 'clear': {
            const { removed } = await shell.link.request(clearCache, null);
            return say(shell, `${formatCount(removed)} ${removed === 1 ? 'entry' : 'entries'} removed.`);
          }
          case 'on':
          case 'off':
            await shell.link.request(setCacheEnabled, { enabled: action === 'on' });
            return say(shell, `The cache is ${action}.`);
          default:
            throw new WrongUsage();
        }
      },
    },
    {
      name: 'connections',
      usage: '',
      summary: 'show the connection pool and who uses it',
      explanation: 'Shows how many connections of the engine are in use, idle and waited for, and by whom they were borrowed.',
      example: ['.connections'],
      takes: [0, 0],
      run: async (shell) => say(shell, ...formatConnections(await shell.link.request(readStats, null))),
    },
    {
      name: 'memory',
      usage: '[free]',
      summary: 'show memory, or give back what is only kept for later',
      explanation: 'Shows who uses how much memory and where the limits are. With free, what is only kept for later is given back at once.',
      example: ['.memory', '.memory free'],
      takes: [0, 1],
      run: async (shell, [action]) => {
        if (action === undefined) return say(shell, ...formatMemory(await shell.link.request(readStats, null)));
        if (action !== 'free') throw new WrongUsage();
        const { freedBytes } = await shell.link.request(freeMemory, null);
        return say(shell, `${formatBytes(freedBytes)} freed.`);
      },
    },
    {
      name: 'parallel',
      usage: '',
      summary: 'show parallel execution',
      explanation: 'Shows how many statements run and wait, and how many threads they may use.',
      example: ['.parallel'],
      takes: [0, 0],
      run: async (shell) => say(shell, ...formatParallel(await shell.link.request(readStats, null))),
    },
    {
      name: 'health',
      usage: '',
      summary: 'check the server and the database',
      explanation: 'Runs the server’s own checks and shows each with its finding. It fails when one of them does.',
      example: ['.health'],
      takes: [0, 0],
      run: async (shell) => {
        const { checks } = await shell.link.request(readHealth, null);
        const width = Math.max(0, ...checks.map((check) => check.name.length));
        const { style } = shell.output;
        await say(
          shell,
          ...checks.map((check) => `${check.ok ? style.green('✓') : style.red('✗')} ${check.name.padEnd(width)}  ${visible(check.detail)}`),
        );
        return checks.every((check) => check.ok) ? 'done' : 'failed';
      },
    },
    STATS,
  ],
};
