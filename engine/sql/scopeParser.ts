import type { Token } from './lexer.ts';
import { emptyStatement } from './scopeTokens.ts';
import type {
  Block,
  Created,
  CreatedColumn,
  CreatedForeignKey,
  MacroForm,
  MacroParameter,
  Mention,
  Name,
  Query,
  StatementScope,
} from './scopeTree.ts';
import { QUERY_STARTS, SEQUENCE_CALLS, STATEMENT_STARTS } from './scopeWords.ts';
import { ScopeWrites } from './scopeWrites.ts';
import { RESERVED, sameName } from './sqlNames.ts';

const CREATED_KINDS: Readonly<Record<string, Created['kind']>> = {
  table: 'table',
  view: 'view',
  schema: 'schema',
  macro: 'macro',
  function: 'macro',
  type: 'type',
  sequence: 'sequence',
  index: 'index',
};

/**
 * Reads the statements of one piece of a script, whose tokens are given without comments and semicolons. It descends clause by
 * clause and skips what it does not understand, so that half-written statements have a tree, too; it never fails. Two statements
 * without a semicolon between them are parted where the second cannot belong to the first.
 */
export function parseScopes(text: string, tokens: readonly Token[], start: number, end: number): StatementScope[] {
  return new ScopeParser(text, tokens, start, end).statements();
}

class ScopeParser extends ScopeWrites {
  statements(): StatementScope[] {
    const found: StatementScope[] = [];
    let start = this.start;
    while (this.at < this.tokens.length || found.length === 0) {
      const first = this.at;
      this.open = 0;
      this.statement = emptyStatement(start, this.end, this.word());
      found.push(this.statement);
      this.parseStatement();
      while (this.peek() && !(this.at > first && this.breaksStatement())) {
        if (this.at > first && STATEMENT_STARTS.has(this.word()) && RESERVED.has(this.word())) break;
        this.at++;
      }
      const next = this.peek();
      if (!next) break;
      this.statement.end = Math.max(start, next.start - 1);
      for (const block of this.statement.blocks) block.end = Math.min(block.end, this.statement.end);
      start = next.start;
    }
    return found;
  }

  private parseStatement(): void {
    const first = this.word();
    while (this.accept('explain', 'analyze', 'vacuum')) if (this.word() === '(') this.skipBrackets();
    const tok = this.peek();
    if (!tok) return;
    if ((first === 'analyze' || first === 'vacuum') && this.isName(tok)) {
      const query = this.query(undefined);
      const block = this.block('tail', query);
      query.members.push(block);
      this.target(block, false);
      return;
    }
    (this.statement as { kind: string }).kind = tok.word;
    switch (tok.word) {
      case 'create':
        this.create();
        return;
      case 'drop':
      case 'alter':
      case 'truncate':
      case 'comment':
        this.changeRelation();
        return;
      case 'copy':
        this.copy();
        return;
      case 'prepare':
      case 'execute':
      case 'deallocate':
        this.prepared(tok.word);
        return;
      case 'use':
        this.at++;
        if (this.isName(this.peek())) {
          const { parts } = this.nameChain();
          for (const part of parts) this.mention('schema', part);
          (this.statement as { use: readonly string[] | undefined }).use = parts.map(({ text }) => text);
        }
        return;
      case 'attach':
      case 'detach':
        this.attached(tok.word);
        return;
      case 'set':
      case 'reset':
        if (this.word(1) === 'variable') this.variable();
        return;
      case 'call':
      case 'pragma': {
        this.at++;
        this.expression(this.block('tail', this.query(undefined)), 'select', {});
        return;
      }
      case '(':
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        this.wholeQuery(undefined);
        return;
      default:
        if (QUERY_STARTS.has(tok.word)) this.wholeQuery(undefined);
    }
  }

