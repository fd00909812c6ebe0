import type { Document, Schema } from './operations.js';

const FORMATS: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  email: /^[^@\s]+@[^@\s]+$/,
};

/**
 * What of an answer its schema does not allow, by JSON pointer: a wrong type, a missing member, and also a member that
 * the schema does not name. Knows what this document uses of OpenAPI 3.0, and refuses a schema that says nothing.
 */
export function faultsOf(document: Document, given: Schema, value: unknown, at = ''): string[] {
  const schema = resolve(document, given);
  if (value === null) return schema.nullable ? [] : [`${at} is null`];
  if (schema.oneOf) return faultsOfChoice(document, schema.oneOf, value, at);
  if (schema.enum && !schema.enum.includes(value))
    return [`${at} is ${JSON.stringify(value)}, none of ${schema.enum.join(', ')}`];
  switch (schema.type) {
    case 'object':
      return faultsOfObject(document, schema, value, at);
    case 'array':
      if (!Array.isArray(value)) return [`${at} is no array`];
      return value.flatMap((item, index) => faultsOf(document, schema.items ?? {}, item, `${at}/${index}`));
    case 'string':
      return faultsOfText(schema, value, at);
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at} is no integer`];
    case 'number':
    case 'boolean':
      return typeof value === schema.type ? [] : [`${at} is no ${schema.type}`];
    default:
      return [`${at} is not described`];
  }
}

const resolved = new WeakMap<Schema, Schema>();

function resolve(document: Document, schema: Schema): Schema {
  const known = resolved.get(schema);
  if (known) return known;
  const whole = wholeOf(document, schema);
  resolved.set(schema, whole);
  return whole;
}

/** Without references: members of `allOf` together, and what stands beside it on top. */
function wholeOf(document: Document, schema: Schema): Schema {
  const { $ref, allOf, ...own } = schema;
  const parts = $ref ? [document.components.schemas[$ref.split('/').at(-1) as string] as Schema] : (allOf ?? []);
  if (!parts.length) return own;
  const whole = parts.map((part) => resolve(document, part));
  return {
    ...Object.assign({}, ...whole),
    ...own,
    properties: Object.assign({}, ...whole.map(({ properties }) => properties), own.properties) as Schema['properties'],
    required: [...whole, own].flatMap(({ required }) => required ?? []),
  };
}

function faultsOfObject(document: Document, schema: Schema, value: unknown, at: string): string[] {
  if (typeof value !== 'object' || Array.isArray(value)) return [`${at} is no object`];
  const { properties = {}, additionalProperties: others } = schema;
  // those who ask here are kept from no field
  const required = [...(schema.required ?? []), ...Object.keys(schema['x-restrictable'] ?? {})];
  if (Object.keys(properties).length === 0 && others === undefined) return [`${at} is an object that is not described`];
  const members = Object.entries(value as object);
  const missing = required.filter((name) => !(name in (value as object))).map((name) => `${at}/${name} is missing`);
  const faults = members.flatMap(([name, member]) => {
    const described = properties[name] ?? (typeof others === 'object' ? others : undefined);
    if (described) return faultsOf(document, described, member, `${at}/${name}`);
    return others ? [] : [`${at}/${name} is not documented`];
  });
  return [...missing, ...faults];
}

function faultsOfText({ format }: Schema, value: unknown, at: string): string[] {
  if (typeof value !== 'string') return [`${at} is no string`];
  const pattern = format === undefined ? undefined : FORMATS[format];
  return pattern && !pattern.test(value) ? [`${at} is no ${format}: ${value}`] : [];
}

function faultsOfChoice(document: Document, choices: Schema[], value: unknown, at: string): string[] {
  const tried = choices.map((choice) => faultsOf(document, choice, value, at));
  return tried.find((faults) => faults.length === 0) ?? tried.flat();
}
