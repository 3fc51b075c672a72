import type { Handler } from './handler.ts';

/** Removes all outputs of cells from the disk. */
export const forgetResults: Handler<null, { readonly cells: number }> = async (server) => ({ cells: await server.archive.forget() });
