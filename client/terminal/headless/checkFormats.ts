/** What `kodiak check` can write. */
export const CHECK_FORMATS = ['text', 'github', 'sarif'] as const;

/** From which severity on a finding makes the check fail. */
export const SEVERITIES = ['error', 'info', 'never'] as const;
