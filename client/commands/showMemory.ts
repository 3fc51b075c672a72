import type { ServerProcess } from '../serverProcess.ts';
import { showSubsystem } from '../status/subsystemPick.ts';

export function showMemory(server: ServerProcess): () => Promise<void> {
  return () => showSubsystem(server, 'memory');
}
