import { createHash } from 'node:crypto';
import { KodiakError } from '../base/errors.ts';
import { DefinedTwice } from '../sql/definedTwice.ts';
import { readDefinition, unquoted } from '../sql/definition.ts';
import { maskDotCommands } from '../sql/dotCommands.ts';
import { DroppedTables } from '../sql/droppedTables.ts';
import { GrowingNames, type NamesKnown, type NamesListed } from '../sql/growingNames.ts';
import { judgePreparability, type Preparability, type PreparableFacts } from '../sql/preparable.ts';
import { type Statement, splitStatements } from '../sql/splitStatements.ts';
import { namesWrittenFile, writtenPath } from '../sql/writtenFiles.ts';
import type { Facts } from './databaseFacts.ts';
import { positionOf } from './errorPosition.ts';
import { stamps } from './fileStamps.ts';
import { ScriptStubs } from './scriptStubs.ts';
import type { SessionNames } from './sessionNames.ts';
import { wordOf } from './statementWords.ts';
import type { Link } from './stubConnections.ts';

/** Verdicts that are kept, one per statement and the functions made before it. */
const MAX_VERDICTS = 20_000;
/** Longer statements are data, and are not checked. */
const MAX_STATEMENT_CHARACTERS = 256 * 1024;
/** Words of DROP and ALTER that are followed one by one; with more, any name may be one that was dropped. */
const MAX_DROPPED = 1_000;

/** What the answers depend on beside the texts. */
export interface Surroundings {
  readonly key: string;
  readonly names: SessionNames | undefined;
  readonly cwd: string | undefined;
}

/** A statement with what stands before it. */
export interface Task {
  readonly cell: number;
  readonly text: string;
  readonly script: string;
  readonly statement: Statement;
  readonly judged: Preparability;
  readonly functions: NamesKnown;
  /** Of the text before, the surroundings, and the files that it may read. */
  readonly key: string;
  /** Number of the statements before it that change what names mean. */
  readonly links: number;
  /** Another statement writes a file that it reads. */
  readonly readsWritten: boolean;
  /** What an earlier statement made, which this one makes again. */
  readonly madeTwice: KodiakError | undefined;
  readonly prepared: NamesListed;
  readonly dropped: ReadonlySet<string>;
  /** Tables that earlier statements of the cell drop. */
  readonly gone: ReadonlySet<string>;
}

/** The statements of a script, and what their answers depend on. */
export interface Plan {
  readonly tasks: readonly Task[];
  readonly facts: Facts;
  readonly around: Surroundings;
  readonly chain: readonly Link[];
}

/** Reads a script for what must be known before its statements are asked about. */
export class ScriptPlanner {
  /** Verdicts by what makes functions before and the statement's text; as long as the facts hold. */
  readonly #verdicts = new Map<string, Preparability>();
  #facts: Facts | undefined;

  /** Every statement with what must be known of those before it; nothing is asked. */
  plan(cells: readonly string[], facts: Facts, around: Surroundings, readsFiles: boolean): Plan {
    if (this.#facts !== facts) this.#verdicts.clear();
    this.#facts = facts;
    const chain: Link[] = [];
    const tasks = this.#tasks(cells, { ...facts, readsFiles }, around, chain);
    return { tasks, facts, around, chain };
  }

  #tasks(cells: readonly string[], facts: Facts & { readonly readsFiles: boolean }, around: Surroundings, chain: Link[]): Task[] {
    const tasks: Task[] = [];
    const made = new GrowingNames();
    const preparedNames = new GrowingNames(around.names?.prepared);
    let prepared = preparedNames.now();
    let dropped: ReadonlySet<string> = new Set();
    const written: string[] = [];
    const twice = new DefinedTwice();
    let functions: NamesKnown = facts.functions;
    let prefix = createHash('sha1').update(around.key).digest('base64');
    for (const [cell, text] of cells.entries()) {
      const script = maskDotCommands(text);
      const gone = new DroppedTables();
      for (const statement of splitStatements(script)) {
        if (statement.text.length > MAX_STATEMENT_CHARACTERS) continue;
        const judged = this.#judge(statement, script, { ...facts, functions }, functions === facts.functions ? '' : prefix);
        const doubled = twice.add(statement, script);
        tasks.push({
          cell,
          text,
          script,
          statement,
          judged,
          functions,
          key: `${prefix}${[...gone.gone].join()}\n${facts.readsFiles ? stamps(statement, script, around.cwd) : ''}\n${statement.text}`,
          links: chain.length,
          readsWritten: namesWrittenFile(statement, script, written),
          madeTwice: doubled && new KodiakError('sql', doubled.message, { position: positionOf(doubled, statement) }),
          prepared,
          dropped,
          gone: gone.gone,
        });
        gone.add(statement, script);
        const path = writtenPath(statement, script);
        if (path !== undefined) written.push(path);
        const [word, name] = [wordOf(statement, script, 0), wordOf(statement, script, 1)];
        if (word === 'prepare') {
          preparedNames.add(name);
          prepared = preparedNames.now();
        }
        if (word === 'drop' || word === 'use' || word === 'alter') {
          const words = statement.tokens.map((token) => unquoted(token, script).toLowerCase());
          const isAll = word === 'use' || dropped.has('*') || dropped.size + words.length > MAX_DROPPED;
          dropped = isAll ? new Set(['*']) : new Set([...dropped, ...words]);
        }
        if (ScriptStubs.changesNames(statement, script)) {
          chain.push({ statement, script, mayBind: judged.ask === 'prepare' });
          prefix = createHash('sha1').update(`${prefix}\n;${statement.text}`).digest('base64');
          const definition = readDefinition(statement, script);
          if (definition?.kind === 'macro') {
            made.add(definition.name.toLowerCase());
            const known = made.now();
            functions = { has: (other) => facts.functions.has(other) || known.has(other) };
          }
        }
      }
    }
    return tasks;
  }

  /** The verdict on a text without unknown functions, whose places it would tell, holds wherever the text stands. */
  #judge(statement: Statement, script: string, facts: PreparableFacts, before: string): Preparability {
    const key = `${before}\n${facts.readsFiles}\n${statement.text}`;
    const known = this.#verdicts.get(key);
    if (known) return known;
    const verdict = judgePreparability(statement, script, facts);
    if (this.#verdicts.size >= MAX_VERDICTS) this.#verdicts.clear();
    if (!verdict.unknownFunctions) this.#verdicts.set(key, verdict);
    return verdict;
  }
}
