import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');

const SCHEMA = `
create schema "my s";
create type mood as enum ('sad', 'it''s');
create sequence s start 5;
create table "my s"."or der" (id integer primary key, m mood default 'sad', twice integer generated always as (id * 2), n bigint default nextval('s'));
insert into "my s"."or der" (id, m) values (1, 'sad'), (2, 'it''s');
create table z_parent (id integer primary key); insert into z_parent values (1), (2);
create table child (id integer references z_parent (id), t varchar, l varchar[], d double, b blob);
insert into child values (1, 'a' || chr(27) || chr(10) || chr(0) || '''', ['x', null], 0.1::double + 0.2, '\\x00\\xFF'), (2, null, [], 'nan', null);
create macro plus(x, y := 2) as x + y;
create macro rows_of(k) as table select * from child where id = k;
create view base as select 1 as id;
create view above as select plus(id) as z from base;
create or replace view base as select plus(id) as id from child;
create index by_text on child (t);
comment on table child is 'it''s';
comment on column child.t is 'a text';
`;

/** What must be the same in both: rows, definitions, comments, and what macros and sequences give. */
const CHECK = `
.mode json
select * from "my s"."or der" order by id;
select id, t, l, d, b::varchar as b from child order by id;
select * from above order by z;
select plus(1) as p, nextval('s') > 6 as moved;
from rows_of(2);
select sql from duckdb_tables() union all select sql from duckdb_views() where not internal union all select sql from duckdb_indexes() order by 1;
select table_name, comment from duckdb_tables() where comment is not null;
select column_name, comment from duckdb_columns() where comment is not null;
`;

describe.runIf(existsSync(PROGRAM))('.dump', () => {
  test('reads back equal, and so do csv and insert', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'run'), { mode: 0o700 });
    const kodiak = async (script: string) => {
      const file = join(folder, 'script.txt');
      writeFileSync(file, script);
      const env = { ...process.env, KODIAK_RUNTIME_DIR: join(folder, 'run'), NO_COLOR: '1' };
      const command = `"${process.execPath}" "${PROGRAM}" < "${file}"`;
      return (await promisify(execFile)('sh', ['-c', command], { cwd: folder, env, maxBuffer: 1 << 26 })).stdout;
    };
    const csv =
      "copy child to 'child.parquet';\n.mode csv\n.once child.csv\nselect id, t, d from child where t is null or t not like '%' || chr(0) || '%';\n";
    const before = await kodiak(`${SCHEMA}.output dump.sql\n.dump\n.output\n${csv}.mode trash\n${CHECK}`);
    const after = await kodiak(`.mode trash\n.read dump.sql\n${CHECK}.mode trash\n`);
    const answers = (text: string) => text.slice(text.indexOf('[\n{"id"'));
    expect(answers(after)).toBe(answers(before));
    expect(answers(after)).toContain("\\u001b\\n\\u0000'");
    const read = await kodiak(
      ".mode list\nselect count(*) from 'child.csv' c join 'child.parquet' p on c.id = p.id where c.t is not distinct from p.t and c.d is not distinct from p.d;\n",
    );
    expect(read).toBe('count_star()\n1\n');
  });
});
