import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import type { ChartFileFormat } from '../../server/protocol/chart.ts';
import { showFailure } from '../showFailure.ts';

/** A drawn chart that is to become a file. */
export interface ChartFile {
  readonly format: ChartFileFormat;
  readonly bytes: Uint8Array;
  /** What the file may be called, without its ending. */
  readonly name: string;
  /** Where the dialog starts. */
  readonly folder: string | undefined;
}

const FORMATS: Readonly<Record<ChartFileFormat, { readonly label: string; readonly ending: string }>> = {
  png: { label: 'PNG', ending: 'png' },
  svg: { label: 'SVG', ending: 'svg' },
  vegalite: { label: 'Vega-Lite', ending: 'json' },
};

/** Asks for the file and writes it; the dialog asks before it takes the place of another. */
export async function saveChart({ format, bytes, name, folder }: ChartFile): Promise<void> {
  const { label, ending } = FORMATS[format];
  const chosen = await window.showSaveDialog({
    title: 'Export Chart',
    saveLabel: 'Export',
    defaultUri: Uri.file(join(folder ?? homedir(), `${name}${format === 'vegalite' ? '.vl' : ''}.${ending}`)),
    filters: { [label]: [ending] },
  });
  if (chosen === undefined) return;
  try {
    await workspace.fs.writeFile(chosen, bytes);
  } catch (error) {
    await showFailure({
      code: 'unavailable',
      message: `The chart could not be written: ${error instanceof Error ? error.message : String(error)}`,
    });
    return;
  }
  const open = 'Open';
  const choice = await window.showInformationMessage(`Kodiak: the chart is in ${basename(chosen.path)}.`, open);
  if (choice === open) await commands.executeCommand('vscode.open', chosen);
}
