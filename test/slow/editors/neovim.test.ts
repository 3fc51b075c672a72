import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { hasNeovim, startNeovim } from '../../support/neovim.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** The README's configuration as a person would copy it, with the place of the server's program filled in. */
function configuration(): string {
  const [, text] = /### Neovim\n.*?```lua\n(.*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];
  const placeholder = '/path/to/kodiak/dist/server/main.js';
  if (!text?.includes(placeholder)) throw new Error(`The README has no configuration for Neovim with ${placeholder}.`);
  return text.replace(placeholder, inject('serverProgram'));
}

/** Lines of the windows that float over the text. */
const FLOATING = `(function()
  local lines = {}
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      vim.list_extend(lines, vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false))
    end
  end
  return table.concat(lines, '\\n')
end)()`;

const DIAGNOSTICS = `vim.tbl_map(function(each)
  return { line = each.lnum, from = each.col, to = each.end_col, message = each.message }
end, vim.diagnostic.get(0))`;

// Where Debian's packages are, Neovim is expected; other systems may go without.
const isExpected = process.platform === 'linux';

it.skipIf(!isExpected && !hasNeovim())('Neovim completes, explains, marks and runs SQL with the configuration of the README', async () => {
  expect(hasNeovim(), 'Neovim is installed (apt-get install neovim)').toBe(true);
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'setup.sql'),
    "create table customers(id integer, name varchar, email varchar);\ninsert into customers values (1, 'Ada', 'ada@example.org');\n",
  );
  writeFileSync(join(folder, 'query.sql'), 'select nme from customers;\n\nselect name, id + 41 as answer from customers;\n');
  const neovim = await startNeovim(folder, (configFolder) => writeFileSync(join(configFolder, 'plugin', 'kodiak.lua'), configuration()));

  await neovim.type(':edit setup.sql<CR>');
  await neovim.until<number>('#(vim.lsp.get_clients or vim.lsp.get_active_clients)()', (count) => count === 1);
  await neovim.type(':KodiakRun<CR>');
  expect(await neovim.until<string>(FLOATING, (text) => text !== '')).toBe('0 rows, run');
  expect(existsSync(join(folder, 'sales.duckdb'))).toBe(true);

  await neovim.type(':edit query.sql<CR>');
  const [mistake] = await neovim.until<{ message: string }[]>(DIAGNOSTICS, (list) => list.length > 0);
  expect(mistake).toEqual({ line: 0, from: 7, to: 10, message: expect.stringContaining('"nme" not found') });

  await neovim.type('2GOselect c.na from customers c;<Esc>0fai<Right><C-x><C-o>');
  const words = await neovim.until<string[]>(
    "vim.tbl_map(function(item) return item.word end, vim.fn.complete_info({ 'items' }).items)",
    (list) => list.length > 0,
  );
  expect(words[0]).toBe('name');
  await neovim.until<string>('vim.api.nvim_get_current_line()', (line) => line === 'select c.name from customers c;');
  await neovim.type('<Esc>u');

  await neovim.type('/name,<CR>K');
  expect(await neovim.until<string>(FLOATING, (text) => text.includes('name'))).toMatch(/VARCHAR/);
  await neovim.type('gg');
  await neovim.until<string>(FLOATING, (text) => text === '');

  await neovim.type(':$KodiakRun<CR>');
  const shown = await neovim.until<string>(FLOATING, (text) => text !== '');
  expect(shown.split('\n')).toEqual([expect.stringMatching(/^1 rows, (?:run|proved)$/), '"Ada"  42']);
  await neovim.type('G');
  await neovim.until<string>(FLOATING, (text) => text === '');
  await neovim.type(':1KodiakRun<CR>');
  expect(await neovim.until<string>(FLOATING, (text) => text !== '')).toContain('Referenced column "nme" not found');
});
