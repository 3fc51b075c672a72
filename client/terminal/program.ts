import { dirname, resolve } from 'node:path';
import { type ProgramArguments, parseArguments } from './arguments.ts';
import { cancelOnInterrupt } from './cancelOnInterrupt.ts';
import { History, historyFile } from './history.ts';
import { Output } from './output.ts';
import { ownVersion } from './ownVersion.ts';
import { Pager } from './pager.ts';
import { runPipedInput } from './pipedInput.ts';
import { Interrupted, runRepl } from './repl.ts';
import { fileTarget, type ServerTarget } from './serverLink.ts';
import { type Outcome, Shell } from './shell.ts';
import { readSqlFile, runSqlFile } from './sqlFile.ts';
import { EXIT } from './subcommands/exitCode.ts';
import { programUsage } from './subcommands/help.ts';
import { runSubcommand } from './subcommands/runSubcommand.ts';
import { SUBCOMMANDS } from './subcommands/subcommands.ts';

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;
const CANCELLED = 130;

/** The `kodiak` program; gives its exit code once all output has left. */
export async function runProgram(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const output = new Output(process.stdout, environment);
  const errors = new Output(process.stderr, environment);
  const [first, ...rest] = args;
  const subcommand = SUBCOMMANDS.find(({ name }) => name === first);
  try {
    const code = subcommand
      ? await runSubcommand(subcommand, rest, { output, errors, environment })
      : await runMain(args, output, errors, environment);
    await output.flush();
    if (output.failure === undefined) return code;
    await errors.writeLines([`kodiak: not all of the output could be written: ${output.failure.message}`]);
    return code === DONE ? (subcommand ? EXIT.environment : FAILED) : code;
  } finally {
    await output.flush();
    await errors.flush();
  }
}

async function runMain(args: readonly string[], output: Output, errors: Output, environment: NodeJS.ProcessEnv): Promise<number> {
  const parsed = parseArguments(args);
  switch (parsed.kind) {
    case 'help':
      await output.write(programUsage(SUBCOMMANDS));
      return DONE;
    case 'version':
      await output.writeLines([`kodiak ${ownVersion()}`]);
      return DONE;
    case 'wrong':
      await errors.writeLines([`kodiak: ${parsed.message}`, 'kodiak --help shows the usage.']);
      return WRONG_USAGE;
    case 'run':
      return await runArguments(parsed, output, errors, environment);
  }
}

async function runArguments(parsed: ProgramArguments, output: Output, errors: Output, environment: NodeJS.ProcessEnv): Promise<number> {
  let text: string | undefined;
  let target: ServerTarget;
  try {
    text = parsed.sqlFile === undefined ? undefined : readSqlFile(parsed.sqlFile);
    target = targetOf(parsed);
  } catch (error) {
    await errors.writeLines([`kodiak: ${error instanceof Error ? error.message : String(error)}`]);
    return WRONG_USAGE;
  }
  const cwd = parsed.sqlFile === undefined ? process.cwd() : dirname(resolve(parsed.sqlFile));
  const asksPerson = text === undefined && parsed.commands.length === 0 && process.stdin.isTTY && output.isTerminal;
  const pager = new Pager(environment, asksPerson ? { stdin: process.stdin, stdout: process.stdout } : undefined);
  const shell = new Shell({ target, cwd, format: parsed.format, output, errors, pager, safe: parsed.safe });
  shell.runLines = (lines, name, signal) => runPipedInput(shell, lines, signal, name);
  try {
    if (asksPerson) {
      await runRepl(shell, process.stdin, process.stdout, new History(historyFile(environment)), environment);
      return shell.exitCode ?? DONE;
    }
    const code = exitCode(await endTransaction(shell, await runHeadless(shell, parsed, text)));
    return shell.exitCode ?? code;
  } catch (error) {
    if (error instanceof Interrupted) return CANCELLED;
    await shell.report(error);
    return FAILED;
  } finally {
    await shell.close();
  }
}

async function runHeadless(shell: Shell, parsed: ProgramArguments, text: string | undefined): Promise<Outcome> {
  const cancel = new AbortController();
  const stop = cancelOnInterrupt(cancel, CANCELLED);
  try {
    let outcome: Outcome = 'done';
    if (text !== undefined) outcome = await runSqlFile(shell, parsed.sqlFile ?? '', text, cancel.signal);
    for (const [at, sql] of parsed.commands.entries()) {
      if (outcome !== 'done') break;
      const name = parsed.commands.length > 1 ? `-c#${at + 1}` : '-c';
      outcome = await shell.runText({ name, text: sql }, cancel.signal);
    }
    if (text === undefined && parsed.commands.length === 0) outcome = await runPipedInput(shell, process.stdin, cancel.signal);
    return outcome;
  } finally {
    stop();
  }
}

/** Work that nobody can see any more has not been done: that is no success. What is in memory goes with the program anyway. */
async function endTransaction(shell: Shell, outcome: Outcome): Promise<Outcome> {
  if (!shell.inTransaction || shell.link.target.kind === 'memory') return outcome;
  await shell.errors.writeLines(['The transaction that was open at the end is rolled back; COMMIT would have kept what it did.']);
  return outcome === 'done' ? 'failed' : outcome;
}

function targetOf(parsed: ProgramArguments): ServerTarget {
  if (parsed.attach) return { kind: 'attach', ...parsed.attach };
  return fileTarget(parsed.database ?? ':memory:', process.cwd(), parsed.readOnly);
}

function exitCode(outcome: Outcome): number {
  switch (outcome) {
    case 'done':
    case 'gone':
      return DONE;
    case 'failed':
      return FAILED;
    case 'cancelled':
      return CANCELLED;
  }
}
