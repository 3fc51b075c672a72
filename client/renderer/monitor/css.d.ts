/** The build gives a style sheet as its text. */
declare module '*.css' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: it is how the build exports a text.
  export default text;
}
