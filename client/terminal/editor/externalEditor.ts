import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The editor that a person wants: `VISUAL`, else `EDITOR`, else what the system has. */
function editorCommand(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return environment['VISUAL'] || environment['EDITOR'] || (platform === 'win32' ? 'notepad' : 'vi');
}

/** Opens a text in the person's editor, and gives what was saved. Rejects when the editor cannot be started or fails. */
export async function editText(text: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-edit-'));
  const file = join(folder, 'statement.sql');
  try {
    writeFileSync(file, text === '' || text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
    const command = editorCommand(environment);
    const code = await run(command, file, environment);
    if (code !== 0) {
      throw new Error(`The editor "${command}" ended with ${code}; the statement is as it was. VISUAL or EDITOR names another one.`);
    }
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trimEnd();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The command may have arguments, as in `code --wait`: the shell splits it. */
function run(command: string, file: string, environment: NodeJS.ProcessEnv): Promise<number | string> {
  const child =
    process.platform === 'win32'
      ? spawn(`${command} "${file}"`, { stdio: 'inherit', env: environment, shell: true })
      : spawn('sh', ['-c', `${command} "$1"`, 'kodiak', file], { stdio: 'inherit', env: environment });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1));
  });
}
