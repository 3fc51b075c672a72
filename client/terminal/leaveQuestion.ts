import type { KeyEvent } from './editor/keys.ts';
import type { Shell } from './shell.ts';

const QUESTION = 'A transaction is open; leave and roll it back? y/N ';

/** Asks before a prompt with an open transaction is left. While it asks, the keys are its own: one of them is the answer. */
export class LeaveQuestion {
  readonly #shell: Shell;
  #answer: ((leave: boolean) => void) | undefined;
  #isGone = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** False while nothing is asked: the keys are for others. */
  feed(events: readonly KeyEvent[]): boolean {
    if (!this.#answer) return false;
    const [first] = events;
    if (first) this.#answer(first.kind === 'text' && /^y/i.test(first.text));
    return true;
  }

  /** The terminal is gone, and nobody is there to answer. */
  hangUp(): void {
    this.#isGone = true;
    this.#answer?.(true);
  }

  async mayLeave(): Promise<boolean> {
    const { output } = this.#shell;
    if (!this.#shell.inTransaction || this.#isGone || output.gone.aborted) return true;
    await output.write(QUESTION);
    const leave = await new Promise<boolean>((resolve) => {
      this.#answer = resolve;
    });
    this.#answer = undefined;
    await output.write(leave ? 'y\n' : 'N\n');
    return leave;
  }
}
