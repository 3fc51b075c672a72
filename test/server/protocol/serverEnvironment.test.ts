import { expect, test } from 'vitest';
import { serverEnvironment } from '../../../server/protocol/serverEnvironment.ts';

const inherited = {
  PATH: '/bin',
  VSCODE_PID: '1',
  ELECTRON_NO_ASAR: '1',
  NODE_OPTIONS: '--inspect',
  NODE_PATH: '/lib',
  UV_THREADPOOL_SIZE: '4',
};

test("the editor's own variables are left out", () => {
  expect(serverEnvironment(inherited, false)).toEqual({ PATH: '/bin', NODE_PATH: '/lib', UV_THREADPOOL_SIZE: '16' });
});

test('Electron is told to be Node', () => {
  expect(serverEnvironment(inherited, true)).toMatchObject({ ELECTRON_RUN_AS_NODE: '1', UV_THREADPOOL_SIZE: '16' });
});
