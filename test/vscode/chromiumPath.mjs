import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const otherPlaces = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((root) => [`${root}\\Google\\Chrome\\Application\\chrome.exe`, `${root}\\Microsoft\\Edge\\Application\\msedge.exe`]),
};

/**
 * The Chromium of this machine: CHROMIUM_PATH, else one on the PATH, else one in its usual place.
 * @returns {string} an absolute path
 */
export function chromiumPath() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted !== undefined) {
    if (!isExecutable(wanted)) {
      throw new Error(`CHROMIUM_PATH is ${wanted}, which is not a program`);
    }
    return wanted;
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin'];
  const found = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name + suffix))),
    ...(otherPlaces[process.platform] ?? []),
  ].find(isExecutable);
  if (found === undefined) {
    throw new Error(
      'No Chromium was found. Install one (Debian, Ubuntu: apt-get install chromium) ' +
        'or put the path of a Chromium, Chrome or Edge into CHROMIUM_PATH.',
    );
  }
  return found;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
