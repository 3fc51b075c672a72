/** A DuckDB type read from its name. What cannot be read is a scalar with the whole text as its name. */
export type ColumnType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'list'; readonly element: ColumnType }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, ColumnType> }
  | { readonly kind: 'map'; readonly key: ColumnType; readonly value: ColumnType }
  | { readonly kind: 'union' };

const INTEGERS = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
  'BIGNUM',
  'VARINT',
]);

/** Reads a type as `DESCRIBE` prints it: `DECIMAL(18,3)`, `STRUCT(a INTEGER, "b c" VARCHAR[])[]`. */
export function parseColumnType(text: string): ColumnType {
  const reader = new TypeReader(text);
  const type = reader.readType();
  return type && reader.atEnd ? type : { kind: 'scalar', name: text };
}

export function isInteger(type: ColumnType): boolean {
  return type.kind === 'scalar' && INTEGERS.has(type.name);
}

export function isDecimal(type: ColumnType): boolean {
  return type.kind === 'scalar' && type.name === 'DECIMAL';
}

export function isNumber(type: ColumnType): boolean {
  return isInteger(type) || isDecimal(type) || (type.kind === 'scalar' && (type.name === 'DOUBLE' || type.name === 'FLOAT'));
}

class TypeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    this.#match(/\s*/y);
    return this.#at === this.#text.length;
  }

  readType(): ColumnType | undefined {
    let type = this.#readUnlisted();
    while (type && this.#match(/\s*\[\d*\]/y) !== undefined) type = { kind: 'list', element: type };
    return type;
  }

  #readUnlisted(): ColumnType | undefined {
    const name = this.#match(/\s*[A-Za-z_][\w ]*/y)?.trim() ?? this.#readName();
    if (!name) return undefined;
    if (this.#match(/\(/y) === undefined) return { kind: 'scalar', name };
    switch (name) {
      case 'STRUCT': {
        const fields = this.#readFields();
        return fields && { kind: 'struct', fields };
      }
      case 'UNION':
        return this.#readFields() && { kind: 'union' };
      case 'MAP': {
        const key = this.readType();
        const value = key && this.#match(/\s*,/y) !== undefined ? this.readType() : undefined;
        return key && value && this.#match(/\s*\)/y) !== undefined ? { kind: 'map', key, value } : undefined;
      }
      default:
        // Modifiers: DECIMAL(18,3), ENUM('a', 'b'), GEOMETRY('OGC:CRS84').
        return this.#match(/(?:'(?:[^']|'')*'|[^')])*\)/y) === undefined ? undefined : { kind: 'scalar', name };
    }
  }

  #readFields(): Map<string, ColumnType> | undefined {
    const fields = new Map<string, ColumnType>();
    do {
      const name = this.#readName() ?? this.#match(/\s*[^\s,()"]+/y)?.trim();
      const type = name === undefined ? undefined : this.readType();
      if (name === undefined || !type) return undefined;
      fields.set(name, type);
    } while (this.#match(/\s*,/y) !== undefined);
    return this.#match(/\s*\)/y) === undefined ? undefined : fields;
  }

  #readName(): string | undefined {
    return this.#match(/\s*"(?:[^"]|"")*"/y)
      ?.trim()
      .slice(1, -1)
      .replaceAll('""', '"');
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
