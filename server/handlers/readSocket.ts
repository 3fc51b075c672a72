import type { Handler } from './handler.ts';

/** Where a terminal can attach. Opens a database file first: only the server that has it open is worth attaching to. */
export const readSocket: Handler<null, { socketFile: string; tokenFile: string }> = async (server) => {
  if (server.database !== ':memory:') await server.open();
  const { socketFile, tokenFile } = await server.listen();
  return { socketFile, tokenFile };
};
