import type { FieldCatalogue } from '../field-rights/index.js';
import { type Telling, tellingsOf } from '../field-rights/tells.js';
import { METHODS, type Operation, type Schema, type Schemas } from './operation.js';

type Paths = Readonly<Record<string, Readonly<Partial<Record<(typeof METHODS)[number], unknown>>>>>;
type Content = Readonly<Record<string, { schema?: Schema }>> | undefined;

/**
 * Fields that a role may be kept from are missing in answers to whoever is: views do not promise them. Which these are, and
 * of which record, `x-restrictable` says beside them: everybody else always gets what had been required.
 */
export function markRestrictable(paths: Paths, schemas: Schemas, fields: FieldCatalogue): void {
  for (const name of answeredIn(paths, schemas)) {
    const schema = schemas[name] as Schema;
    const told = restrictableIn(schema, tellingsOf(name), fields);
    const promised = Object.entries(told).filter(([member]) => schema.required?.includes(member));
    if (!promised.length) continue;
    schema['x-restrictable'] = Object.fromEntries(promised);
    schema.required = schema.required?.filter((member) => !Object.hasOwn(told, member));
    if (!schema.required?.length) delete schema.required;
  }
}

/** By member, as `customers.email`: the fields of records that it tells. */
function restrictableIn(
  { properties = {} }: Schema,
  tellings: readonly Telling[],
  catalogue: FieldCatalogue,
): Record<string, string[]> {
  const told: Record<string, string[]> = {};
  for (const { kind, members } of tellings) {
    const fields = catalogue.of(kind)?.fields ?? {};
    const names = new Set(Object.entries(fields).flatMap(([name, { also = [] }]) => [name, ...also]));
    for (const member of Object.keys(properties)) {
      const held = members ? (members[member] ?? []) : [member];
      if (typeof held === 'string') continue; // a record within: its own members are its fields
      const restrictable = held.filter((field) => names.has(field)).map((field) => `${kind}.${field}`);
      if (restrictable.length) told[member] = [...(told[member] ?? []), ...restrictable];
    }
  }
  return told;
}

/** The named schemas that good answers consist of. What is also taken in keeps what a body must have. */
function answeredIn(paths: Paths, schemas: Schemas): Set<string> {
  const answered = new Set<string>();
  const taken = new Set<string>();
  for (const item of Object.values(paths))
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (!operation) continue;
      collect(operation.requestBody?.content, schemas, taken);
      for (const [status, { content }] of Object.entries(operation.responses))
        if (status.startsWith('2')) collect(content, schemas, answered);
    }
  for (const name of taken) answered.delete(name);
  return answered;
}

function collect(content: Content, schemas: Schemas, names: Set<string>): void {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const name = '$ref' in value && typeof value.$ref === 'string' ? value.$ref.split('/').at(-1) : undefined;
    if (name && schemas[name] && !names.has(name)) {
      names.add(name);
      visit(schemas[name]);
    }
    for (const part of Object.values(value)) visit(part);
  };
  visit(content);
}
