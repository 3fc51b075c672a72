import { type Token, tokenize } from './lexer.ts';

/** What stands in place of a secret. */
const MASK = "'***'";

/** Names whose value is a secret: `password`, `s3_secret_access_key`, `encryption_key`, `bearer_token`. */
const SECRET_NAME =
  /pass(?:word|wd|phrase)?$|pwd$|secret|token|credential|api_?key|access_?key|encryption_?key|private_?key|key_id|connection_?string/i;

/** A secret in the text of a connection: `password=…`, `://user:…@host`, the signature of an address. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [
    /\b((?:password|passwd|pwd|secret|token|access_?key|api_?key|account_?key|sslpassword)\s*=\s*)(?:"[^"]*"|'[^']*'|\\'.*?\\'|[^\s;&"']+)/gi,
    '$1***',
  ],
  [/(:\/\/)[^/\s'"]{0,300}?:[^/\s'"]{0,300}@/g, '$1***@'],
  [/([?&](?:sig|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature)=)[^&\s'"]+/gi, '$1***'],
];

/** Words between a secret's name and its value. */
const BETWEEN = new Set(['=', ':=', '=>', ':', 'to', '(']);

/** Calls whose texts are secrets but for the first: `add_parquet_key('name', '…')`. */
const SECRET_CALL = /^add_parquet_key$/i;

export interface Redacted {
  readonly text: string;
  /** What was taken out, to be looked for in messages as well. */
  readonly secrets: readonly string[];
}

/**
 * Takes secrets out of a statement, also one that is wrong: all values of CREATE SECRET and ATTACH (but for a plain path and its
 * TYPE), a value behind a name that sounds like a secret, and the secret parts of addresses and connection texts.
 */
export function redactSecrets(sql: string): Redacted {
  const tokens = tokenize(sql);
  const words = tokens.map((token) => sql.slice(token.start, token.end).toLowerCase());
  const statement: Scanned = { sql, tokens, words, opened: words.indexOf('('), firstText: tokens.findIndex(isText) };
  const mask = maskFor(words.slice(0, 8));
  const secrets: string[] = [];
  let text = '';
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    const before = sql.slice(token.start, token.end);
    const after = mask(statement, token, index);
    if (after === before) continue;
    text += sql.slice(from, token.start) + after;
    from = token.end;
    secrets.push(...secretsOf(before));
  }
  return { text: text + sql.slice(from), secrets };
}

/** A message about the statement, in which DuckDB may have quoted it. */
export function redactMessage(message: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), withoutParts(message));
}

/** A statement in pieces, each with its text in lower case. */
interface Scanned {
  readonly sql: string;
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  /** The first parenthesis, -1 for none. */
  readonly opened: number;
  /** The first string or quoted name, -1 for none. */
  readonly firstText: number;
}

/** What is shown in place of one piece. */
type Mask = (statement: Scanned, token: Token, index: number) => string;

function maskFor(words: readonly string[]): Mask {
  const [first = ''] = words;
  if ((first === 'create' || first === 'alter') && words.includes('secret')) return maskOfSecret;
  return first === 'attach' ? maskOfAttach : maskOfAny;
}

/** Options of a secret that say nothing secret. */
const OPEN_OPTIONS = new Set(['type', 'provider', 'scope', 'region']);

/** Of CREATE SECRET the names stay, and the values of options that say nothing secret. */
const maskOfSecret: Mask = ({ sql, words, opened }, token, index) => {
  const text = sql.slice(token.start, token.end);
  if (isComment(token)) return '';
  if (opened < 0 || index < opened) return token.kind === 'string' ? MASK : text;
  const option = Math.max(words.lastIndexOf(',', index), opened) + 1;
  if (index <= option) return token.kind === 'string' ? MASK : text;
  if (text === ')' || OPEN_OPTIONS.has(words[option] ?? '')) return text;
  return index === option + 1 ? MASK : '';
};

/** A plain path stays; what may hold a password does not, and no option's value but that of TYPE. */
const maskOfAttach: Mask = ({ sql, words, firstText }, token, index) => {
  const text = sql.slice(token.start, token.end);
  if (!isText(token)) return isComment(token) ? withoutParts(text) : text;
  if (words[index - 1] === 'type') return text;
  if (index !== firstText && token.kind === 'quotedName') return withoutParts(text);
  return index === firstText && !/[=@?;]/.test(text) ? text : MASK;
};

const maskOfAny: Mask = ({ sql, tokens, words }, token, index) => {
  const text = sql.slice(token.start, token.end);
  if (isComment(token) || token.kind === 'quotedName') return withoutParts(text);
  if (token.kind !== 'string') return text;
  const isCalled = words[index - 1] === ',' && SECRET_CALL.test(words[index - 4] ?? '');
  return isCalled || followsSecretName(tokens, words, index) ? MASK : withoutParts(text);
};

function followsSecretName(tokens: readonly Token[], words: readonly string[], index: number): boolean {
  let at = index - 1;
  while (BETWEEN.has(words[at] ?? '')) at--;
  const kind = tokens[at]?.kind;
  return (kind === 'word' || kind === 'quotedName') && SECRET_NAME.test((words[at] ?? '').replaceAll('"', ''));
}

function isText({ kind }: Token): boolean {
  return kind === 'string' || kind === 'quotedName';
}

function isComment({ kind }: Token): boolean {
  return kind === 'lineComment' || kind === 'blockComment';
}

function withoutParts(text: string): string {
  return PARTS.reduce((left, [pattern, shown]) => left.replace(pattern, shown), text);
}

/** The text as it is written, and without its quotes; short ones would hide ordinary words of a message. */
function secretsOf(text: string): string[] {
  const inner = text.replace(/^[eEuUxX]?&?['"]|^\$\w*\$/, '').replace(/['"]$|\$\w*\$$/, '');
  return [text, inner, inner.replaceAll("''", "'")].filter((secret, index, all) => secret.length > 2 && all.indexOf(secret) === index);
}
