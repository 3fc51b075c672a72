import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { History, historyFile } from '../../../client/terminal/history.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kodiak-history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('history', () => {
  test('keeps statements of several lines as one entry, in a private file', () => {
    const file = join(folder, 'history');
    const history = new History(file);
    history.add("select '\\n',\n  1;");
    history.add('.help');
    history.add('.help');
    history.add('  ');
    expect(new History(file).entries).toEqual(["select '\\n',\n  1;", '.help']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('makes a file private that others could read', () => {
    const file = join(folder, 'history');
    writeFileSync(file, 'select 0;\n', { mode: 0o644 });
    new History(file).add('select 1;');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(new History(file).entries).toEqual(['select 0;', 'select 1;']);
  });

  test('stays below 5,000 entries, and keeps those of another program', () => {
    const file = join(folder, 'history');
    writeFileSync(file, Array.from({ length: 5_000 }, (_, at) => `select ${at};\n`).join(''));
    const history = new History(file);
    writeFileSync(file, 'select other;\n', { flag: 'a' });
    history.add('select last;');
    const kept = new History(file).entries;
    expect(kept.length).toBe(4_500);
    expect(kept.slice(-2)).toEqual(['select other;', 'select last;']);
  });

  test('writes no secret, which can be had again as long as the program runs', () => {
    const file = join(folder, 'history');
    const history = new History(file);
    const secret = "create secret s (type s3, key_id 'who', secret 'hunter2');";
    const attach = '.shell psql postgres://me:hunter2@host/db';
    const more = [
      "-- prod\ncreate secret s (type http, extra_http_headers map {'Authorization': 'hunter2'});",
      "load httpfs; create secret s (type s3, secret 'hunter2'); select 'keep me';",
      "load azure; attach 'sftp:u%hunter2;x' as p (type foo, sasl 'hunter2');",
      ".explain create secret s (type s3, secret 'hunter2')",
    ];
    for (const entry of [secret, attach, ...more]) history.add(entry);
    expect(history.entries).toEqual([secret, attach, ...more]);
    const written = readFileSync(file, 'utf8');
    expect(written).not.toMatch(/hunter2|who'/);
    expect(written).toContain("select 'keep me';");
    expect(new History(file).entries[0]).toMatch(/^create secret s \(type s3, key_id '\*\*\*', secret '\*\*\*'\);$/);
  });

  test('works without a file', () => {
    const history = new History(join(folder, 'missing', 'history'));
    history.add('select 1;');
    expect(history.entries).toEqual(['select 1;']);
    writeFileSync(join(folder, 'file'), '');
    chmodSync(join(folder, 'file'), 0o400);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('');
  });

  test('lies in the home folder, or where the user wants it', () => {
    expect(historyFile({ KODIAK_HISTORY: '/x' })).toBe('/x');
    expect(historyFile({})).toMatch(/\.kodiak_history$/);
  });
});
