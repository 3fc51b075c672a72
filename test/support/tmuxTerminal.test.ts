import { expect, test } from 'vitest';
import { startTerminal } from './tmuxTerminal.ts';

const PROGRAM = `
  process.stdin.setRawMode(true);
  process.stdout.write('\\x1b[?2004h\\x1b[31mred\\x1b[0m\\n');
  process.stdout.on('resize', () => process.stdout.write(process.stdout.columns + ' columns\\n'));
  process.stdin.on('data', (data) => {
    if (String(data) === 'q') process.exit(7);
    process.stdout.write(JSON.stringify(String(data)) + '\\n');
  });
`;

test('presses, types, pastes, resizes, sees colours and the exit code', { tags: ['slow'] }, async () => {
  const terminal = await startTerminal([process.execPath, '-e', PROGRAM]);
  await terminal.untilColored('\u001b[31mred');
  await terminal.press('C-a');
  await terminal.until('"\\u0001"');
  await terminal.type('ü;');
  await terminal.until('"ü;"');
  await terminal.paste('a\nb');
  await terminal.until('"\\u001b[200~a\\rb\\u001b[201~"');
  await terminal.resize(61, 20);
  await terminal.until('61 columns');
  await expect(terminal.until('never', 100)).rejects.toThrow(/did not show never within 100 ms, but:\nred/);
  await terminal.press('q');
  expect(await terminal.exitCode()).toBe(7);
});
