import { formatCount } from '../monitor/statsText.ts';
import { languageName } from './foreignCode.ts';
import type { ImportedCell } from './importedNotebook.ts';
import { MAX_SAVED_ROWS } from './savedOutputs.ts';
import type { SqlcmdText } from './sqlDialect.ts';

const MAX_NAMED = 8;

/** Collects what a person should know about an import, and says each thing once. */
export class ImportNotes {
  imagesDropped = 0;
  picturesDropped = 0;
  /** Stored tables of which only the first rows are shown. */
  shortened = 0;
  /** Cells that only loaded or configured a magic command. */
  setUps = 0;
  /** Cells whose SQL has `{{name}}` or `{name}` in it. */
  templates = 0;
  readonly connections = new Set<string>();
  /** What the lines of magic commands say beside SQL. */
  readonly magics = new Set<string>();
  readonly #languages = new Map<string, number>();
  readonly #signs = new Map<string, number>();
  readonly #commands = new Set<string>();
  readonly #variables = new Set<string>();
  #tsqlCells = 0;
  #separatedCells = 0;
  #repeated = 0;

  /** A cell in a language that Kodiak does not run. */
  foreign(language: string): void {
    this.#languages.set(language, (this.#languages.get(language) ?? 0) + 1);
  }

  /** A cell that looks like T-SQL, by these signs. */
  tsql(signs: readonly string[]): void {
    this.#tsqlCells++;
    for (const sign of signs) this.#signs.set(sign, (this.#signs.get(sign) ?? 0) + 1);
  }

  sqlcmd({ separators, repeated, commands, variables }: Omit<SqlcmdText, 'text'>): void {
    if (separators > 0) this.#separatedCells++;
    this.#repeated += repeated;
    for (const command of commands) this.#commands.add(command);
    for (const variable of variables) this.#variables.add(variable);
  }

  sentences(cells: readonly ImportedCell[]): string[] {
    const signs = [...this.#signs].sort(([, a], [, b]) => b - a).map(([sign]) => sign);
    return [
      ...(cells.some(({ outputs }) => outputs.length > 0)
        ? ['Results below the cells are those that the file had stored, not new ones.']
        : []),
      ...(this.#tsqlCells > 0
        ? [
            `${cellCount(this.#tsqlCells)} ${this.#tsqlCells === 1 ? 'looks' : 'look'} like T-SQL (${list(signs)}): nothing was translated, and DuckDB may not know it.`,
          ]
        : []),
      ...[...this.#languages].map(([language, count]) => {
        const kind = language === '' ? 'of another language' : `in ${languageName(language)}`;
        return `${cellCount(count)} ${kind} ${count === 1 ? 'is' : 'are'} kept as text.`;
      }),
      ...(this.connections.size > 0
        ? [`The notebook was connected to ${list([...this.connections])}; here all cells run in Kodiak's database. ATTACH opens another.`]
        : []),
      ...(this.magics.size > 0 ? [`Left out of the magic commands: ${list([...this.magics])}.`] : []),
      ...(this.setUps > 0
        ? [`${cellCount(this.setUps)} that only set up magic commands ${this.setUps === 1 ? 'was' : 'were'} left out.`]
        : []),
      ...(this.templates > 0
        ? [
            `${cellCount(this.templates)} ${this.templates === 1 ? 'puts' : 'put'} variables of another language into SQL ({name}): use $name and parameters.`,
          ]
        : []),
      ...(this.#separatedCells > 0 ? [`GO became the end of a statement in ${cellCount(this.#separatedCells)}.`] : []),
      ...(this.#repeated > 0 ? ['What GO was to repeat is there once.'] : []),
      ...(this.#commands.size > 0 ? [`Commands of sqlcmd became comments: ${list([...this.#commands])}.`] : []),
      ...(this.#variables.size > 0
        ? [`${list([...this.#variables])} of sqlcmd stands as it was: write its value, or a parameter, in its place.`]
        : []),
      ...(this.imagesDropped > 0 ? [`${count(this.imagesDropped, 'attached image', 'attached images')} left out.`] : []),
      ...(this.picturesDropped > 0
        ? [`${count(this.picturesDropped, 'stored picture or widget', 'stored pictures or widgets')} left out.`]
        : []),
      ...(this.shortened > 0
        ? [`Of ${count(this.shortened, 'stored table', 'stored tables')} only the first ${formatCount(MAX_SAVED_ROWS)} rows are here.`]
        : []),
    ];
  }
}

function cellCount(number: number): string {
  return count(number, 'cell', 'cells');
}

function count(number: number, one: string, several: string): string {
  return `${formatCount(number)} ${number === 1 ? one : several}`;
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return [...names.slice(0, MAX_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
