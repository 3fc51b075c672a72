import { expect, it } from 'vitest';
import { rowsOf, withSession } from '../../support/engines.ts';

/** Settings that a RESET of changes what other statements of the list mean, or that act. */
const ACTING = /^(?:search_path|schema|access_mode)$/;

it('stays silent about every example, setting, type and pragma of DuckDB itself', async () => {
  await withSession(async (session, engine) => {
    const checker = engine.openChecker();
    const names = async (sql: string) => (await rowsOf(session, sql)).map(([name]) => String(name));
    const examples = await names(
      "select distinct unnest(examples) from duckdb_functions() where internal and function_type in ('scalar', 'aggregate') order by all",
    );
    const settings = await names('select distinct name from duckdb_settings() order by all');
    const types = await names("select distinct type_name from duckdb_types() where database_name = 'system' order by all");
    const pragmas = await names("select distinct function_name from duckdb_functions() where function_type = 'pragma' order by all");
    const texts = [
      ...examples.map((example) => `select ${example}`),
      ...settings.filter((name) => !ACTING.test(name)).flatMap((name) => [`reset ${name}`, `set ${name} = 1`, `pragma ${name} = 1`]),
      ...types.map((type) => `select null::"${type}"`),
      ...pragmas.map((pragma) => `pragma ${pragma}`),
    ];
    const wrong: string[] = [];
    let accepted = 0;
    for (const text of texts) {
      const [errors = []] = await checker.check([text]);
      const isExpression = text.startsWith('select');
      // Some examples are not SQL, or need tables that nobody has.
      const right =
        !isExpression ||
        (await session.run(`explain ${text}`).then(
          (result) => result.release() === undefined,
          () => false,
        ));
      if (right) accepted++;
      if (right && errors.length > 0) wrong.push(`${text}: ${errors[0]?.message}`);
    }
    expect(wrong).toEqual([]);
    expect(accepted).toBeGreaterThan(1_000);
  });
});
