/** What the sub-commands end with. Runs without a sub-command have codes of their own (`USAGE`). */
export const EXIT = {
  ok: 0,
  /** An assertion does not hold, a file is not formatted, a diagnostic is an error, an answer is stale. */
  notAsExpected: 1,
  sqlError: 2,
  wrongUsage: 3,
  /** The server cannot start, a file cannot be read or written, the disk is full. */
  environment: 4,
  cancelled: 130,
} as const;

export const EXIT_CODE_TEXT = `Exit code: ${EXIT.ok} done, ${EXIT.notAsExpected} not as expected (assertion, check, stale answer), ${EXIT.sqlError} an SQL error,
${EXIT.wrongUsage} wrong usage, ${EXIT.environment} the environment (no server, unreadable file, full disk), ${EXIT.cancelled} cancelled with Ctrl+C.
`;
