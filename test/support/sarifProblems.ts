import { createRequire } from 'node:module';

interface Validator {
  addMetaSchema(schema: unknown): void;
  validate(schema: unknown, value: unknown): boolean;
  errorsText(): string;
}

/** What the schema of SARIF 2.1.0 has against a log; empty for a valid one. Schema and validator are those that Microsoft's jest-sarif carries. */
export function sarifProblems(log: unknown): string {
  const requireThere = createRequire(createRequire(import.meta.url).resolve('@microsoft/jest-sarif'));
  const Ajv = requireThere('ajv') as new (options: object) => Validator;
  const validator = new Ajv({ schemaId: 'auto', validateSchema: false });
  validator.addMetaSchema(requireThere('ajv/lib/refs/json-schema-draft-04.json'));
  return validator.validate(requireThere('./schemas/sarif-2.1.0-rtm.5.json'), log) ? '' : validator.errorsText();
}
