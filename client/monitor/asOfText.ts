const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time of the past as one says it now: `14:02`, `yesterday 14:02`, `24 Nov 14:02`, `24 Nov 2025 14:02`. Both are Unix milliseconds. */
export function asOfText(thenMs: number, nowMs: number): string {
  const then = new Date(thenMs);
  const now = new Date(nowMs);
  const time = `${String(then.getHours()).padStart(2, '0')}:${String(then.getMinutes()).padStart(2, '0')}`;
  const days = dayNumber(now) - dayNumber(then);
  if (days === 0) return time;
  if (days === 1) return `yesterday ${time}`;
  const day = `${then.getDate()} ${MONTHS[then.getMonth()]}`;
  return then.getFullYear() === now.getFullYear() ? `${day} ${time}` : `${day} ${then.getFullYear()} ${time}`;
}

/** Days that differ by one follow each other, also where the clock is changed between them. */
function dayNumber(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}
