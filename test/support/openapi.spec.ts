import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Document, operationsOf, type Schema, schemaOf } from './operations.js';

type Media = { schema?: Schema; example?: unknown; examples?: object };
type Described = {
  summary: string;
  description: string;
  tags: string[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { $ref?: string; content?: Record<string, Media> }>;
};

const document = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../openapi.json'), 'utf8')) as Document & {
  tags: { name: string; description: string }[];
};
const operations = operationsOf(document).map((operation) => ({
  ...operation,
  ...(document.paths[operation.path]?.[operation.method.toLowerCase()] as Described),
}));
const successes = operations.flatMap(({ id, responses }) =>
  Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([status, answer]) => ({ id, status, media: Object.values(answer.content ?? {}) })),
);
const LIBS = resolve(import.meta.dirname, '../../libs');
const ids = (some: { id: string }[]): string[] => some.map(({ id }) => id);

/** Members with their schemas, however deep, of every schema that has a name. */
function members(): { at: string; schema: Schema }[] {
  const below = (schema: Schema, at: string): { at: string; schema: Schema }[] => [
    { at, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) => below(member, `${at}.${name}`)),
    ...(schema.items ? below(schema.items, `${at}[]`) : []),
  ];
  return Object.entries(document.components.schemas).flatMap(([name, schema]) => below(schema, name));
}

/** Names that always mean one of a few words, unless the schema is of another type. */
const CLOSED = /\.(status|state|decision|outcome|level|priority|channel|direction|locale|op)$/;

describe('The OpenAPI document', () => {
  it('has operations, each with an id of its own', () => {
    expect(operations.length).toBeGreaterThan(150);
    expect(ids(operations).filter((id, index, all) => all.indexOf(id) !== index)).toEqual([]);
    expect(ids(operations).filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
  });

  it('sums each operation up in 60 characters, without a full stop', () => {
    const wrong = operations.filter(({ summary }) => !summary || summary.length > 60 || summary.endsWith('.'));
    expect(ids(wrong)).toEqual([]);
  });

  it('puts each operation under one tag that it explains, and leaves no tag empty', () => {
    const used = new Set(operations.flatMap(({ tags }) => tags));
    expect(ids(operations.filter(({ tags }) => tags.length !== 1))).toEqual([]);
    expect([...used].sort()).toEqual(document.tags.map(({ name }) => name).sort());
    expect(document.tags.filter(({ description }) => description.length < 20)).toEqual([]);
  });

  it('says of each success what comes: a body with a schema, or 204', () => {
    const answered = new Set(ids(successes));
    expect(ids(operations).filter((id) => !answered.has(id))).toEqual([]);
    const silent = successes.filter(({ status, media }) =>
      status === '204' ? media.length > 0 : media.length === 0 || media.some(({ schema }) => saysNothing(schema)),
    );
    expect(silent.map(({ id, status }) => `${id} ${status}`)).toEqual([]);
  });

  it('describes each object: by its members, or as open', () => {
    const vague = members().filter(({ schema }) => saysNothing(schema));
    expect(vague.map(({ at }) => at)).toEqual([]);
  });

  it('shows of each body what it holds, with an example', () => {
    const bare = operations.filter(({ requestBody }) =>
      Object.entries(requestBody?.content ?? {}).some(([type, media]) => type.endsWith('json') && !isShown(media)),
    );
    expect(ids(bare)).toEqual([]);
  });

  it('names the words of whatever takes only some', () => {
    const open = members().filter(({ at, schema }) => CLOSED.test(at) && schema.type === 'string' && !schema.enum);
    expect(open.map(({ at }) => at)).toEqual([]);
    const faulty = members().filter(({ schema }) => schema.enum && !isSound(schema));
    expect(faulty.map(({ at }) => at)).toEqual([]);
  });

  it('names the permission of each operation that needs one', () => {
    const guarded = operations.filter(({ permission }) => permission);
    expect(guarded.length).toBeGreaterThan(100);
    expect(ids(guarded.filter((one) => !one.description.includes(`\`${one.permission}\``)))).toEqual([]);
    const open = operations.filter(({ permission, isPublic }) => !permission && !isPublic);
    expect(ids(open).filter((id) => !OWN.test(id))).toEqual([]);
  });

  it('has each name once: of two classes of one name it would describe the latter for both', () => {
    const files = (readdirSync(LIBS, { recursive: true }) as string[]).filter((file) => file.endsWith('.dto.ts'));
    const names = files.flatMap((file) =>
      [...readFileSync(resolve(LIBS, file), 'utf8').matchAll(/^export (?:abstract )?class (\w+)/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('has every refusal as a problem', () => {
    const refusals = operations.flatMap(({ id, responses }) =>
      Object.entries(responses).flatMap(([status, answer]) => (status >= '4' ? [{ id, status, answer }] : [])),
    );
    const others = refusals.filter(
      ({ id, answer }) => !id.startsWith('health') && !answer.$ref && !answer.content?.[refusalOf(id)],
    );
    expect(others.map(({ id, status }) => `${id} ${status}`)).toEqual([]);
    for (const { id, isPublic, responses } of operations) {
      if (!isPublic)
        expect({ id, statuses: Object.keys(responses) }).toMatchObject({
          statuses: expect.arrayContaining(['401', '403']),
        });
    }
  });
});

/** What is one's own, and needs to be nobody in particular. */
const OWN =
  /^(sessions|passwords|mfa|passkeys|ssoLink|stepUp|profile|tenantsCurrent|settingsCurrent|modulesList|bulkRun|inquiriesBulkRun|authzExplain|jobs|exports|searchFind)/;

/** SCIM has a form of its own (RFC 7644, section 3.12). */
const refusalOf = (id: string): string =>
  /^scim(Users|Groups|Discovery)/.test(id) ? 'application/scim+json' : 'application/problem+json';

function saysNothing(schema: Schema | undefined): boolean {
  const named = schemaOf(document, schema);
  if (!named) return true;
  if (named.type === 'array') return saysNothing(named.items);
  if (named.type === 'object') return !named.properties && named.additionalProperties === undefined;
  return named.type === undefined && !named.oneOf;
}

function isShown({ schema, example, examples }: Media): boolean {
  if (!schema || saysNothing(schema)) return false;
  const properties = Object.values(schemaOf(document, schema)?.properties ?? {});
  return example !== undefined || examples !== undefined || properties.some((one) => one.example !== undefined);
}

const isSound = ({ type, enum: values = [] }: Schema): boolean =>
  values.length > 0 && new Set(values).size === values.length && values.every((value) => typeof value === type);
