/**
 * What a typed pattern fits, in upper or lower case: `*` and `%` stand for anything. Without them it is a whole name, or, unless
 * `exact`, any part of one.
 */
export function namePattern(pattern: string, exact: boolean): RegExp {
  const body = pattern
    .split(/[*%]/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(exact || /[*%]/.test(pattern) ? `^${body}$` : body, 'i');
}
