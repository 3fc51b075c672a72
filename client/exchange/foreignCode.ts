/** Names of languages as people write them. */
const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  python: 'Python',
  csharp: 'C#',
  fsharp: 'F#',
  powershell: 'PowerShell',
  pwsh: 'PowerShell',
  javascript: 'JavaScript',
  typescript: 'TypeScript',
  kql: 'KQL',
  r: 'R',
  julia: 'Julia',
  scala: 'Scala',
  bash: 'Bash',
  html: 'HTML',
  mermaid: 'Mermaid',
  http: 'HTTP',
};

/** Code that Kodiak does not run, as a markdown cell that shows it. `language` is empty where it is not known. */
export function foreignCode(text: string, language: string): string {
  const info = language.toLowerCase().replaceAll(/[^a-z0-9+#-]/g, '');
  const name = languageName(language);
  return `*${name === '' ? 'This cell' : `${name} cell`} of the original notebook: Kodiak does not run it.*\n\n${fenced(text, info)}`;
}

/** `C#` for `csharp`. */
export function languageName(language: string): string {
  return LANGUAGE_NAMES[language.toLowerCase()] ?? language.replaceAll(/[^\w+# .-]/g, '');
}

/** A block of code whose fence is longer than any that the text has. */
export function fenced(text: string, info: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${info}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}
