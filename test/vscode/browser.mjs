import { chromium } from 'playwright-core';
import { chromiumPath } from './chromiumPath.mjs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * Starts a headless Chromium. It ends with this process; signals are left to the VS Code server's handlers, which exit.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser() {
  return await chromium.launch({
    executablePath: chromiumPath(),
    args: flags,
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}
