import type { Schema } from '../support/operations.js';

export type Sample = { method: string; route: string; path: string | undefined; body: unknown; hasBody: boolean };
type Media = { schema?: Shape; example?: unknown; examples?: Record<string, { value: unknown }> };
type Shape = Schema & { default?: unknown; const?: unknown; examples?: unknown[]; anyOf?: Shape[] };
type Described = {
  parameters?: { in: string; name: string; example?: unknown }[];
  requestBody?: { content: Record<string, Media> };
};
export type OpenApi = {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Shape> };
};

/** Every operation as Swagger UI fills its form; `path` is undefined where a parameter has no example. */
export function samplesOf(document: OpenApi): Sample[] {
  return Object.entries(document.paths).flatMap(([route, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const media = operation.requestBody?.content['application/json'];
      return {
        method: method.toUpperCase(),
        route,
        path: pathOf(route, operation),
        body: media && bodyOf(document, media),
        hasBody: media !== undefined,
      };
    }),
  );
}

function pathOf(route: string, { parameters = [] }: Described): string | undefined {
  const examples = new Map(parameters.filter((one) => one.in === 'path').map(({ name, example }) => [name, example]));
  if ([...examples.values()].includes(undefined)) return undefined;
  return route.replace(/\{(\w+)\}/g, (_, name: string) => String(examples.get(name)));
}

function bodyOf(document: OpenApi, { schema, example, examples }: Media): unknown {
  return example ?? Object.values(examples ?? {})[0]?.value ?? sampleOf(document, schema ?? {});
}

/** As swagger-ui's own sampler: the example, the default, the first choice, else a value of the type. */
function sampleOf(document: OpenApi, given: Shape): unknown {
  if (given.example !== undefined) return given.example;
  if (given.default !== undefined) return given.default;
  if (given.enum) return given.enum[0];
  if (given.$ref)
    return sampleOf(document, document.components.schemas[given.$ref.split('/').at(-1) as string] as Shape);
  const parts = given.allOf ?? (given.oneOf ?? given.anyOf)?.slice(0, 1);
  if (parts) return parts.map((part) => sampleOf(document, part)).reduce(merged);
  if (given.type === 'array') return [sampleOf(document, given.items ?? {})];
  if (given.type === 'object' || given.properties) {
    return Object.fromEntries(
      Object.entries(given.properties ?? {}).map(([name, one]) => [name, sampleOf(document, one)]),
    );
  }
  return plain(given);
}

const merged = (one: unknown, other: unknown): unknown =>
  typeof one === 'object' && typeof other === 'object' ? { ...one, ...other } : other;

function plain({ type, format }: Shape): unknown {
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return 0;
  if (format === 'date-time') return new Date().toISOString();
  if (format === 'uuid') return '3fa85f64-5717-4562-b3fc-2c963f66afa6';
  return 'string';
}
