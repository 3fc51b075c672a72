import type { KodiakError } from '../base/errors.ts';
import { Turns } from '../base/turns.ts';
import type { Connection } from '../duckdb/connection.ts';
import { withReplacements } from '../sql/nameRepairs.ts';
import { judgePreparability, type PreparableFacts } from '../sql/preparable.ts';
import { splitStatements } from '../sql/splitStatements.ts';
import type { Checker, CheckOptions, Column, ScriptPlace } from '../types.ts';
import { type DefinedCounts, type Facts, FactsReader } from './databaseFacts.ts';
import { moved } from './errorPosition.ts';
import { LargeFileStubs } from './largeFileStubs.ts';
import { type Plan, ScriptPlanner, type Surroundings, type Task } from './scriptPlan.ts';
import { ScriptStubs } from './scriptStubs.ts';
import { SessionNamesReader } from './sessionNames.ts';
import { statementErrors } from './statementErrors.ts';
import { mentions } from './statementWords.ts';
import { type Link, StubConnections } from './stubConnections.ts';
import type { NameProbing } from './unknownNames.ts';

/** Answers that are kept, one per statement and state of the names around it. */
const MAX_ANSWERS = 20_000;

/** Enough to tell what already acts while it is parsed. */
const NO_FACTS: PreparableFacts = {
  functions: new Set(),
  tableMacros: new Set(),
  tableFunctions: new Set(),
  overFiles: new Set(),
  remote: new Set(),
};

/** What a checker needs of the engine. */
export interface CheckerParts {
  /** A new connection that looks for relative paths in a folder. */
  connect(folder: string | undefined): Promise<Connection>;
  readonly probe: NameProbing;
  readonly defined: DefinedCounts;
  readonly onClosed: () => void;
}

/**
 * Asks DuckDB about statements by PREPARE, on two connections of its own: one with stand-ins for what the script makes, and one that
 * sees only what is there. A statement is wrong when it is wrong on both.
 */
