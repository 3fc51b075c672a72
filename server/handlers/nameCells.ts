import type { NameCellsParams } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Lets SQL help know under which names the cells of a notebook are read. */
export const nameCells: Handler<NameCellsParams, null> = async (server, _client, { notebook, cells }) => {
  server.nameCells(notebook, new Map(cells.map(({ cell, name }) => [cell, name])));
  return null;
};
