import type { Concern } from './statusConcern.ts';
import type { Subsystem } from './statusText.ts';

export interface TooltipLink {
  readonly title: string;
  readonly command: string;
}

const OPEN_MONITOR: TooltipLink = { title: '$(pulse) Open Monitor', command: 'kodiak.openMonitor' };
const CLEAR_CACHE: TooltipLink = { title: '$(clear-all) Clear Cache', command: 'kodiak.clearCache' };
const FREE_MEMORY: TooltipLink = { title: '$(trash) Free Memory', command: 'kodiak.freeMemory' };

/** What can be done about each, the same as a click on the item offers. */
const LINKS: Readonly<Record<Subsystem, readonly TooltipLink[]>> = {
  cache: [OPEN_MONITOR, { title: '$(list-unordered) Show Entries', command: 'kodiak.showCache' }, CLEAR_CACHE],
  memory: [OPEN_MONITOR, FREE_MEMORY, CLEAR_CACHE],
  connections: [OPEN_MONITOR, { title: '$(list-unordered) Show Connections', command: 'kodiak.showConnections' }],
  parallel: [OPEN_MONITOR, { title: '$(list-unordered) Show Details', command: 'kodiak.showParallel' }],
};

/** Without a database that works. */
const CLOSED_LINKS: readonly TooltipLink[] = [
  { title: '$(database) Open Database', command: 'kodiak.openDatabase' },
  { title: '$(notebook) New SQL Notebook', command: 'kodiak.newNotebook' },
];
const TROUBLE_LINKS: readonly TooltipLink[] = [
  { title: '$(debug-restart) Restart the Server', command: 'kodiak.restartServer' },
  { title: '$(database) Open Database', command: 'kodiak.openDatabase' },
  { title: '$(output) Show Log', command: 'kodiak.showLog' },
];

/** The commands that a tooltip may run, and no others. */
export const TOOLTIP_COMMANDS: readonly string[] = [
  ...new Set([...Object.values(LINKS).flat(), ...CLOSED_LINKS, ...TROUBLE_LINKS].map(({ command }) => command)),
];

/** A tooltip in Markdown: the name, what concerns a person, the lines of `.stats`, and links. */
export function statusTooltip(subsystem: Subsystem, name: string, lines: readonly string[], concern: Concern | undefined): string {
  const parts = [`**${name}**`];
  if (concern) parts.push(`$(${concern.level}) ${escaped(concern.text)}`);
  parts.push(codeBlock(lines), linksText(LINKS[subsystem]));
  return parts.join('\n\n');
}

/** Where there are no figures: nothing is open yet, or `trouble` says why not. */
export function closedTooltip(name: string, trouble: string | undefined): string {
  if (trouble === undefined)
    return [`**${name}**`, 'No database is open yet: it opens with the first query.', linksText(CLOSED_LINKS)].join('\n\n');
  return [`**${name}**`, '$(error) Kodiak has no database:', codeBlock(trouble.split('\n')), linksText(TROUBLE_LINKS)].join('\n\n');
}

function linksText(links: readonly TooltipLink[]): string {
  return links.map(({ title, command }) => `[${title}](command:${command})`).join(' &nbsp; ');
}

/** Statements are among the lines: nothing in them may end the block. */
function codeBlock(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+!|<>&~$]/g, '\\$&');
}
