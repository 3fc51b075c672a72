/** What is in a text that DuckDB may not know; the text itself is not translated. */
interface DialectSign {
  readonly name: string;
  readonly pattern: RegExp;
}

const TSQL_SIGNS: readonly DialectSign[] = [
  { name: 'TOP', pattern: /\bselect\s+(?:distinct\s+)?top\s*(?:\(|\d)/i },
  { name: '[brackets]', pattern: /(?:\b(?:from|join|into|update|select|by|table|as|on|where|and)\s+|[.,(]\s*)\[[a-z_][^\]\n]*\]/i },
  { name: 'GETDATE', pattern: /\b(?:getdate|getutcdate|sysdatetime)\s*\(/i },
  { name: 'ISNULL', pattern: /\bisnull\s*\([^()]*,/i },
  { name: 'CONVERT', pattern: /\bconvert\s*\(\s*[a-z]+(?:\s*\([^()]*\))?\s*,/i },
  { name: 'DATEADD', pattern: /\bdateadd\s*\(\s*[a-z]+\s*,/i },
  { name: '@variables', pattern: /\bdeclare\s+@\w|(?:^|[^\w@])@@?[a-z_]\w*/i },
  { name: '#temporary tables', pattern: /\b(?:from|join|into|table|update)\s+#\w/i },
  { name: 'APPLY', pattern: /\b(?:cross|outer)\s+apply\b/i },
  { name: 'NOLOCK', pattern: /\(\s*nolock\s*\)/i },
  { name: 'IDENTITY', pattern: /\bidentity\s*\(\s*\d/i },
  { name: 'EXEC', pattern: /^\s*exec(?:ute)?\s+[\w.[]/im },
];

/** The first line of sqlcmd's batch separator, with how often the batch was to run. */
const GO = /^[ \t]*go(?:[ \t]+(\d+))?[ \t]*;?[ \t]*$/i;
/** sqlcmd's own commands, at the beginning of a line. */
const SQLCMD = /^[ \t]*(?::(?:setvar|connect|r|on|out|error|list|reset|listvar|serverlist|exit|quit|xml|help|perftrace)\b|!!)/i;

/** The text of a cell of Azure Data Studio as statements, and what was found in it that says nothing to DuckDB. */
export interface SqlcmdText {
  readonly text: string;
  /** Lines with `GO`, which became the ends of statements. */
  readonly separators: number;
  /** `GO 5`: batches that were to run several times. */
  readonly repeated: number;
  /** Commands such as `:setvar`, which became comments. */
  readonly commands: readonly string[];
  /** `$(name)`, as it stands. */
  readonly variables: readonly string[];
}

/** Turns `GO` into ends of statements and sqlcmd's commands into comments. Strings that span lines are left alone. */
export function withoutSqlcmd(text: string): SqlcmdText {
  const lines = text.split('\n');
  const outside = blanked(text).split('\n');
  const commands: string[] = [];
  const written: string[] = [];
  let [separators, repeated] = [0, 0];
  for (const [index, line] of lines.entries()) {
    const bare = outside[index] ?? '';
    const go = GO.exec(bare);
    if (go !== null) {
      separators++;
      if (Number(go[1] ?? 1) > 1) repeated++;
      endStatement(written);
    } else if (SQLCMD.test(bare)) {
      commands.push(/^\s*(\S+)/.exec(line)?.[1] ?? '');
      written.push(`-- ${line.trim()}`);
    } else written.push(line);
  }
  const variables = [...new Set([...text.matchAll(/\$\((\w+)\)/g)].map(([variable]) => variable))];
  return { text: written.join('\n'), separators, repeated, commands, variables };
}

/** Names of what looks like T-SQL; none for what DuckDB can be expected to know. */
export function tsqlSigns(text: string): string[] {
  const bare = blanked(text);
  return TSQL_SIGNS.filter(({ pattern }) => pattern.test(bare)).map(({ name }) => name);
}

/** Puts a semicolon behind the last statement that lacks one. */
function endStatement(lines: string[]): void {
  const bare = blanked(lines.join('\n')).trimEnd();
  if (bare === '' || bare.endsWith(';')) return;
  const kept = bare.split('\n').length - 1;
  const length = bare.length - (bare.lastIndexOf('\n') + 1);
  const line = lines[kept] ?? '';
  lines[kept] = `${line.slice(0, length)};${line.slice(length)}`;
}

/** The text with comments as blanks, and strings and quoted names as quotes; lines and offsets stay. */
function blanked(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (part) =>
    part.replaceAll(/[^\n]/g, /^['"]/.test(part) ? "'" : ' '),
  );
}
