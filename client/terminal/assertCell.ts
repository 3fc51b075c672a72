import { assertionMessage, judgeAssertion } from '../notebook/assertion.ts';
import { visible } from '../text/displayText.ts';
import { formatFailure, type SqlSource } from './failureText.ts';
import { printBox } from './resultPrinter.ts';
import { type Outcome, type Range, type Shell, statementsIn } from './shell.ts';

/**
 * Runs the statements of an assert cell. What passes is one line in a box format and nothing in the others; why one fails, and the rows
 * that were not to be there, are written to the errors.
 */
export async function runAssertCell(shell: Shell, source: SqlSource, cell: Range, title: string, signal: AbortSignal): Promise<Outcome> {
  const { errors, output } = shell;
  const statements = statementsIn(source, cell);
  const { start } = statements.at(-1) ?? cell;
  let verdict = judgeAssertion([]);
  const complain = () => {
    const message = `assertion failed: ${assertionMessage(verdict, title)}`;
    return errors.writeLines(formatFailure({ code: 'sql', message }, source, start, errors.style));
  };
  const ended = await shell.runStatements(source, statements, signal, async (outcome, fetchRows) => {
    verdict = judgeAssertion([outcome]);
    if (verdict.state !== 'failed') return;
    await complain();
    await printBox(outcome, fetchRows, errors, { settings: shell.settings });
  });
  if (ended !== 'done') return ended;
  if (verdict.state === 'unfit') await complain();
  if (verdict.state !== 'passed') return 'failed';
  if (shell.format === 'box')
    await output.writeLines([`${output.style.green('✓')} ${visible(title || 'Assertion')} ${output.style.dim(verdict.text)}`]);
  return 'done';
}
