// A person writes a statement of several lines in VS Code's terminal, with colours, completion and the history.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startVscodeServer } from '../vscodeServer.mjs';
import { openWorkbench } from '../workbench.mjs';

const LIMIT_MS = 40_000;
const folder = mkdtempSync(join(tmpdir(), 'kodiak-journey-'));
let server;
let wb;

before(async () => {
  writeFileSync(join(folder, 'queries.sql'), 'select 1;\n');
  server = await startVscodeServer({ extensionLink: '.' });
  wb = await openWorkbench(server, { folder });
  wb.page.setDefaultTimeout(LIMIT_MS);
});

after(async () => {
  await wb?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const shows = (what, pattern) => wb.until(what, async () => pattern.test(await wb.terminalText()), LIMIT_MS);
const press = (key) => wb.page.keyboard.press(key);

test('a statement is written over several lines, with the completion of the language server', async () => {
  await wb.openFile('queries.sql');
  await wb.page.locator('.codelens-decoration a', { hasText: 'Run' }).first().waitFor();
  await wb.runCommand('Kodiak: Open REPL');
  await shows('the prompt', /kodiak[^>\n]*>/);
  await wb.typeInTerminal('create table orders(id int, customer varchar, amount decimal(10, 2));\n');
  await shows('the answer', /CREATE/);
  await wb.typeInTerminal('create table order_items(order_id int, price int);\n');
  await shows('the second answer', /order_items[\s\S]*CREATE/);
  await wb.typeInTerminal("select customer, sum(amount) as total, 'a text' -- of all\nfrom orde");
  await press('Tab');
  await shows('the menu', /order_items +orders/);
  await press('Tab');
  await press('ArrowRight');
  await shows('the choice', /\.\.\.> from orders\n/);
  await wb.pictures('repl-editing');
  await press('Enter');
  await wb.typeInTerminal('\ngroup by (customer');
  await press('ArrowUp');
  await press('End');
  await wb.typeInTerminal(' o');
  await press('ArrowDown');
  await press('End');
  await wb.typeInTerminal(');\n');
  await shows('the rows', /from orders o\n[\s\S]*0 rows/);
});

test('the history is searched, and pastes wait for Enter', async () => {
  await press('Control+r');
  await wb.typeInTerminal('group by (cust');
  await shows('what was found', /group by \(customer\);\s*history search: group by \(cust +1 of/);
  await wb.pictures('repl-history-search');
  await press('Enter');
  await shows('the rows again', /0 rows[\s\S]*0 rows/);
});
