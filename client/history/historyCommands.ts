import { commands, env, NotebookCellData, NotebookCellKind, type QuickPickItem, Uri, window, workspace } from 'vscode';
import { clearHistory } from '../../server/protocol/history.ts';
import { notRunnable } from '../monitor/historyText.ts';
import { openUntitledNotebook } from '../notebook/untitledNotebook.ts';
import { shortSql } from '../results/runTarget.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { ASKER_GROUPS, EVERYTHING } from './historyList.ts';
import { historyCells, historyScript, mayChange } from './historySql.ts';
import { HISTORY_VIEW, type HistoryView } from './historyView.ts';

type Handler = (given?: unknown, all?: unknown) => Promise<void>;

/** While somebody types, the view follows after this pause. */
const TYPING_MS = 150;

/** The commands of the query history, by their names in package.json. */
export function historyCommands(history: HistoryView, server: ServerProcess): Readonly<Record<string, Handler>> {
  const handlers: Readonly<Record<string, Handler>> = {
    'kodiak.showHistory': async () => void (await commands.executeCommand(`${HISTORY_VIEW}.focus`)),
    'kodiak.refreshHistory': () => history.refresh(),
    'kodiak.showOlderHistory': () => history.showOlder(),
    'kodiak.searchHistory': () => search(history),
    'kodiak.filterHistory': () => filter(history),
    'kodiak.clearHistoryFilter': () => history.choose(EVERYTHING),
    'kodiak.runHistory': (given, all) => runAgain(history, given, all),
    'kodiak.copyHistory': async (given, all) => {
      const entries = history.entries(given, all);
      const [only] = entries;
      if (only) await env.clipboard.writeText(entries.length === 1 ? only.sql : historyScript(entries));
    },
    'kodiak.openHistoryAsSql': async (given, all) => {
      const entries = history.entries(given, all);
      if (entries.length === 0) return;
      const document = await workspace.openTextDocument({ language: 'sql', content: historyScript(entries) });
      await window.showTextDocument(document);
    },
    'kodiak.openHistoryAsNotebook': async (given, all) => {
      const cells = historyCells(history.entries(given, all), new Date());
      if (cells.length > 0) await openUntitledNotebook(cells.map(notebookCell));
    },
    'kodiak.clearHistory': () => clear(history, server),
    'kodiak.openHistoryFolder': () => openFolder(history),
  };
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, guarded(handler)]));
}

function guarded(handler: Handler): Handler {
  return async (given, all) => {
    try {
      await handler(given, all);
    } catch (error) {
      await showFailure(error);
    }
  };
}

/** The view follows while words are typed; Escape brings back what was shown before. */
async function search(history: HistoryView): Promise<void> {
  const before = history.choice;
  const input = window.createInputBox();
  input.title = 'Search the Query History';
  input.placeholder = 'Words of the statement, the error, the file or the database';
  input.value = before.search;
  let timer: NodeJS.Timeout | undefined;
  const show = (words: string) => void history.choose({ ...history.choice, search: words });
  input.onDidChangeValue((words) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(words), TYPING_MS);
  });
  const accepted = await new Promise<string | undefined>((resolve) => {
    input.onDidAccept(() => resolve(input.value));
    input.onDidHide(() => resolve(undefined));
    input.show();
  });
  clearTimeout(timer);
  input.dispose();
  await history.choose({ ...history.choice, search: accepted ?? before.search });
}

async function filter(history: HistoryView): Promise<void> {
  const { choice } = history;
  const failed: QuickPickItem = { label: 'Only failed and cancelled', picked: choice.onlyFailed };
  const groups = Object.keys(ASKER_GROUPS).map((label): QuickPickItem => ({ label, picked: choice.who.includes(label) }));
  const picked = await window.showQuickPick([failed, ...groups], {
    canPickMany: true,
    title: 'Filter the Query History',
    placeHolder: 'Who asked; none for all',
  });
  if (picked === undefined) return;
  const who = groups.filter((item) => picked.includes(item)).map(({ label }) => label);
  await history.choose({ ...choice, onlyFailed: picked.includes(failed), who: who.length === groups.length ? [] : who });
}

async function runAgain(history: HistoryView, given: unknown, all: unknown): Promise<void> {
  const [entry, ...more] = history.entries(given, all);
  if (!entry) return;
  if (more.length > 0) {
    void window.showInformationMessage('Kodiak: several statements are run again from a notebook or a SQL file: "Open as Notebook".');
    return;
  }
  const obstacle = notRunnable(entry);
  if (obstacle !== undefined) {
    void window.showWarningMessage(`Kodiak: ${obstacle} "Open as SQL Document" lets you complete it.`);
    return;
  }
  const question = `Run this statement again? It may change data: ${shortSql(entry.sql)}`;
  if (mayChange(entry) && (await window.showWarningMessage(question, { modal: true }, 'Run Again')) === undefined) return;
  await history.run(entry);
}

async function clear(history: HistoryView, server: ServerProcess): Promise<void> {
  const detail = 'The files of the query history are deleted. This cannot be undone.';
  const answer = await window.showWarningMessage('Clear the query history?', { modal: true, detail }, 'Clear');
  if (answer === undefined) return;
  await server.request(clearHistory, null);
  await history.refresh();
}

/** A window whose files are on another machine has no file manager for them: it shows the newest file. */
async function openFolder(history: HistoryView): Promise<void> {
  if (history.folder === undefined) await history.refresh();
  const { folder } = history;
  const isThere =
    folder !== undefined &&
    (await Promise.resolve(workspace.fs.stat(Uri.file(folder))).then(
      () => true,
      () => false,
    ));
  if (folder === undefined || !isThere) {
    void window.showInformationMessage('Kodiak: the query history has no files yet.');
    return;
  }
  const newest = Uri.joinPath(Uri.file(folder), 'statements.jsonl');
  if (env.remoteName === undefined) await commands.executeCommand('revealFileInOS', newest);
  else await window.showTextDocument(newest, { preview: true });
}

function notebookCell({ kind, text }: { readonly kind: 'markup' | 'code'; readonly text: string }): NotebookCellData {
  return kind === 'markup'
    ? new NotebookCellData(NotebookCellKind.Markup, text, 'markdown')
    : new NotebookCellData(NotebookCellKind.Code, text, 'sql');
}
