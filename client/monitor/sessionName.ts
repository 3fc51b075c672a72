/** What people call a session: `notebook tour.kodiak.sql`, `orders.sql`, `terminal 4711`. */
export function sessionName(sessionId: string, isNotebook = false): string {
  const terminal = /^terminal-(\d+)/.exec(sessionId)?.[1];
  if (terminal !== undefined) return `terminal ${terminal}`;
  if (sessionId.startsWith('kodiak-tests:')) return 'assertions in the Testing view';
  if (sessionId === 'lsp') return 'another editor';
  const file = /^[a-z][a-z0-9+.-]+:.*?([^/\\]+?)(?:\?.*)?$/i.exec(sessionId)?.[1];
  if (file === undefined) return sessionId;
  const name = decoded(file);
  return isNotebook || /\.kodiak\.sql$/i.test(name) ? `notebook ${name}` : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
