import { visibleLines } from '../../text/displayText.ts';
import { RequestFailed } from '../serverConnection.ts';
import { EXIT } from './exitCode.ts';
import { readOptions } from './givenOptions.ts';
import { type Subcommand, type SubcommandContext, UsageError } from './subcommand.ts';
import { usageText } from './usageText.ts';

/** Runs a sub-command with what stands behind its name; gives the exit code of whatever happens. */
export async function runSubcommand(subcommand: Subcommand, args: readonly string[], context: SubcommandContext): Promise<number> {
  const { output, errors } = context;
  try {
    const given = readOptions(subcommand, args);
    if (!given.has('help')) return await subcommand.run(given, context);
    await output.write(usageText(subcommand));
    return EXIT.ok;
  } catch (thrown) {
    const message = visibleLines(thrown instanceof Error ? thrown.message : String(thrown));
    await errors.writeLines([`${errors.style.red(`kodiak ${subcommand.name}:`)} ${message}`]);
    if (thrown instanceof UsageError) await errors.writeLines([`kodiak ${subcommand.name} --help shows the usage.`]);
    return exitCodeOf(thrown);
  }
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof UsageError) return EXIT.wrongUsage;
  if (!(thrown instanceof RequestFailed)) return EXIT.environment;
  switch (thrown.failure.code) {
    case 'sql':
      return EXIT.sqlError;
    case 'cancelled':
      return EXIT.cancelled;
    default:
      return EXIT.environment;
  }
}
