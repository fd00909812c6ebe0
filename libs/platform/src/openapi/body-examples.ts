import type { Operation, Schema, Schemas } from './operation.js';

type Shape = Omit<Schema, 'properties' | 'allOf'> & {
  properties?: Record<string, Shape>;
  allOf?: Shape[];
  items?: Shape;
  required?: string[];
  enum?: unknown[];
  default?: unknown;
  example?: unknown;
};
type Media = { schema?: Schema; example?: unknown; examples?: object };

/**
 * Gives a JSON body its example: what has one, and what is required. Swagger UI by itself fills in every member, with
 * "string" and made-up ids where nothing is known, which no login takes.
 */
export function illustrateBody({ requestBody }: Operation, schemas: Schemas): void {
  const media: Media | undefined = requestBody?.content?.['application/json'];
  if (!media?.schema || media.example !== undefined || media.examples) return;
  const example = exampleOf(media.schema, schemas);
  if (example !== undefined) media.example = example;
}

/** Undefined where nothing is known. */
function exampleOf(given: Shape, schemas: Record<string, Shape>): unknown {
  const shape = resolved(given, schemas);
  if (shape.example !== undefined) return shape.example;
  if (shape.default !== undefined) return shape.default;
  if (shape.items) {
    const item = exampleOf(shape.items, schemas);
    return item === undefined ? [] : [item];
  }
  return shape.properties ? membersOf(shape, shape.properties, schemas) : shape.enum?.[0];
}

function membersOf(shape: Shape, properties: Record<string, Shape>, schemas: Record<string, Shape>): object {
  const shown = Object.entries(properties).flatMap(([name, member]) => {
    const isShown = member.example !== undefined || shape.required?.includes(name);
    const example = isShown ? exampleOf(member, schemas) : undefined;
    return example === undefined ? [] : [[name, example]];
  });
  return Object.fromEntries(shown) as object;
}

const resolved = (shape: Shape, schemas: Record<string, Shape>): Shape => {
  const ref = shape.$ref ?? shape.allOf?.[0]?.$ref;
  return { ...schemas[ref?.split('/').at(-1) ?? ''], ...shape };
};
