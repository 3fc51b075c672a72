export interface ScopeCheck {
  /** For the name of a test: the text and its scopes. */
  readonly title: string;
  readonly text: string;
  /** Which occurrence of the text is meant, from 1. */
  readonly occurrence: number;
  readonly expected: readonly string[];
  readonly unexpected: readonly string[];
}

export interface ScopeCase {
  readonly title: string;
  readonly source: string;
  readonly checks: readonly ScopeCheck[];
}

export interface ScopedText {
  readonly source: string;
  /** Scopes of each UTF-16 code unit. */
  readonly scopes: readonly (readonly string[])[];
}

export function readCases(file: string): { readonly scopeName: string; readonly cases: readonly ScopeCase[] };
export function openGrammars(hosts: Readonly<Record<string, string>>): (scopeName: string, source: string) => Promise<ScopedText>;
/** Why the check does not hold; empty when it holds. */
export function violation(check: ScopeCheck, text: ScopedText): string;
