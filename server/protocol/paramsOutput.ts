/** Type of a params cell's output whose JSON is a `ParamsOutput`. */
export const PARAMS_MIME = 'application/vnd.kodiak.params+json';

/** The renderer that package.json registers for `PARAMS_MIME`. */
export const PARAMS_RENDERER_ID = 'kodiak-params';

/** How a value is put in. `expression` is computed by SQL and changed in the cell. */
export type ParameterKind = 'text' | 'integer' | 'number' | 'checkbox' | 'date' | 'timestamp' | 'time' | 'select' | 'expression';

/** A parameter of a notebook as its input shows it. */
export interface ShownParameter {
  readonly name: string;
  readonly label: string;
  readonly kind: ParameterKind;
  /** `null` is NULL; of an expression its SQL. */
  readonly value: string | null;
  readonly choices?: readonly string[];
  readonly min?: string;
  readonly max?: string;
}

/** What a params cell's output holds. */
export interface ParamsOutput {
  /** Names the output in messages. */
  readonly key: string;
  readonly parameters: readonly ShownParameter[];
  /** A change runs the cells that depend on it at once. */
  readonly auto: boolean;
  /** The cell's text has changed since it ran. */
  readonly edited: boolean;
}

/** From the renderer to the extension. */
export type ParamsRequest =
  | { readonly type: 'setParameter'; readonly key: string; readonly name: string; readonly value: string | null }
  | { readonly type: 'setAuto'; readonly key: string; readonly auto: boolean }
  | { readonly type: 'runDependents'; readonly key: string };

/** From the extension to the renderer. */
export type ParamsReply =
  | {
      /** The input with this name was refused, or taken (without a `problem`). */
      readonly type: 'parameterSet';
      readonly key: string;
      readonly name: string;
      readonly problem?: string;
      /** Cells that have to run to show the new value. */
      readonly dependents: number;
    }
  | { readonly type: 'parametersChanged'; readonly key: string; readonly output: ParamsOutput };
