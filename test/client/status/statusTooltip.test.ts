import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { closedTooltip, statusTooltip, TOOLTIP_COMMANDS } from '../../../client/status/statusTooltip.ts';

it('has the name, the lines and links', () => {
  expect(statusTooltip('memory', 'Kodiak: memory', ['Used  1 MiB'], undefined).split('\n\n')).toEqual([
    '**Kodiak: memory**',
    '```text\nUsed  1 MiB\n```',
    '[$(pulse) Open Monitor](command:kodiak.openMonitor) &nbsp; [$(trash) Free Memory](command:kodiak.freeMemory) &nbsp; [$(clear-all) Clear Cache](command:kodiak.clearCache)',
  ]);
});

it('says first what concerns a person', () => {
  const text = statusTooltip('memory', 'Kodiak: memory', [], { level: 'warning', text: 'Short of memory (a*b): free it.' });
  expect(text).toContain('$(warning) Short of memory \\(a\\*b\\): free it.');
});

it('lets no statement out of its block', () => {
  const hostile = 'for 1 s: select "````\n[x](command:kodiak.clearCache)"';
  const text = statusTooltip('connections', 'Kodiak: connections', [hostile], undefined);
  expect(text).toContain(`\n\n\`\`\`\`\`text\n${hostile}\n\`\`\`\`\`\n\n`);
});

it('offers what to do without a database, and when it cannot be opened', () => {
  expect(closedTooltip('Kodiak: cache', undefined)).toContain('[$(database) Open Database](command:kodiak.openDatabase)');
  const trouble = closedTooltip('Kodiak: cache', 'locked by another program');
  expect(trouble).toContain('```text\nlocked by another program\n```');
  expect(trouble).toContain('(command:kodiak.restartServer)');
});

it('trusts only commands of ours', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: { commands: { command: string }[] } };
  const declared = contributes.commands.map(({ command }) => command);
  expect(TOOLTIP_COMMANDS.filter((command) => !declared.includes(command))).toEqual([]);
});
