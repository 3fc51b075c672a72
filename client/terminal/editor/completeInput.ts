import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { completeSql } from '../../../server/protocol/completion.ts';
import { COMMAND_GROUPS } from '../dotCommands.ts';
import type { Shell } from '../shell.ts';
import { type CommandWord, completeCommand, fileChoices } from './completeCommand.ts';
import type { CompletionAnswer } from './completionMenu.ts';

const MAX_ENTRIES = 2_000;

/** What may be written at the cursor of the prompt: SQL as the language server knows it, dot commands and their words. */
export async function completeInput(shell: Shell, text: string, cursor: number): Promise<CompletionAnswer | undefined> {
  const command = completeCommand(COMMAND_GROUPS, text, cursor);
  if (!command) return await askServer(shell, text, cursor);
  if ('answer' in command) return command.answer;
  const { word } = command;
  switch (word.kind) {
    case 'file':
      return fileChoices(word, await entriesOf(resolve(shell.cwd, word.typed.slice(0, word.typed.lastIndexOf('/') + 1) || '.')));
    case 'table':
      return moved(await askServer(shell, `from ${word.typed}`, 5 + word.typed.length), word, 5);
    case 'sql':
      return moved(await askServer(shell, word.typed, word.typed.length), word, 0);
    case 'none':
      return undefined;
  }
}

async function askServer(shell: Shell, text: string, offset: number): Promise<CompletionAnswer> {
  const { sessionId, cwd } = shell;
  const { items, start, end } = await shell.link.request(completeSql, { text, offset, sessionId, cwd });
  return { choices: items, start, end };
}

/** An answer about a word, as one about the text that it stands in. */
function moved(answer: CompletionAnswer, word: CommandWord, before: number): CompletionAnswer {
  const choices = word.kind === 'table' ? answer.choices.filter(({ kind }) => kind === 'table' || kind === 'view') : answer.choices;
  const shift = word.start + word.quote.length - before;
  return {
    choices: choices.map(({ also: _, ...choice }) => choice),
    start: answer.start + shift,
    end: answer.end + shift,
  };
}

async function entriesOf(folder: string): Promise<{ name: string; folder: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.slice(0, MAX_ENTRIES).map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
}
