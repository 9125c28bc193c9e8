import fs from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { projectRoot } from '../../src/support/project-paths';

type Schema = Record<string, unknown>;

/** Every object of the schema takes the fields that it lists and no other, so that none is written that is not described. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return 'properties' in copy ? { additionalProperties: false, ...copy } : copy;
}

/** What in a value a published schema does not describe; empty when it describes all of it. */
export function schemaComplaints(name: 'grading-result' | 'gradebook', value: unknown): string[] {
  const file = path.join(projectRoot, 'docs', 'schemas', `${name}.schema.json`);
  const schema = closed(JSON.parse(fs.readFileSync(file, 'utf8'))) as Schema;
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