export class StatementChecker implements Checker {
  readonly #parts: CheckerParts;
  readonly #answers = new Map<string, readonly KodiakError[]>();
  readonly #files = new LargeFileStubs();
  readonly #names = new SessionNamesReader();
  readonly #facts: FactsReader;
  readonly #planner = new ScriptPlanner();
  readonly #turns = new Turns();
  #plain: { readonly key: string; readonly stubs: ScriptStubs } | undefined;
  readonly #stubbed = new StubConnections();
  #planned: (Plan & { readonly cells: readonly string[] }) | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
    this.#facts = new FactsReader(parts.defined);
  }

  check(cells: readonly string[], options: CheckOptions = {}): Promise<readonly (readonly KodiakError[])[]> {
    return this.#turns.take(() => this.#check(cells, options));
  }

  parses(statements: readonly string[], signal?: AbortSignal): Promise<readonly boolean[]> {
    return this.#turns.take(() => this.#parses(statements, signal));
  }

  describe(
    place: ScriptPlace,
    queries: readonly string[],
    options: CheckOptions = {},
  ): Promise<readonly (readonly Column[] | undefined)[]> {
    return this.#turns.take(() => this.#describe(place, queries, options));
  }

  describeScript(cells: readonly string[], options: CheckOptions = {}): Promise<readonly (readonly Column[] | undefined)[]> {
    return this.#turns.take(() => this.#describeScript(cells, options));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#plain?.stubs.connection.close(), this.#stubbed.close()]);
    await this.#turns.ended;
    await Promise.all([this.#plain?.stubs.connection.close(), this.#stubbed.close()]);
    this.#parts.onClosed();
  }

  async #check(cells: readonly string[], options: CheckOptions): Promise<KodiakError[][]> {
    const { signal, focus } = options;
    const found: KodiakError[][] = cells.map(() => []);
    if (this.#closed !== undefined) return found;
    const { tasks, facts, around, chain } = await this.#prepare(cells, options);
    const ask = (task: Task) => this.#answer(task, facts, around, chain);
    const first =
      focus && tasks.find(({ cell, statement: { start, end } }) => cell === focus.cell && start <= focus.offset && focus.offset <= end);
    if (first && first !== tasks[0]) {
      const errors = await ask(first);
      if (signal?.aborted || this.#isClosed()) return found;
      focus.onFound(
        { start: first.statement.start, end: first.statement.end },
        errors.map((error) => moved(error, first)),
      );
    }
    for (const task of tasks) {
      if (signal?.aborted || this.#isClosed()) return found;
      for (const error of await ask(task)) found[task.cell]?.push(moved(error, task));
    }
    return found;
  }

  async #parses(statements: readonly string[], signal: AbortSignal | undefined): Promise<boolean[]> {
    const verdicts: boolean[] = [];
    for (const text of statements) {
      if (signal?.aborted || this.#closed !== undefined) break;
      const [statement, ...others] = splitStatements(text);
      const asked = statement && others.length === 0 ? judgePreparability(statement, text, NO_FACTS).ask : 'nothing';
      const connection = (this.#plain?.stubs ?? (await this.#openPlain({ key: '', names: undefined, cwd: undefined }))).connection;
      const error = asked === 'nothing' ? undefined : await connection.check({ text, script: text, toScript: (offset) => offset }, false);
      verdicts.push(!error || !/^Parser Error/.test(error.message));
    }
    return verdicts;
  }

  async #describe(
    { cells, cell, offset }: ScriptPlace,
    queries: readonly string[],
    options: CheckOptions,
  ): Promise<(readonly Column[] | undefined)[]> {
    if (this.#closed !== undefined) return queries.map(() => undefined);
    const { tasks, facts, around, chain } = await this.#prepareOnce(cells.slice(0, cell + 1), options);
    const earlier = tasks.filter((task) => task.cell < cell || task.statement.end < offset);
    const next = tasks[earlier.length];
    const functions = next?.functions ?? tasks.at(-1)?.functions ?? facts.functions;
    const stubs = await this.#openStubbed(around, chain.slice(0, next?.links ?? chain.length));
    const plain = await this.#openPlain(around);
    const readsFiles = options.readsFiles !== false;
    const described: (readonly Column[] | undefined)[] = [];
    for (const text of queries) {
      const [statement, ...others] = splitStatements(text);
      const mayBind =
        statement && others.length === 0 && judgePreparability(statement, text, { ...facts, functions, readsFiles }).ask === 'prepare';
      if (!mayBind || options.signal?.aborted) described.push(undefined);
      else {
        const lighter = withReplacements(statement, await this.#files.replacements(statement, text, around.cwd, plain.connection));
        described.push(await stubs.connection.describe(lighter.text));
      }
    }
    return described;
  }

  async #describeScript(cells: readonly string[], options: CheckOptions): Promise<(readonly Column[] | undefined)[]> {
    if (this.#closed !== undefined) return [];
    const { tasks, around, chain } = await this.#prepare(cells, options);
    const found: (readonly Column[] | undefined)[] = [];
    for (const { statement, script, judged, links } of tasks) {
      const stubs = await this.#openStubbed(around, chain.slice(0, links));
      const known = judged.ask === 'prepare' && !stubs.isVague && !mentions(statement, script, stubs.uncertain);
      found.push(known ? await stubs.connection.describe(statement.text) : undefined);
    }
    return found;
  }

  /** Many places of one script are described in turn. What is planned then is read for places and links alone, not for the keys. */
  async #prepareOnce(cells: readonly string[], options: CheckOptions): Promise<Plan> {
    const { around, facts } = await this.#surround(options);
    const last = this.#planned;
    const isSame = last?.facts === facts && last.around.key === around.key && last.cells.length === cells.length;
    if (isSame && last.cells.every((text, index) => text === cells[index])) return last;
    this.#planned = { cells, ...(await this.#prepare(cells, options)) };
    return this.#planned;
  }

  async #prepare(cells: readonly string[], options: CheckOptions): Promise<Plan> {
    const { around, facts } = await this.#surround(options);
    return this.#planner.plan(cells, facts, around, options.readsFiles !== false);
  }

  async #surround(options: CheckOptions): Promise<{ readonly around: Surroundings; readonly facts: Facts }> {
    const { session, cwd } = options;
    const names = options.namesUnknown ? undefined : await this.#names.read(session);
    const { tables, functions } = this.#parts.defined;
    const readsFiles = options.readsFiles !== false;
    const around: Surroundings = { key: JSON.stringify([tables, functions, cwd, readsFiles, names ?? null]), names, cwd };
    return { around, facts: await this.#facts.read((await this.#openPlain(around)).connection) };
  }

  #isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The errors of a statement; positions are relative to it, so that the answer holds wherever the statement moves. */
  async #answer(task: Task, facts: Facts, around: Surroundings, chain: readonly Link[]): Promise<readonly KodiakError[]> {
    const known = this.#answers.get(task.key);
    if (known) return task.madeTwice ? [task.madeTwice, ...known] : known;
    const stubs = await this.#openStubbed(around, chain.slice(0, task.links));
    const plain = await this.#openPlain(around);
    const answer = await statementErrors(task, { stubs, plain, facts, around, files: this.#files, probe: this.#parts.probe });
    this.#keep(task.key, answer);
    return task.madeTwice ? [task.madeTwice, ...answer] : answer;
  }

  async #openPlain(around: Surroundings): Promise<ScriptStubs> {
    if (this.#plain?.key === around.key) return this.#plain.stubs;
    await this.#plain?.stubs.connection.close();
    this.#plain = { key: around.key, stubs: await this.#openStubs(around) };
    return this.#plain.stubs;
  }

  /** The connection on which exactly the chain's statements have their stand-ins. */
  #openStubbed(around: Surroundings, chain: readonly Link[]): Promise<ScriptStubs> {
    return this.#stubbed.at(around.key, chain, () => this.#openStubs(around));
  }

  async #openStubs({ names, cwd }: Surroundings): Promise<ScriptStubs> {
    const stubs = new ScriptStubs(await this.#parts.connect(cwd));
    if (names) await stubs.mirror(names);
    else stubs.isVague = true;
    return stubs;
  }

  #keep(key: string, answer: readonly KodiakError[]): void {
    this.#answers.set(key, answer);
    if (this.#answers.size <= MAX_ANSWERS) return;
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}
