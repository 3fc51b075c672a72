import { describe, expect, it } from 'vitest';
import { redactMessage, redactSecrets } from '../../../engine/sql/redactSecrets.ts';

const masked = (sql: string) => redactSecrets(sql).text;

describe('what of a statement is a secret', () => {
  it('hides all values of CREATE SECRET but its type', () => {
    expect(masked("CREATE SECRET s3 (TYPE s3, KEY_ID 'AKIA', SECRET 'x''y', REGION 'eu')")).toBe(
      "CREATE SECRET s3 (TYPE s3, KEY_ID '***', SECRET '***', REGION 'eu')",
    );
    expect(masked('create or replace persistent secret if not exists s (type s3, key_id AKIA-12, secret $$top$$, use_ssl false)')).toBe(
      "create or replace persistent secret if not exists s (type s3, key_id '***', secret '***', use_ssl '***')",
    );
    expect(masked("create secret (type http, extra_http_headers map {'Authorization': 'Bearer abc'} /* abc */)")).not.toContain('abc');
    expect(masked("create secret s type s3 secret 'abc'")).not.toContain('abc');
    expect(masked("create secret (type s3, secret 'abc")).not.toContain('abc');
  });

  it('keeps a plain path of ATTACH and nothing that may hold a password', () => {
    expect(masked("ATTACH 'sales.duckdb' AS s (READ_ONLY)")).toBe("ATTACH 'sales.duckdb' AS s (READ_ONLY)");
    expect(masked("attach 'x.db' as x (type sqlite, encryption_key 'abc')")).toBe("attach 'x.db' as x (type sqlite, encryption_key '***')");
    expect(masked("attach if not exists 'host=h user=u password=abc' as pg (type postgres)")).not.toContain('abc');
    expect(masked("attach 'postgres://u:abc@h/db' as pg (type 'postgres')")).toBe("attach '***' as pg (type 'postgres')");
    expect(masked('attach "mysql://u:abc@h/db"')).not.toContain('abc');
  });

  it('hides a value behind a name that sounds like a secret, and parts of addresses', () => {
    expect(masked("set s3_secret_access_key = 'abc'")).toBe("set s3_secret_access_key = '***'");
    expect(masked("set variable api_token to 'abc'")).toBe("set variable api_token to '***'");
    expect(masked("alter user u password 'abc'")).toBe("alter user u password '***'");
    expect(masked("pragma add_parquet_key('k', 'abc')")).toBe("pragma add_parquet_key('k', '***')");
    expect(masked("from read_parquet('https://u:abc@h/x.parquet?sig=def&a=1')")).toBe(
      "from read_parquet('https://***@h/x.parquet?sig=***&a=1')",
    );
    expect(masked("from postgres_scan('host=h password=abc dbname=d', 's', 't')")).toBe(
      "from postgres_scan('host=h password=*** dbname=d', 's', 't')",
    );
  });

  it('leaves other statements as they are', () => {
    const sql = "select 'O''Brien', \"secret\" from t where tokens > 5 and name = 'x' -- a comment";
    expect(redactSecrets(sql)).toEqual({ text: sql, secrets: [] });
  });

  it('hides in a message what it hid in the statement', () => {
    const { secrets } = redactSecrets("create secret (type s3, secret 'abc''d')");
    expect(redactMessage("Parser Error … secret 'abc''d') … value abc'd", secrets)).toBe('Parser Error … secret ***) … value ***');
    expect(redactMessage('Unable to connect: postgres://u:pw@h/db', [])).toBe('Unable to connect: postgres://***@h/db');
  });
});