  /** `ATTACH 'x.db' AS x`, `DETACH x` */
  private attached(word: string): void {
    this.at++;
    this.accept('database');
    if (this.accept('if')) while (this.accept('not', 'exists'));
    if (word === 'detach') {
      if (this.isName(this.peek())) this.mention('schema', this.takeName());
      return;
    }
    if (this.peek()?.kind === 'string') this.at++;
    if (this.accept('as') && this.isName(this.peek())) this.statement.created = emptyCreated('database', [this.takeName()]);
  }

  /** `SET VARIABLE x = …` */
  private variable(): void {
    this.at += 2;
    if (!this.isName(this.peek())) return;
    const name = this.takeName();
    this.mention('variable', name);
    if (!this.accept('=', 'to')) return;
    this.statement.created = emptyCreated('variable', [name]);
    const block = this.block('tail', this.query(undefined));
    this.clause(block, 'select');
    this.expression(block, 'select', {});
  }

  /** Names that a table's own columns have, as in CHECK, and of sequences in defaults. */
  private mentionColumns(created: Created, columns: readonly CreatedColumn[], from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const tok = this.tokens[at];
      if (tok?.kind === 'string' && this.tokens[at - 1]?.word === '(' && SEQUENCE_CALLS.has(this.tokens[at - 2]?.word ?? ''))
        this.mentionInside(tok, 'sequence');
      if (!tok || !this.isName(tok) || this.tokens[at + 1]?.word === '(' || this.tokens[at - 1]?.word === '.') continue;
      const name = this.nameOf(tok);
      if (columns.some((column) => sameName(column.name.text, name.text))) this.mention('column', name, created.parts);
    }
  }

  /** `PREPARE p AS …`, `EXECUTE p (…)`, `DEALLOCATE p` */
  private prepared(word: string): void {
    this.at++;
    if (word === 'deallocate') this.accept('prepare');
    if (!this.isName(this.peek())) return;
    const name = this.takeName();
    if (word !== 'prepare') {
      this.mention('prepared', name);
      if (this.word() === '(') this.call(this.block('tail', this.query(undefined)), 'values', false);
      return;
    }
    this.statement.created = { ...emptyCreated('prepared', [name]) };
    if (this.word() === '(') this.skipBrackets();
    if (this.accept('as') && this.peek()) this.parseStatement();
  }

  private changeRelation(): void {
    const kind = this.word();
    const query = this.query(undefined);
    const block = this.block('tail', query);
    this.at++;
    if (this.accept('on') || kind === 'drop' || kind === 'alter') {
      if (kind !== 'comment' && this.mentionChanged()) return;
      if (!this.accept('table', 'view')) {
        if (kind === 'comment' && this.accept('column') && this.isName(this.peek())) this.commentedColumn();
        return;
      }
      if (this.accept('if')) while (this.accept('not', 'exists'));
    } else this.accept('table');
    query.members.push(block);
    const target = this.target(block, kind !== 'alter');
    if (kind !== 'alter') return;
    this.clause(block, 'set');
    if (target) this.alter(target.parts);
    while (this.peek() && !this.breaksStatement()) {
      const renamed = this.accept('rename', 'drop', 'alter');
      if (renamed) {
        this.accept('column');
        const name = this.peek();
        if (this.isName(name) && name && name.word !== 'to') this.refer(block, 'output', [this.takeName()], 'set', name.start, name.end);
        else this.skipOne();
      } else this.skipOne();
    }
  }

  /** `DROP TYPE IF EXISTS t` and the like; false for tables and views. */
  private mentionChanged(): boolean {
    const kinds: Readonly<Record<string, Mention['kind']>> = {
      type: 'type',
      sequence: 'sequence',
      schema: 'schema',
      macro: 'macro',
      function: 'macro',
      index: 'index',
    };
    const kind = kinds[this.word()];
    if (!kind) return false;
    this.at++;
    this.accept('table');
    if (this.accept('if')) this.accept('exists');
    if (this.isName(this.peek())) this.mention(kind, this.nameChain().parts.at(-1));
    return true;
  }

  /** `COMMENT ON COLUMN t.a` */
  private commentedColumn(): void {
    const { parts } = this.nameChain();
    const table = parts.slice(0, -1);
    if (table.length === 0) return;
    this.mention('table', table.at(-1), table);
    this.mention('column', parts.at(-1), table);
  }

  /** Reads the columns that an ALTER adds or renames, and goes back to where it began. */
  private alter(parts: readonly Name[]): void {
    const from = this.at;
    const columns: CreatedColumn[] = [];
    if (this.accept('add')) {
      this.accept('column');
      if (this.accept('if')) while (this.accept('not', 'exists'));
      if (this.isName(this.peek())) columns.push({ name: this.takeName(), type: this.type() ?? '', primaryKey: false });
    } else if (this.accept('rename')) {
      this.accept('column');
      if (this.word() === 'to' && this.isName(this.peek(1))) {
        this.at++;
        this.statement.created = { ...emptyCreated('table', [...parts.slice(0, -1), this.takeName()]), renamedFrom: parts };
      } else if (this.isName(this.peek()) && this.word() !== 'to') {
        this.at++;
        if (this.accept('to') && this.isName(this.peek())) columns.push({ name: this.takeName(), type: '', primaryKey: false });
      }
    }
    this.statement.altered = { parts, columns };
    this.at = from;
  }

  private copy(): void {
    const query = this.query(undefined);
    const block = this.block('tail', query);
    query.members.push(block);
    this.at++;
    if (this.word() === '(') {
      this.at++;
      this.bracketed(() => this.wholeQuery(block, { sourceLimit: 0 }));
    } else {
      this.target(block);
      if (this.word() === '(') this.outputList(block, 'columns');
    }
  }

  private create(): void {
    const query = this.query(undefined);
    const block = this.block('tail', query);
    this.at++;
    if (this.accept('or')) this.accept('replace');
    while (this.accept('temp', 'temporary', 'persistent', 'unlogged', 'local', 'global', 'recursive', 'unique'));
    const kind = this.word();
    this.at++;
    if (this.accept('if')) while (this.accept('not', 'exists'));
    if (kind === 'index') {
      this.createIndex(query, block);
      return;
    }
    if (!this.isName(this.peek())) return;
    const { parts } = this.nameChain();
    const created = emptyCreated(CREATED_KINDS[kind] ?? 'other', parts);
    this.statement.created = created;
    this.mentionQualifiers(parts);
    if (created.kind === 'macro') this.createMacro(created, block);
    else if (created.kind === 'table' || created.kind === 'view') {
      if (this.word() === '(') {
        if (kind === 'view' || this.isBareNameList()) created.columnAliases = this.nameList();
        else this.columnDefinitions(created, block);
      }
      const isHalfWritten = QUERY_STARTS.has(this.word()) && created.columns.length === 0 && !this.breaksStatement();
      if (this.accept('as') || isHalfWritten) created.query = this.wholeQuery(block, { sourceLimit: 0 });
    }
    this.closeBlock(block);
  }

  private createIndex(query: Query, block: Block): void {
    if (this.isName(this.peek())) this.statement.created = emptyCreated('index', this.nameChain().parts);
    if (!this.accept('on')) return;
    query.members.push(block);
    this.target(block);
    if (this.word() !== '(') return;
    this.clause(block, 'where');
    this.call(block, 'where', false);
  }

  /** `(a, b := 1) AS …`, and further forms behind commas. */
  private createMacro(created: Created, block: Block): void {
    const forms: MacroForm[] = [];
    do forms.push(this.macroForm(created, block));
    while (this.word() === ',' && this.word(1) === '(' && this.accept(','));
    created.forms = forms;
    const longest = forms.reduce((a, b) => (b.parameters.length > a.parameters.length ? b : a));
    created.parameters = longest.parameters.map(({ name }) => name);
  }

  private macroForm(created: Created, block: Block): MacroForm {
    const parameters: MacroParameter[] = [];
    if (this.accept('(')) {
      while (this.isName(this.peek())) {
        const name = this.takeName();
        if (this.isName(this.peek())) this.type();
        let value: string | undefined;
        if (this.accept(':=', '=>')) {
          const { start, end } = this.expression(block, 'values', { inCall: true });
          value = this.text.slice(start, end);
        }
        parameters.push({ name, value });
        if (!this.accept(',')) break;
      }
      this.accept(')');
    }
    if (!this.accept('as')) return { parameters, body: { start: this.lastEnd(), end: this.lastEnd() } };
    const from = this.lastEnd();
    if (this.word() === 'table' && this.word(1) !== '(') this.at++;
    else if (this.word() === 'table' && this.startsQuery(this.at + 1)) this.at++;
    const start = this.nextStart();
    if (QUERY_STARTS.has(this.word()) || this.isBracketedTable()) created.query = this.wholeQuery(block, { sourceLimit: 0 });
    else {
      this.clause(block, 'select');
      this.expression(block, 'select', {});
    }
    for (const { name } of parameters) block.locals.push({ name, list: undefined, start: from, end: this.nextStart() });
    return { parameters, body: { start, end: this.lastEnd() } };
  }

  private columnDefinitions(created: Created, block: Block): void {
    const columns: CreatedColumn[] = [];
    const keys: CreatedForeignKey[] = [];
    const primary: string[] = [];
    const rules: [number, number][] = [];
    const skipRule = () => {
      const from = this.at;
      this.skipOne();
      if (this.at > from + 1) rules.push([from, this.at]);
    };
    this.at++;
    this.clause(block, 'columns');
    this.bracketed(() => {
      do {
        const word = this.word();
        if (word === 'constraint') {
          this.at++;
          if (this.isName(this.peek())) this.at++;
        }
        if (this.word() === 'primary' || this.word() === 'unique' || this.word() === 'check' || this.word() === 'foreign') {
          const rule = this.word();
          this.at++;
          this.accept('key');
          if (rule === 'check') skipRule();
          else if (this.word() === '(') {
            const names = this.nameList((name) => this.mention('column', name, created.parts)).map(({ text }) => text);
            if (rule === 'primary') primary.push(...names);
            if (rule === 'foreign') keys.push(...this.referenced(names));
          }
        } else if (this.isName(this.peek())) {
          const name = this.takeName();
          const type = this.type() ?? '';
          let primaryKey = false;
          let generated = false;
          while (this.peek() && this.word() !== ',' && this.word() !== ')') {
            if (this.word() === 'primary') primaryKey = true;
            if (this.word() === 'generated' || (this.word() === 'as' && this.word(1) === '(')) generated = true;
            if (this.word() === 'references') keys.push(...this.referenced([name.text]));
            else skipRule();
          }
          columns.push({ name, type, primaryKey, generated });
        }
        while (this.peek() && this.word() !== ',' && this.word() !== ')' && !this.breaksStatement()) this.skipOne();
      } while (this.accept(','));
    });
    created.columns = columns.map((column) => (primary.includes(column.name.text) ? { ...column, primaryKey: true } : column));
    created.foreignKeys = keys;
    for (const [from, to] of rules) this.mentionColumns(created, columns, from, to);
  }

  private referenced(columns: readonly string[]): CreatedForeignKey[] {
    if (!this.accept('references') || !this.isName(this.peek())) return [];
    const { parts } = this.nameChain();
    this.mention('table', parts.at(-1), parts);
    const table = parts.map(({ text }) => text);
    const referenced = this.word() === '(' ? this.nameList((name) => this.mention('column', name, parts)).map(({ text }) => text) : [];
    return [{ columns, table, referenced }];
  }
}

function emptyCreated(kind: Created['kind'], parts: readonly Name[]): Created {
  return {
    kind,
    parts,
    columns: [],
    columnAliases: [],
    foreignKeys: [],
    parameters: [],
    forms: [],
    query: undefined,
    renamedFrom: undefined,
  };
}
