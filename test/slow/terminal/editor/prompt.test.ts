import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AtEnd, temporaryFolder } from '../../../support/temporaryFolder.ts';
import { startKodiak, type TmuxTerminal } from '../../../support/tmuxTerminal.ts';

const ends: (() => void)[] = [];
const atEnd: AtEnd = (clean) => ends.push(clean);
let folder: string;
let terminal: TmuxTerminal;

beforeAll(async () => {
  folder = temporaryFolder(atEnd);
  writeFileSync(join(folder, 'my orders.csv'), 'region,amount\nnorth,1\n');
  writeFileSync(join(folder, 'load.sql'), "select 'from the file' as here;\n");
  const editor = join(folder, 'fake-editor');
  writeFileSync(editor, `#!/bin/sh\ncp "$2" "${folder}/seen.sql"\nprintf 'select 7 * 6\\n  as edited;\\n' > "$2"\n`);
  chmodSync(editor, 0o755);
  writeFileSync(join(folder, 'history'), 'select 1 as oldest;\nselect 2\\n  as older;\n.tables nothing\n');
  const env = { VISUAL: `${editor} --wait`, KODIAK_HISTORY: join(folder, 'history') };
  terminal = await startKodiak([], { cwd: folder, env, atEnd });
  await terminal.run('create table orders(id int, customer varchar); create table order_items(order_id int, price int);');
});
afterAll(() => {
  for (const end of ends.reverse()) end();
});

/** A test leaves an empty prompt on an empty screen. */
async function cleared(): Promise<void> {
  await terminal.press('C-c', 'C-l');
  await terminal.until(/^kodiak>$/);
}

/** A text in a colour, as tmux captures it. */
function painted(code: string, text: string): RegExp {
  const sequence = '\u001b\\[[0-9;]*';
  return new RegExp(`${sequence}${code}m(?:${sequence}m)*${text}`);
}

describe('the prompt in a terminal', () => {
  test('edits a statement of several lines anywhere in it', async () => {
    await cleared();
    await terminal.type('select (');
    await terminal.press('Enter');
    await terminal.type('1');
    await terminal.press('Enter');
    await terminal.until(/\.\.\.> {3}1\n {3}\.\.\.>$/);
    await terminal.press('C-u');
    await terminal.type(') as a');
    await terminal.press('Up', 'End');
    await terminal.type(' + 1');
    await terminal.until(/^kodiak> select \(\n {3}\.\.\.> {3}1 \+ 1\n {3}\.\.\.> \) as a$/);
    expect(await terminal.cursor()).toEqual({ column: 15, row: 1 });
    await terminal.press('Down', 'End');
    await terminal.type(';');
    await terminal.press('Enter');
    await terminal.until(/│ +2 │[\s\S]*\nkodiak>$/);
    // The whole statement comes back as one entry.
    await terminal.press('Up');
    await terminal.until(/kodiak> select \(\n {3}\.\.\.> {3}1 \+ 1\n {3}\.\.\.> \) as a;$/);
  });

  test('completes tables, columns, keywords, commands and files', async () => {
    await cleared();
    const completes = async (typed: string, wanted: string | RegExp) => {
      await terminal.type(typed);
      await terminal.until(typed.trim());
      await terminal.press('Tab');
      await terminal.until(wanted);
      await cleared();
    };
    await completes('from orde', /^kodiak> from order\norder_items +orders/);
    await completes('select cust', /^kodiak> select cust/);
    await completes('from orders o where o.c', 'o.customer');
    await completes('sel', /^kodiak> select /);
    await completes("from 'my", "from 'my orders.csv");
    await completes('.tab', /^kodiak> \.tables/);
    await completes('.tables order_', '.tables order_items');
    await completes('.read lo', '.read load.sql');
    await completes('.timer of', '.timer off');
  });

  test('chooses from the menu by keys, and leaves it as it was by Escape', async () => {
    await cleared();
    await terminal.type('from orde');
    await terminal.press('Tab');
    await terminal.until('order_items');
    await terminal.press('Tab', 'Right');
    await terminal.until(/^kodiak> from orders\n/);
    await terminal.press('Escape');
    await terminal.until(/^kodiak> from order$/);
    await terminal.press('Tab');
    await terminal.until('order_items');
    await terminal.press('Down', 'Enter');
    await terminal.until(/^kodiak> from order_items$/);
  });

  test('searches the history, and walks through what begins alike', async () => {
    await cleared();
    await terminal.press('C-r');
    await terminal.type('sel');
    await terminal.until('history search: sel');
    await terminal.type('ect 2');
    await terminal.untilColored(painted('7', 'select 2'));
    await terminal.until(/^kodiak> select 2\n {3}\.\.\.> {3}as older;\nhistory search: select 2 +1 of 1/);
    await terminal.press('Enter');
    await terminal.until(/│ +2 │/);
    await cleared();
    await terminal.type('.ta');
    await terminal.press('Up');
    await terminal.until('kodiak> .tables nothing');
  });

  test('hints at what was typed before', async () => {
    await cleared();
    await terminal.type('select 1');
    await terminal.untilColored(painted('2', ' as oldest;'));
    await terminal.press('C-e', 'Enter');
    await terminal.until('oldest');
    await terminal.until(/│ +1 │/);
  });

  test('opens what was typed in an editor, and brings it back', async () => {
    await cleared();
    await terminal.type('select 5');
    await terminal.press('Enter');
    await terminal.type('.edit');
    await terminal.press('Enter');
    await terminal.until(/kodiak> select 7 \* 6\n {3}\.\.\.> {3}as edited;$/);
    expect(readFileSync(join(folder, 'seen.sql'), 'utf8')).toBe('select 5\n');
    await terminal.press('Enter');
    await terminal.until(/│ +42 │/);
    await terminal.untilPrompt();
    await terminal.type('\\e');
    await terminal.press('Enter');
    await terminal.until(/as edited;$/);
    expect(readFileSync(join(folder, 'seen.sql'), 'utf8')).toBe('select 7 * 6\n  as edited;\n');
  });

  test('keeps a paste of many statements editable, and runs them in order', async () => {
    await cleared();
    await terminal.paste("select 'one' as a;\n.mode csv\nselect 'two' as b;\n.mode box\nselect 'tree' as c;");
    await terminal.until(/c;$/);
    await terminal.press('C-Left', 'Left', 'Left', 'Left', 'Left', 'Left', 'Left', 'Left', 'Left');
    await terminal.type('h');
    await terminal.until("'three'");
    await terminal.press('Enter');
    const screen = await terminal.until(/three +│[\s\S]*kodiak>$/);
    expect(screen.indexOf('│ one')).toBeLessThan(screen.indexOf('\ntwo'));
    expect(screen.indexOf('\ntwo')).toBeLessThan(screen.indexOf('│ three'));
  });

  test('shows wide and hostile characters where they are', async () => {
    await cleared();
    await terminal.paste("select '日本語 😀 \u001b[31mé\u202e' as x");
    await terminal.until("kodiak> select '日本語 😀 ␛[31mé\\u202e' as x");
    await terminal.press('C-a', 'C-Right', 'Right', 'Right', 'Right', 'Right');
    await terminal.type('!');
    await terminal.until("select '日本!語 😀");
    expect(await terminal.cursor()).toEqual({ column: 8 + 7 + 1 + 4 + 1, row: 0 });
    await terminal.press('C-e');
    await terminal.type(';');
    await terminal.press('Enter');
    await terminal.until(/│ 日本!語 😀 ␛\[31mé\\u202e │/);
  });
});
