/**
 * The server's environment: what this process has, without what VS Code set for itself. Each of the engine's waits occupies one of
 * libuv's threads; with the default of four, a few long queries would keep every short one waiting.
 */
export function serverEnvironment(inherited: NodeJS.ProcessEnv, underElectron: boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !/^(?:VSCODE_|ELECTRON_|NODE_OPTIONS$)/i.test(name));
  return { ...Object.fromEntries(kept), UV_THREADPOOL_SIZE: '16', ...(underElectron && { ELECTRON_RUN_AS_NODE: '1' }) };
}
