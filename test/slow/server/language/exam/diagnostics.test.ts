import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { type Exam, sharedExam } from '../../../../support/exam.ts';
import { placeMarked, written } from '../../../../support/examMarks.ts';

const shared = sharedExam();

interface Questions {
  /** Scripts that DuckDB accepts, or whose errors nobody can know before they run. */
  readonly clean: readonly string[];
  /** `«»` is around each error; `says` is a part of each message. `loose` ones need only overlap. */
  readonly errors: readonly { readonly sql: string; readonly says: readonly string[]; readonly loose?: boolean }[];
}

const { clean, errors } = JSON.parse(readFileSync('test/slow/server/language/exam/diagnostics.json', 'utf8')) as Questions;
/** Documents that are open at the same time. */
const BATCH = 24;

test('what DuckDB accepts is never reported', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong = await inBatches(clean, async (sql) => {
    const place = await exam.place(sql);
    const found = (await exam.diagnostics(place)).flat();
    await exam.close(place);
    return found.length > 0 ? [sql, ...found.map(said)] : undefined;
  });
  expect(wrong).toEqual([]);
});

test('errors are found where they are, however many there are', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong = await inBatches(errors, (question) => judge(exam, question));
  expect(wrong).toEqual([]);
});

async function judge(exam: Exam, { sql, says, loose = false }: Questions['errors'][number]) {
  const place = await placeMarked(exam, sql);
  const all = await exam.diagnostics(place);
  await exam.close(place);
  const found = all
    .flatMap((list, index) => list.map((diagnostic) => ({ at: written(index, diagnostic.range), message: String(diagnostic.message) })))
    .sort((a, b) => place.marks.indexOf(a.at) - place.marks.indexOf(b.at));
  const right =
    found.length === says.length &&
    found.every(
      ({ at, message }, index) =>
        (loose ? message !== '' : at === place.marks[index]) && message.toLowerCase().includes((says[index] ?? '').toLowerCase()),
    );
  return right ? undefined : [sql, place.marks, found];
}

function said({ message, range }: Diagnostic): string {
  return `${written(0, range)} ${String(message)}`;
}

async function inBatches<Question, Fault>(questions: readonly Question[], ask: (question: Question) => Promise<Fault | undefined>) {
  const wrong: Fault[] = [];
  for (let from = 0; from < questions.length; from += BATCH) {
    for (const fault of await Promise.all(questions.slice(from, from + BATCH).map(ask))) if (fault !== undefined) wrong.push(fault);
  }
  return wrong;
}
