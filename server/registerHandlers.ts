import type { Client, RpcConnection } from './client.ts';
import { guarded } from './guarded.ts';
import { answerHeld } from './handlers/answerHeld.ts';
import { cancelQuery } from './handlers/cancelQuery.ts';
import { chartResult } from './handlers/chartResult.ts';
import { checkResults } from './handlers/checkResults.ts';
import { clearCache } from './handlers/clearCache.ts';
import { closeSession } from './handlers/closeSession.ts';
import { compareResults } from './handlers/compareResults.ts';
import { dropResults } from './handlers/dropResults.ts';
import { explainStatement } from './handlers/explainStatement.ts';
import { exportResult } from './handlers/exportResult.ts';
import { fetchPage } from './handlers/fetchPage.ts';
import { findRow } from './handlers/findRow.ts';
import { forgetNamedResult } from './handlers/forgetNamedResult.ts';
import { forgetResults } from './handlers/forgetResults.ts';
import { freeMemory } from './handlers/freeMemory.ts';
import type { Handler } from './handlers/handler.ts';
import { keepResults } from './handlers/keepResults.ts';
import { leaveDatabase } from './handlers/leaveDatabase.ts';
import { lookAtDatabase } from './handlers/lookAtDatabase.ts';
import { nameCells } from './handlers/nameCells.ts';
import { openDatabase } from './handlers/openDatabase.ts';
import { openView } from './handlers/openView.ts';
import { pinResult } from './handlers/pinResult.ts';
import { profileColumn } from './handlers/profileColumn.ts';
import { readCacheEntries } from './handlers/readCacheEntries.ts';
import { readCatalog } from './handlers/readCatalog.ts';
import { readColumns } from './handlers/readColumns.ts';
import { readDatabaseFile } from './handlers/readDatabaseFile.ts';
import { readDatabases } from './handlers/readDatabases.ts';
import { readDefinition } from './handlers/readDefinition.ts';
import { readFileColumns } from './handlers/readFileColumns.ts';
import { readHealth } from './handlers/readHealth.ts';
import { readSchema } from './handlers/readSchema.ts';
import { readSocket } from './handlers/readSocket.ts';
import { readStats } from './handlers/readStats.ts';
import { readValue } from './handlers/readValue.ts';
import { releaseResult } from './handlers/releaseResult.ts';
import { runQuery } from './handlers/runQuery.ts';
import { runSql } from './handlers/runSql.ts';
import { setCacheEnabled } from './handlers/setCacheEnabled.ts';
import { sumRows } from './handlers/sumRows.ts';
import { watchFreshness } from './handlers/watchFreshness.ts';
import * as requests from './protocol/requests.ts';
import type { ServerSession } from './session.ts';

/** Makes every request of the contract answerable on a connection: the language server's and each terminal's. */
export function registerHandlers(connection: RpcConnection, server: ServerSession, client: Client): void {
  function register<Params, Result>(descriptor: requests.RequestDescriptor<Params, Result>, handler: Handler<Params, Result>): void {
    const { method } = descriptor;
    const log = (line: string) => server.log(line);
    connection.onRequest(
      method,
      guarded<Params, Result>(method, log, (params, signal) => handler(server, client, params, signal)),
    );
  }
  register(requests.runQuery, runQuery);
  register(requests.explainStatement, explainStatement);
  register(requests.answerHeld, answerHeld);
  register(requests.cancelQuery, cancelQuery);
  register(requests.fetchPage, fetchPage);
  register(requests.releaseResult, releaseResult);
  register(requests.nameCells, nameCells);
  register(requests.openView, openView);
  register(requests.profileColumn, profileColumn);
  register(requests.sumRows, sumRows);
  register(requests.findRow, findRow);
  register(requests.readValue, readValue);
  register(requests.chartResult, chartResult);
  register(requests.compareResults, compareResults);
  register(requests.exportResult, exportResult);
  register(requests.pinResult, pinResult);
  register(requests.watchFreshness, watchFreshness);
  register(requests.keepResults, keepResults);
  register(requests.checkResults, checkResults);
  register(requests.dropResults, dropResults);
  register(requests.forgetResults, forgetResults);
  register(requests.closeSession, closeSession);
  register(requests.readStats, readStats);
  register(requests.readCatalog, readCatalog);
  register(requests.readDatabases, readDatabases);
  register(requests.readSchema, readSchema);
  register(requests.readColumns, readColumns);
  register(requests.readDefinition, readDefinition);
  register(requests.readFileColumns, readFileColumns);
  register(requests.readDatabaseFile, readDatabaseFile);
  register(requests.lookAtDatabase, lookAtDatabase);
  register(requests.leaveDatabase, leaveDatabase);
  register(requests.readHealth, readHealth);
  register(requests.readCacheEntries, readCacheEntries);
  register(requests.clearCache, clearCache);
  register(requests.setCacheEnabled, setCacheEnabled);
  register(requests.forgetNamedResult, forgetNamedResult);
  register(requests.freeMemory, freeMemory);
  register(requests.openDatabase, openDatabase);
  register(requests.readSocket, readSocket);
  register({ method: 'workspace/executeCommand' }, runSql);
}
