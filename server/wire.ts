import { KodiakError, messageOf } from '../engine/base/errors.ts';
import type {
  CatalogEntry,
  ChartAnswer,
  ColumnProfile,
  EngineStats,
  Plan,
  Progress,
  Reading,
  Result,
  Row,
  Value,
} from '../engine/types.ts';
import type { WireChart } from './protocol/chart.ts';
import type { WireEffects } from './protocol/freshness.ts';
import type { WirePlan } from './protocol/plan.ts';
import type { CatalogTable, QueryProgressParams, ResultHandle, WireColumnProfile } from './protocol/requests.ts';
import type { WireStats } from './protocol/stats.ts';
import type { WireFailure, WireRow, WireValue } from './protocol/values.ts';

/** The single bridge from the engine's types to those of the wire. */

export function toWireValue(value: Value): WireValue {
  if (typeof value === 'number') return toWireNumber(value);
  if (typeof value === 'bigint') return toWireInteger(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return toBlobText(value);
  return isList(value) ? value.map(toWireValue) : toWireStruct(value);
}

export function toWireRow(row: Row): WireRow {
  return row.map(toWireValue);
}

function toWireNumber(value: number): number | string {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? '-0.0' : value;
}

function toWireInteger(value: bigint): number | string {
  const safe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  return safe ? Number(value) : value.toString();
}

/** DuckDB's text of a BLOB: printable ASCII as it is, save backslash and quotes; every other byte as `\xHH`. */
function toBlobText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += BLOB_TEXT[byte];
  return text;
}

const BLOB_TEXT: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte >= 0x20 && byte <= 0x7e && !'\\\'"'.includes(character)) return character;
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

/** `Object.fromEntries` defines each field, so that one named `__proto__` stays a field. */
function toWireStruct(fields: { readonly [field: string]: Value }): WireValue {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, toWireValue(value)]));
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

/** Characters that a value takes as JSON, about; for bounds, not for buffers. */
export function wireSize(value: WireValue): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return (value as readonly WireValue[]).reduce<number>((size, item) => size + wireSize(item), 2);
  return Object.entries(value).reduce((size, [field, item]) => size + field.length + 4 + wireSize(item), 2);
}

/** The two have the same fields on purpose; the types hold them together. */
export function toWireStats(stats: EngineStats): WireStats {
  return stats;
}

/** As with the statistics: numbers and texts are JSON already. */
export function toWireChart(chart: ChartAnswer): WireChart {
  return chart;
}

export function toWireFailure(thrown: unknown): WireFailure {
  if (!(thrown instanceof KodiakError)) return { code: 'bug', message: `Kodiak made a mistake: ${messageOf(thrown)}` };
  return {
    code: thrown.code,
    message: thrown.message,
    ...(thrown.position && { position: thrown.position }),
    ...(thrown.candidates.length > 0 && { candidates: thrown.candidates }),
    ...(thrown.setting !== undefined && { setting: thrown.setting }),
    ...(thrown.remedy !== undefined && { remedy: thrown.remedy }),
    ...(thrown.missing.length > 0 && { missing: thrown.missing }),
  };
}

export function toWireProgress(runId: string, progress: Progress): QueryProgressParams {
  const { elapsedMs, percent, rows, statementIndex, statementCount } = progress;
  return { runId, elapsedMs, ...(percent !== undefined && { percent }), rows, statementIndex, statementCount };
}

export function toResultHandle(resultId: string, result: Result, preview: readonly WireRow[]): ResultHandle {
  const { columns, rowCount, complete, truncated, provenance, bytes } = result;
  return { resultId, columns, rowCount, complete, truncated, preview, provenance, bytes };
}

const NO_EFFECTS: WireEffects = { reads: 'unknown', writes: 'unknown', session: true, ddl: true, defines: [], settings: true };

export function toWireEffects(reading: Reading | undefined): WireEffects {
  return reading?.effects ?? NO_EFFECTS;
}

/** DuckDB's own texts of a plan are left out beyond this: an output holds them, and nobody reads them. */
const MAX_PLAN_TEXT = 2 * 1024 * 1024;

/** The two have the same fields on purpose. */
export function toWirePlan({ text, json, ...plan }: Plan): WirePlan {
  return {
    ...plan,
    ...(text !== undefined && text.length <= MAX_PLAN_TEXT && { text }),
    ...(json.length <= MAX_PLAN_TEXT && { json }),
  };
}

/** Texts longer than this are cut in statistics: a profile is for reading. */
const MAX_PROFILE_TEXT = 1000;

export function toWireProfile(profile: ColumnProfile): WireColumnProfile {
  const { name, type, rowCount, nullCount, distinctCount, distinctIsApproximate, quantilesAreApproximate, quantiles } = profile;
  return {
    name,
    type,
    rowCount,
    nullCount,
    distinctCount,
    distinctIsApproximate,
    ...(profile.minimum !== undefined && { minimum: toProfileValue(profile.minimum) }),
    ...(profile.maximum !== undefined && { maximum: toProfileValue(profile.maximum) }),
    ...(quantiles && {
      quantiles: {
        p05: toWireValue(quantiles.p05),
        p25: toWireValue(quantiles.p25),
        p50: toWireValue(quantiles.p50),
        p75: toWireValue(quantiles.p75),
        p95: toWireValue(quantiles.p95),
      },
    }),
    quantilesAreApproximate,
    histogram: profile.histogram.map(({ from, to, count }) => ({ from: toWireValue(from), to: toWireValue(to), count })),
    top: profile.top.map(({ value, count }) => ({ value: toProfileValue(value), count })),
  };
}

function toProfileValue(value: Value): WireValue {
  const wire = toWireValue(value);
  const text = typeof wire === 'string' ? wire : wireSize(wire) > MAX_PROFILE_TEXT ? JSON.stringify(wire) : undefined;
  return text === undefined || text.length <= MAX_PROFILE_TEXT ? wire : `${text.slice(0, MAX_PROFILE_TEXT)}…`;
}

export function toCatalogTable(entry: CatalogEntry): CatalogTable {
  const { database, schema, name, kind, estimatedRows, columns, sql } = entry;
  return {
    database,
    schema,
    name,
    kind,
    ...(estimatedRows !== undefined && { estimatedRows }),
    columns,
    ...(sql !== undefined && { sql }),
  };
}
