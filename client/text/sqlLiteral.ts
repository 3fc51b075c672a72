import type { WireValue } from '../../server/protocol/values.ts';
import { type ColumnType, isNumber, parseColumnType } from './columnType.ts';
import { hasHiddenCharacters } from './displayText.ts';
import { plainText } from './valueText.ts';

const SCALAR: ColumnType = { kind: 'scalar', name: '' };

/**
 * The value as SQL that gives the same value when it is stored in a column of its type. A UNION becomes its active value, because
 * results do not tell which member that is.
 */
export function sqlLiteral(value: WireValue, typeText: string, type: ColumnType = parseColumnType(typeText)): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'object') return scalarLiteral(value, type);
  return type.kind === 'union' ? nestedLiteral(value, SCALAR) : `${nestedLiteral(value, type)}::${typeText}`;
}

/** A text in quotes. Control characters and those that change how text around them looks stand as `chr(27)`: data cannot act on a reader. */
export function textLiteral(text: string): string {
  if (!hasHiddenCharacters(text)) return `'${text.replaceAll("'", "''")}'`;
  const parts: string[] = [];
  let plain = '';
  for (const char of text) {
    if (!hasHiddenCharacters(char)) {
      plain += char;
      continue;
    }
    if (plain !== '') parts.push(`'${plain.replaceAll("'", "''")}'`);
    plain = '';
    parts.push(`chr(${char.codePointAt(0)})`);
  }
  if (plain !== '') parts.push(`'${plain.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' || ')})`;
}

/** The value as a reader of SQL expects it in a list: numbers and booleans as they are, everything else in quotes. */
export function quotedText(value: WireValue, type: ColumnType): string {
  const text = plainText(value, type);
  if (text === undefined) return 'NULL';
  return typeof value === 'boolean' || isPlainNumber(text, type) ? text : textLiteral(text);
}

function scalarLiteral(value: string | number | boolean, type: ColumnType): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return isPlainNumber(value, type) ? value : textLiteral(value);
  const text = plainText(value, type) ?? '';
  if (!isFloating(type)) return text;
  // With up to 15 digits a decimal is exactly the nearest double; DuckDB reads what has an exponent as a double at once.
  const digits = text.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '');
  return digits.length <= 15 || /e/i.test(text) ? text : `${text}e0`;
}

function nestedLiteral(value: WireValue, type: ColumnType): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'object') {
    const text = scalarLiteral(value, type);
    return isFloating(type) && typeof value === 'string' ? `${text}::DOUBLE` : text;
  }
  if (isArray(value)) {
    if (type.kind === 'map') {
      const pairs = value.map((pair) => {
        const [key = null, item = null] = isArray(pair) ? pair : [];
        return `${nestedLiteral(key, type.key)}: ${nestedLiteral(item, type.value)}`;
      });
      return `MAP {${pairs.join(', ')}}`;
    }
    const element = type.kind === 'list' ? type.element : SCALAR;
    return `[${value.map((item) => nestedLiteral(item, element)).join(', ')}]`;
  }
  const fields = Object.entries(value).map(([name, item]) => {
    const field = type.kind === 'struct' ? (type.fields.get(name) ?? SCALAR) : SCALAR;
    return `'${name.replaceAll("'", "''")}': ${nestedLiteral(item, field)}`;
  });
  return `{${fields.join(', ')}}`;
}

/** Longer numbers are exact only as texts that DuckDB reads as the column's type. */
function isPlainNumber(text: string, type: ColumnType): boolean {
  return isNumber(type) && /^-?\d{1,18}(?:\.\d{1,17})?(?:e[+-]?\d+)?$/i.test(text) && text !== '-0.0';
}

function isFloating(type: ColumnType): boolean {
  return type.kind === 'scalar' && (type.name === 'DOUBLE' || type.name === 'FLOAT');
}

function isArray(value: WireValue): value is readonly WireValue[] {
  return Array.isArray(value);
}
