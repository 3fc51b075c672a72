import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { launchBrowser } from './browser.mjs';
import { saveScreenshot } from './screenshots.mjs';

const troublesFolder = 'out/results';
const troubleChars = 300;

const startLimitMs = 60_000;
const stepLimitMs = 20_000;
/** How long a dialog or menu has to take a key or a click, before another one is tried. */
const dialogAnswerMs = 500;
/** Cells move while outputs above them grow. */
const revealLimitMs = 60_000;

/** The kinds of themes, as pages of webviews and as the window's own class call them. */
const themes = [
  { theme: 'Default Light Modern', kind: 'light', windowClass: 'vs' },
  { theme: 'Default High Contrast', kind: 'high-contrast', windowClass: 'hc-black' },
  { theme: 'Default Dark Modern', kind: 'dark', windowClass: 'vs-dark' },
];
/** What scripts of a page draw, a chart for one, follows its theme a moment later. */
const drawnAgainMs = 300;

/** How long a button of a cell that moves is tried before the pointer goes to where the cell is then. */
const buttonAnswerMs = 2_000;

/** VS Code scrolls a notebook by this for one event of the wheel, however far that turned. */
const pixelsPerWheelEvent = 50;

/** The notebook on the screen; those in other tabs stay in the page, far to the left, with parts that count as visible. */
const notebook = '.notebookOverlay:not([style*="visibility: hidden"])';
const cellList = `${notebook} .cell-list-container .monaco-list`;

/**
 * Opens VS Code in a headless Chromium and works it as a person does: with keys, clicks and what the screen says.
 * @param {import('./vscodeServer.mjs').VscodeServer} server one without the smoke test driver, or toasts are never shown
 * @param {{ folder?: string, viewport?: { width: number, height: number } }} [options]
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench(server, { folder, viewport = { width: 1400, height: 1000 } } = {}) {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(stepLimitMs);
    const query = folder === undefined ? '' : `?folder=${encodeURIComponent(resolve(folder))}`;
    await page.goto(`${server.url}/${query}`);
    await page.waitForFunction(() => performance.getEntriesByName('code/LifecyclePhase/Restored').length > 0, undefined, {
      timeout: startLimitMs,
    });
    return new Workbench(browser, page, folder);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** What is looked for in a page that goes away meanwhile, as that of a notebook that was closed does, is not there. */
async function isSo(check) {
  try {
    return await check();
  } catch (error) {
    if (String(error).includes('Execution context was destroyed')) return false;
    throw error;
  }
}

