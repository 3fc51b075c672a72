import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const defaultDir = fileURLToPath(new URL('../../out/shots', import.meta.url));

/**
 * Saves a picture of the page in out/shots, or in the folder that SHOTS names.
 * @param {import('playwright-core').Page} page
 * @param {string} name without the ending
 * @returns {Promise<string>} the file
 */
export async function saveScreenshot(page, name) {
  const dir = process.env.SHOTS === undefined ? defaultDir : resolve(process.env.SHOTS);
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name}.png`);
  await page.screenshot({ path: file });
  return file;
}
