import { expect, test } from 'vitest';
import { startKodiak } from '../../support/tmuxTerminal.ts';

const ENDLESS = 'select count(*) from range(1000000000000) t(i) where hash(i) = 7;';

test('has a prompt that runs statements, cancels with Ctrl+C and leaves with Ctrl+D', async () => {
  const terminal = await startKodiak([]);
  expect(await terminal.run("select 6 * 7 as answer, 'ü' as word;")).toMatch(/│ +42 │ ü +│/);
  await terminal.type('select nonsense');
  await terminal.until('select nonsense');
  await terminal.press('C-c');
  await terminal.until(/nonsense\^C\nkodiak>$/);
  await terminal.enter(ENDLESS);
  await terminal.until('Ctrl+C cancels');
  await terminal.press('C-c');
  await terminal.until(/Cancelled\.\nkodiak>$/);
  await terminal.press('C-d');
  expect(await terminal.exitCode()).toBe(0);
});