/** VS Code's window, as a person sees and works it. Locators wait by themselves; the rest waits as each method says. */
export class Workbench {
  #browser;
  /** The folder of the workspace. */
  #folder;
  /** What stood beside each cell when it was last started, to tell a new result from an old one. */
  #countBeforeRun = new Map();
  /** What the browser refused because of a content security policy, in its words. */
  policyOffences = [];
  /** What went wrong in the window and its pages, in the browser's words; told when the window is closed. */
  #troubles = [];

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {import('playwright-core').Page} page
   * @param {string} [folder]
   */
  constructor(browser, page, folder) {
    this.#browser = browser;
    this.#folder = folder;
    this.page = page;
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy directive')) this.policyOffences.push(message.text());
      if (message.type() === 'error') this.#troubles.push(message.text());
    });
    page.on('pageerror', (error) => this.#troubles.push(error.message));
    page.on('crash', () => this.#troubles.push('The page crashed.'));
    page.on('requestfailed', (request) => this.#troubles.push(`${request.url()}: ${request.failure()?.errorText}`));
  }

  /**
   * Runs a command by its title in the palette, such as 'View: Toggle Panel Visibility'. Returns when the palette is gone or,
   * for a command that asks something, shows the question.
   * @param {string} title
   */
  async runCommand(title) {
    await this.page.keyboard.press('F1');
    const input = this.#quickInput();
    await input.fill(`>${title}`);
    await this.#quickRow(title).click();
    await this.until(
      `the command '${title}' was taken`,
      async () => !(await input.isVisible()) || (await input.inputValue()) !== `>${title}`,
    );
  }

  /**
   * Opens a file of the workspace by its name or the end of its path and waits for its tab.
   * @param {string} name
   */
  async openFile(name) {
    const base = name.split('/').at(-1) ?? name;
    await this.page.keyboard.press('ControlOrMeta+p');
    await this.#quickInput().fill(name);
    await this.#quickRow(base).click();
    await this.page.locator(`.tab.active[data-resource-name="${base}"]`).waitFor();
  }

  /**
   * A cell of the visible notebook, by its place. VS Code draws only the cells near the screen: see `revealCell`.
   * @param {number} index from 0
   */
  cell(index) {
    return this.page.locator(`${cellList} .monaco-list-row[data-index="${index}"]`);
  }

  /**
   * Turns the mouse wheel until the top of the cell is on the screen.
   * @param {number} index
   */
  async revealCell(index) {
    const list = this.page.locator(cellList).first();
    await list.waitFor();
    await this.until(
      `cell ${index} is in view`,
      async () => {
        const { top, bottom, left, rows } = await list.evaluate((element) => ({
          top: element.getBoundingClientRect().top,
          bottom: element.getBoundingClientRect().bottom,
          left: element.getBoundingClientRect().left,
          rows: [...element.querySelectorAll('.monaco-list-row')].map((row) => ({
            index: Number(row.getAttribute('data-index')),
            top: row.getBoundingClientRect().top,
          })),
        }));
        const distance = wheelDistance(index, rows, top, bottom);
        if (distance !== undefined && distance !== 0) {
          await this.page.mouse.move(left + 10, (top + bottom) / 2);
          for (let turned = 0; turned < Math.abs(distance); turned += pixelsPerWheelEvent) {
            await this.page.mouse.wheel(0, distance);
          }
        }
        return distance === 0;
      },
      revealLimitMs,
    );
  }

  /**
   * Clicks the cell's run button; `waitCellDone` then waits for the end.
   * @param {number} index
   */
  async runCell(index) {
    await this.revealCell(index);
    await this.#rememberCount(index);
    await this.#pressButton(index, 'notebook-execute');
  }

  /**
   * Clicks the cell's stop button, waiting for it to be there.
   * @param {number} index
   */
  async stopCell(index) {
    await this.revealCell(index);
    await this.#pressButton(index, 'notebook-stop');
  }

  /** The button is there while the pointer is over the cell, which may move away under a pointer that rests. */
  async #pressButton(index, icon) {
    const button = this.cell(index).locator(`.run-button-container .codicon-${icon}`);
    await this.until(
      `cell ${index} took a click on its button '${icon}'`,
      async () => {
        await this.page.mouse.move(0, 0);
        await this.cell(index).hover();
        if (!(await button.isVisible())) return false;
        return await button.click({ timeout: buttonAnswerMs }).then(
          () => true,
          () => false,
        );
      },
      revealLimitMs,
    );
  }

  /** Clicks 'Run All' in the notebook's toolbar. */
  async runAllCells() {
    const indexes = await this.page
      .locator(`${cellList} .monaco-list-row`)
      .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-index'))));
    for (const index of indexes) {
      await this.#rememberCount(index);
    }
    await this.page.locator(`${notebook} .notebook-toolbar-container a.action-label[aria-label^="Run All"]`).click();
  }

  /**
   * Waits until a started cell shows its end. The controller must give its cells an execution order.
   * @param {number} index
   * @param {number} [limitMs]
   * @returns {Promise<'success' | 'error'>}
   */
  async waitCellDone(index, limitMs = stepLimitMs) {
    await this.revealCell(index);
    const before = this.#countBeforeRun.get(index);
    const status = this.cell(index).locator('.cell-status-left');
    /** @type {'success' | 'error' | undefined} */
    let end;
    await this.until(
      `cell ${index} is done`,
      async () => {
        // Outputs above that come late push the cell away, and VS Code draws only what is near the screen.
        if ((await this.cell(index).count()) === 0) {
          await this.revealCell(index);
        }
        const count = await this.#executionCount(index);
        if (count === '[*]' || count === before) {
          return false;
        }
        for (const state of /** @type {const} */ (['success', 'error'])) {
          if ((await status.locator(`.codicon-notebook-state-${state}`).count()) > 0) {
            end = state;
          }
        }
        return end !== undefined;
      },
      limitMs,
    );
    this.#countBeforeRun.delete(index);
    return /** @type {'success' | 'error'} */ (end);
  }

  /** The document that shows the outputs of all cells of the visible notebook. */
  outputFrame() {
    return this.page.frameLocator(`${notebook} iframe.webview[src*="purpose=notebookRenderer"]`).frameLocator('#active-frame');
  }

  /**
   * The document of a webview of an extension: a panel or a view.
   * @param {string} extensionId `publisher.name`
   */
  webviewFrame(extensionId) {
    return this.page
      .frameLocator(`iframe.webview[src*="extensionId=${extensionId}" i]:not([src*="purpose=notebookRenderer"]):visible`)
      .frameLocator('#active-frame');
  }

  /**
   * An item of the status bar; its `aria-label` holds icon, text and tooltip.
   * @param {string} id `publisher.extension.itemId`
   */
  statusItem(id) {
    return this.page.locator(`.statusbar-item[id="${id}" i]`);
  }

  /**
   * All text of the visible terminal with its history; lines that were wrapped at the edge are whole again.
   * @returns {Promise<string>}
   */
  async terminalText() {
    return await this.page.locator('.terminal-wrapper.active').evaluate((element) => {
      const buffer = /** @type {any} */ (element).xterm?.buffer.active;
      let text = '';
      for (let row = 0; row < (buffer?.length ?? 0); row++) {
        const line = buffer.getLine(row);
        text += (row === 0 || line.isWrapped ? '' : '\n') + line.translateToString(!buffer.getLine(row + 1)?.isWrapped);
      }
      return text.trimEnd();
    });
  }

  /**
   * Types into the visible terminal; '\n' is Enter.
   * @param {string} text
   */
  async typeInTerminal(text) {
    await this.page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await this.page.keyboard.type(text);
  }

  /**
   * The rows of the open quick pick, waiting for the first.
   * @returns {Promise<string[]>}
   */
  async quickPickRows() {
    const rows = this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    return (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  }

  /**
   * Clicks a row of the open quick pick.
   * @param {string} label
   */
  async pickRow(label) {
    await this.#quickRow(label).click();
  }

  /**
   * The messages of the toasts that are on the screen now.
   * @returns {Promise<string[]>}
   */
  async notifications() {
    const messages = await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
    return messages.map((text) => text.trim());
  }

  /**
   * Chooses an entry of the context menu of something, by its title. A menu that was just opened may not take the first click; one
   * that stays would lie over everything after it.
   * @param {import('playwright-core').Locator} item
   * @param {string} title
   */
  async chooseFromMenu(item, title) {
    await item.click({ button: 'right' });
    const menu = this.page.locator('.monaco-menu').first();
    const entry = this.page.locator('.monaco-menu .action-label', { hasText: title }).first();
    await entry.waitFor();
    await this.until(`the menu took '${title}'`, async () => {
      if (!(await menu.isVisible())) return true;
      await entry.click({ timeout: 1000 }).catch(() => undefined);
      await this.page.waitForTimeout(dialogAnswerMs);
      return !(await menu.isVisible());
    });
  }

  /**
   * Answers the dialog for a file, which a browser shows as a quick input, once it offers a name of its own: before that it would
   * put its own in the place of ours.
   * @param {string} path absolute
   * @param {RegExp} [offered] what stands in the dialog first; default: an absolute path
   */
  async nameFile(path, offered = /^\/.*[^/]$/) {
    const input = this.#quickInput();
    await this.until('the dialog offers a name', async () => (await input.isVisible()) && offered.test(await input.inputValue()));
    await input.fill(path);
    // The dialog looks at the folder first, and takes no Enter before it has. A question about a file that is there is left to the caller.
    const asks = this.page.locator('.quick-input-widget').getByText('already exists', { exact: false });
    await this.until('the dialog is answered', async () => {
      if (!(await input.isVisible()) || (await asks.count()) > 0) return true;
      await input.press('Enter', { timeout: 1000 }).catch(() => undefined);
      await this.page.waitForTimeout(dialogAnswerMs);
      return false;
    });
  }

  /**
   * The toast with this text in its message; its buttons are `.monaco-button` in it.
   * @param {string} text
   */
  notification(text) {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  /**
   * Looks again and again until the check says yes.
   * @param {string} what for the error's text, as in 'the grid has 3 rows'
   * @param {() => Promise<boolean>} check
   * @param {number} [limitMs]
   */
  async until(what, check, limitMs = stepLimitMs) {
    const deadlineMs = Date.now() + limitMs;
    while (!(await isSo(check))) {
      if (Date.now() > deadlineMs) {
        throw new Error(`Not so within ${limitMs / 1000} s: ${what}`);
      }
      await this.page.waitForTimeout(50);
    }
  }

  /**
   * @param {string} name without the ending
   * @returns {Promise<string>} the file, in out/shots or the folder that SHOTS names
   */
  async screenshot(name) {
    return await saveScreenshot(this.page, name);
  }

  /**
   * Saves a screenshot in each kind of theme, `name-light`, `name-high-contrast` and `name-dark`, once the window has it, or the page
   * of `frame` if one is given.
   * @param {string} name
   * @param {import('playwright-core').FrameLocator} [frame]
   */
  async pictures(name, frame) {
    const settings = join(/** @type {string} */ (this.#folder), '.vscode', 'settings.json');
    mkdirSync(dirname(settings), { recursive: true });
    for (const { theme, kind, windowClass } of themes) {
      writeFileSync(settings, JSON.stringify({ 'workbench.colorTheme': theme }));
      const themed = frame?.locator(`body.vscode-${kind}`) ?? this.page.locator(`.monaco-workbench.${windowClass}`).first();
      await themed.waitFor({ state: 'attached' });
      if (frame !== undefined) await this.page.waitForTimeout(drawnAgainMs);
      await this.screenshot(`${name}-${kind}`);
    }
  }

  /**
   * Stops a cell; gives the milliseconds from the press on its button to the frame that says that it was cancelled.
   * @param {number} index
   * @param {number} [limitMs]
   */
  async stopTimeMs(index, limitMs = stepLimitMs) {
    await this.page.evaluate(() => addEventListener('mousedown', () => (globalThis.pressedAt = Date.now()), true));
    const said = this.outputFrame().locator('body').evaluate(untilCancelled);
    await this.stopCell(index);
    await this.waitCellDone(index, limitMs);
    return (await said) - (await this.page.evaluate(() => globalThis.pressedAt));
  }

  /** Loads the window again, as 'Developer: Reload Window' does. */
  async reload() {
    await this.page.reload();
    await this.page.waitForFunction(() => performance.getEntriesByName('code/LifecyclePhase/Restored').length > 0, undefined, {
      timeout: 60_000,
    });
  }

  /** Closes the window; the server goes on. What the browser complained of is kept in out/results for when a journey fails. */
  async close() {
    const journey = basename(process.argv[1] ?? 'workbench', '.test.mjs');
    mkdirSync(resolve(troublesFolder), { recursive: true });
    const lines = this.#troubles.map((text) => text.replaceAll(/\s+/g, ' ').slice(0, troubleChars));
    appendFileSync(join(troublesFolder, `${journey}.troubles.txt`), lines.map((line) => `${line}\n`).join(''));
    await this.#browser.close();
  }

  #quickInput() {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  /** @param {string} label */
  #quickRow(label) {
    return this.page
      .locator('.quick-input-widget .quick-input-list .monaco-list-row')
      .filter({
        has: this.page.locator('.quick-input-list-row .label-name').getByText(label, { exact: true }),
      })
      .first();
  }

  /** @param {number} index */
  async #rememberCount(index) {
    this.#countBeforeRun.set(index, await this.#executionCount(index));
  }

  /** @param {number} index */
  async #executionCount(index) {
    // Without waiting: the cell may be drawn no more.
    const [text = ''] = await this.cell(index).locator('.execution-count-label').allTextContents();
    return text.trim();
  }
}

/**
 * Runs in the page of the outputs: when it says that a query was cancelled.
 * @param {Element} body
 * @returns {Promise<number>}
 */
function untilCancelled(body) {
  return new Promise((resolve) => {
    const look = () => (body.textContent?.includes('The query was cancelled.') ? resolve(Date.now()) : requestAnimationFrame(look));
    look();
  });
}

/**
 * How far to turn the wheel so that the top of a cell, and with it the run button, is between top and bottom of the list.
 * @param {number} index
 * @param {{ index: number, top: number }[]} rows the cells that are drawn
 * @param {number} top
 * @param {number} bottom
 * @returns {number | undefined} undefined as long as there are no cells
 */
function wheelDistance(index, rows, top, bottom) {
  const row = rows.find((drawn) => drawn.index === index);
  if (row === undefined) {
    return rows.length === 0 ? undefined : rows.some((drawn) => drawn.index > index) ? -400 : 400;
  }
  const roomForButton = 80;
  if (row.top < top) {
    return row.top - top - 10;
  }
  return Math.max(0, row.top + roomForButton - bottom);
}
