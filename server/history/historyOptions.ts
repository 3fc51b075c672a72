import { join } from 'node:path';
import type { KodiakSettings } from '../protocol/settings.ts';
import { stateFolder } from './stateFolder.ts';
import type { HistoryOptions } from './statementHistory.ts';

const MEBIBYTE = 1024 * 1024;

/** What a client's settings say about the history; without a folder of the client's it lies with the user's state. */
export function historyOptions(settings: KodiakSettings, folder: string | undefined): HistoryOptions {
  return {
    folder: folder ?? join(stateFolder(process.env), 'history'),
    enabled: settings.historyEnabled,
    maxBytes: settings.historyMaxMegabytes * MEBIBYTE,
    storesValues: settings.historyParameterValues,
  };
}
