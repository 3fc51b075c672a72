/** Settings that a client may send as `initializationOptions`; every field may be missing or wrong and is then corrected. */
export interface KodiakSettings {
  readonly database: string;
  readonly readOnly: boolean;
  readonly cacheEnabled: boolean;
  readonly cacheMaxEntries: number;
  readonly cacheMaxMegabytes: number;
  readonly cacheMinCostMs: number;
  readonly cachePolicy: 'cost' | 'lru';
  readonly poolMaxConnections: number;
  readonly poolAcquireTimeoutMs: number;
  readonly poolMaxWaiting: number;
  readonly memoryCeilingMegabytes: number;
  readonly memoryLimitMegabytes: number;
  readonly memoryThresholdMegabytes: number;
  readonly memorySampleIntervalSeconds: number;
  readonly parallelEnabled: boolean;
  readonly parallelThreads: number;
  readonly parallelMaxRunning: number;
  readonly resultsMemoryMegabytes: number;
  readonly resultsKeepMegabytes: number;
  readonly runWarnAboveRows: number;
  readonly languageInlayHints: 'off' | 'star' | 'all';
  readonly historyEnabled: boolean;
  readonly historyMaxMegabytes: number;
  readonly historyParameterValues: boolean;
}

interface SettingRule {
  readonly field: keyof KodiakSettings;
  readonly fallback: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly string[];
  /** Read by the client at each use: the server does not depend on it. */
  readonly ofClient?: true;
}

/** Setting name (as in VS Code) → field, default and bounds. The manifest test holds package.json to this table. */
export const SETTING_RULES: Readonly<Record<string, SettingRule>> = {
  'kodiak.database.path': { field: 'database', fallback: '' },
  'kodiak.database.readOnly': { field: 'readOnly', fallback: false },
  'kodiak.cache.enabled': { field: 'cacheEnabled', fallback: true },
  'kodiak.cache.maxEntries': { field: 'cacheMaxEntries', fallback: 100, minimum: 1, maximum: 100_000 },
  'kodiak.cache.maxMegabytes': { field: 'cacheMaxMegabytes', fallback: 64, minimum: 1, maximum: 65_536 },
  'kodiak.cache.policy': { field: 'cachePolicy', fallback: 'cost', choices: ['cost', 'lru'] },
  'kodiak.cache.minCostMs': { field: 'cacheMinCostMs', fallback: 3, minimum: 0, maximum: 3_600_000 },
  'kodiak.pool.maxConnections': { field: 'poolMaxConnections', fallback: 10, minimum: 2, maximum: 1000 },
  'kodiak.pool.acquireTimeoutMs': { field: 'poolAcquireTimeoutMs', fallback: 10_000, minimum: 10, maximum: 600_000 },
  'kodiak.pool.maxWaiting': { field: 'poolMaxWaiting', fallback: 100, minimum: 0, maximum: 100_000 },
  'kodiak.memory.ceilingMegabytes': { field: 'memoryCeilingMegabytes', fallback: 0, minimum: 0, maximum: 16_777_216 },
  'kodiak.memory.limitMegabytes': { field: 'memoryLimitMegabytes', fallback: 0, minimum: 0, maximum: 16_777_216 },
  'kodiak.memory.thresholdMegabytes': { field: 'memoryThresholdMegabytes', fallback: 100, minimum: 1, maximum: 1_048_576 },
  'kodiak.memory.sampleIntervalSeconds': { field: 'memorySampleIntervalSeconds', fallback: 60, minimum: 1, maximum: 86_400 },
  'kodiak.parallel.enabled': { field: 'parallelEnabled', fallback: true },
  'kodiak.parallel.threads': { field: 'parallelThreads', fallback: 0, minimum: 0, maximum: 1024 },
  'kodiak.parallel.maxRunning': { field: 'parallelMaxRunning', fallback: 8, minimum: 1, maximum: 14 },
  'kodiak.results.memoryMegabytes': { field: 'resultsMemoryMegabytes', fallback: 512, minimum: 32, maximum: 1_048_576 },
  'kodiak.results.keepMegabytes': { field: 'resultsKeepMegabytes', fallback: 512, minimum: 0, maximum: 1_048_576 },
  'kodiak.run.warnAboveRows': { field: 'runWarnAboveRows', fallback: 0, minimum: 0, maximum: 1_000_000_000_000, ofClient: true },
  'kodiak.language.inlayHints': { field: 'languageInlayHints', fallback: 'off', choices: ['off', 'star', 'all'] },
  'kodiak.history.enabled': { field: 'historyEnabled', fallback: true },
  'kodiak.history.maxMegabytes': { field: 'historyMaxMegabytes', fallback: 50, minimum: 1, maximum: 10_240 },
  'kodiak.history.parameterValues': { field: 'historyParameterValues', fallback: false },
};

/**
 * Reads settings from whatever a client sent: an object with `KodiakSettings` fields. Unknown fields are ignored; a wrong value
 * is replaced or moved into its bounds, with a line for the log that names the value used.
 */
export function readSettings(raw: unknown): { readonly settings: KodiakSettings; readonly corrections: readonly string[] } {
  const source: Record<string, unknown> = typeof raw === 'object' && raw !== null ? { ...raw } : {};
  const corrections: string[] = [];
  const settings: Record<string, string | number | boolean> = {};
  for (const [name, rule] of Object.entries(SETTING_RULES)) {
    settings[rule.field] = readSetting(name, rule, source[rule.field], corrections);
  }
  return { settings: settings as unknown as KodiakSettings, corrections };
}

/** `initializationOptions.trusted`: only false says that the workspace is not. */
export function readTrust(raw: unknown): boolean {
  return !(typeof raw === 'object' && raw !== null && 'trusted' in raw && raw.trusted === false);
}

/** `initializationOptions.archiveFolder`: an absolute path where the client lets outputs be kept. */
export function readArchiveFolder(raw: unknown): string | undefined {
  return readFolder(raw, 'archiveFolder');
}

/** `initializationOptions.historyFolder`: an absolute path where the client lets the query history be kept. */
export function readHistoryFolder(raw: unknown): string | undefined {
  return readFolder(raw, 'historyFolder');
}

function readFolder(raw: unknown, name: string): string | undefined {
  const folder: unknown = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[name] : undefined;
  return typeof folder === 'string' && folder !== '' ? folder : undefined;
}

function readSetting(name: string, rule: SettingRule, value: unknown, corrections: string[]): string | number | boolean {
  if (value === undefined || value === null) return rule.fallback;
  if (typeof value !== typeof rule.fallback || (typeof value === 'number' && !Number.isFinite(value))) {
    corrections.push(`${name}: ${JSON.stringify(value)} is not a ${typeof rule.fallback}; using ${JSON.stringify(rule.fallback)}.`);
    return rule.fallback;
  }
  if (rule.choices && !rule.choices.includes(String(value))) {
    corrections.push(`${name}: ${JSON.stringify(value)} is not one of ${rule.choices.join(', ')}; using ${JSON.stringify(rule.fallback)}.`);
    return rule.fallback;
  }
  if (typeof value !== 'number') return value as string | boolean;
  const bounded = Math.min(Math.max(Math.round(value), rule.minimum ?? value), rule.maximum ?? value);
  if (bounded !== value) corrections.push(`${name}: ${value} is outside ${rule.minimum} to ${rule.maximum}; using ${bounded}.`);
  return bounded;
}
