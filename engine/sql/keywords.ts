/** Words that DuckDB 1.5 never takes as a plain name, in lower case: its categories reserved, type-or-function and column name. */
const FIRM_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc ' +
    'describe distinct do else end except false fetch for foreign from group having in initially intersect into lambda lateral leading ' +
    'limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify references returning select show some ' +
    'summarize symmetric table then to trailing true union unique unpivot using variadic when where window with anti asof at ' +
    'authorization binary by collation columns concurrently cross freeze full generated glob ilike inner is isnull join left like map ' +
    'natural notnull outer overlaps positional right semi similar struct tablesample try_cast unpack verbose between coalesce exists ' +
    'extract grouping grouping_id nullif overlay position row setof substring treat trim values'
  ).split(' '),
);

/** Words that are keywords only where the grammar wants them; elsewhere they are names. */
const SOFT_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'abort action add after alter always attach attribute autoincrement before begin cache call cascade checkpoint comment commit compression ' +
    'conflict copy cube current database deallocate declare delete detach discard drop enable escape each exclude execute explain export ' +
    'extension filter first following force function global if ignore import include index insert install key last level load local macro ' +
    'match matched materialized merge next no nothing nulls of open option ordinality over partition percent persistent pragma preceding ' +
    'prepare range recursive refresh release rename replace reset respect restrict rollback rollup rows sample schema secret sequence set ' +
    'sets share source stored tablespace target temp temporary ties transaction truncate type unbounded update use vacuum variable view ' +
    'virtual within without work'
  ).split(' '),
);

/** Names of types that need no other context to be known as such. */
const TYPE_NAMES: ReadonlySet<string> = new Set(
  (
    'bigint bignum bit blob bool boolean bpchar bytea char character date datetime dec decimal double enum float float4 float8 hugeint int ' +
    'int1 int16 int2 int32 int4 int64 int8 integer interval json long map nchar numeric nvarchar oid real short signed smallint string struct ' +
    'text time timestamp timestamptz timestamp_ms timestamp_ns timestamp_s timetz tinyint ubigint uhugeint uint16 uint32 uint64 uint8 ' +
    'uinteger union usmallint utinyint uuid varbinary varchar variant'
  ).split(' '),
);

/** True for a word that is a keyword wherever it stands, save after a dot. */
export function isFirmKeyword(word: string): boolean {
  return FIRM_KEYWORDS.has(word);
}

/** True for a word that may also be a name. */
export function isSoftKeyword(word: string): boolean {
  return SOFT_KEYWORDS.has(word);
}

/** True for the name of a built-in type, which may also be a name. */
export function isTypeName(word: string): boolean {
  return TYPE_NAMES.has(word);
}

/** Every keyword, in lower case. */
export function keywordNames(): string[] {
  return [...FIRM_KEYWORDS, ...SOFT_KEYWORDS];
}
