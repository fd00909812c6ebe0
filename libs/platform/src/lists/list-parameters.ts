import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiQuery } from '@nestjs/swagger';
import { MOST_VALUES } from './condition.js';
import type { Field, FieldType, Operator } from './fields.js';
import { COUNT_MODES, DEFAULT_LIMIT, LAST_PAGED_ROW, MOST_ROWS } from './list-query.js';
import { checkSpec, type ListSpec, outputsOf } from './list-spec.js';
import { ApiPage } from './page-answer.js';
import type { PageMeta } from './page.dto.js';

type Schema = {
  type?: string;
  format?: string;
  enum?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  default?: string | number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
  oneOf?: Schema[];
  description?: string;
};

/** An OpenAPI parameter object. */
export type ListParameter = {
  name: string;
  in: 'query';
  required: false;
  description: string;
  schema: Schema;
  example?: string | number | boolean;
};

const SCHEMA_OF: Record<FieldType, Schema> = {
  text: { type: 'string' },
  enum: { type: 'string' },
  id: { type: 'string', format: 'uuid' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  instant: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
};

const MEANING: Record<Operator, string> = {
  eq: 'Equal to',
  ne: 'Not equal to, or empty',
  in: 'Any of (comma-separated)',
  nin: 'None of (comma-separated), or empty',
  gt: 'Greater than',
  gte: 'Greater than or equal to',
  lt: 'Less than',
  lte: 'Less than or equal to',
  null: 'Whether the field is empty',
  contains: 'Contains, in upper or lower case',
  starts: 'Starts with, in upper or lower case',
};

/** Everything that the list of this spec takes in its query, as OpenAPI parameters: paging, order, search, each filter. */
export function listParameters(spec: ListSpec): ListParameter[] {
  const filters = Object.values(spec.fields).filter((field) => field.filterable);
  const further = Object.entries(spec.parameters ?? {});
  return [
    ...placeParameters(spec),
    ...shapeParameters(spec),
    ...further.map(([name, description]) => parameter(name, description, { type: 'string' })),
    ...filters.flatMap((field) => documentedOperators(field).map((operator) => filterParameter(field, operator))),
  ];
}

function placeParameters(spec: ListSpec): ListParameter[] {
  const sortable = Object.values(spec.fields).filter((field) => field.sortable);
  const names = sortable.map((field) => field.name).join(', ');
  const reach = LAST_PAGED_ROW.toLocaleString('en');
  return [
    parameter('page', `Page, from 1. page * limit may not exceed ${reach}: beyond that, use the cursor.`, {
      type: 'integer',
      minimum: 1,
      default: 1,
    }),
    parameter('limit', 'Rows per page.', { type: 'integer', minimum: 1, maximum: MOST_ROWS, default: DEFAULT_LIMIT }),
    parameter(
      'cursor',
      'meta.nextCursor of the page before, with the same filters and order; empty to start. Replaces page.',
      { type: 'string' },
    ),
    parameter('count', 'How meta.total is found; exact by default, none by default with a cursor.', {
      type: 'string',
      enum: [...COUNT_MODES],
    }),
    parameter(
      'sort',
      `Comma-separated fields, "-" for descending: ${names}.`,
      { type: 'string', default: spec.defaultSort },
      spec.defaultSort,
    ),
    parameter('order', 'Direction of sort fields without a sign.', { type: 'string', enum: ['asc', 'desc'] }),
  ];
}

function shapeParameters(spec: ListSpec): ListParameter[] {
  const outputs = outputsOf(spec);
  const all = [
    parameter('fields', `Only these, comma-separated; id always comes along: ${outputs.join(', ')}.`, {
      type: 'string',
    }),
  ];
  const includes = spec.includes ?? [];
  if (includes.length) {
    all.push(parameter('include', `Related records, comma-separated: ${includes.join(', ')}.`, { type: 'string' }));
  }
  if (spec.resource) {
    all.push(
      parameter(
        'view',
        'The id of a saved view of this list: its filter, with its order and columns unless others are named.',
        { type: 'string', format: 'uuid' },
      ),
    );
  }
  if (spec.searchable) all.push(parameter('q', 'Text search.', { type: 'string', maxLength: 200 }));
  return all;
}

/** A comma already makes `in` of the bare key and `nin` of `[ne]`, except in text: documented once. */
const documentedOperators = ({ type, operators }: Field): Operator[] =>
  operators.filter((operator) => type === 'text' || (operator !== 'in' && operator !== 'nin'));

function filterParameter(field: Field, operator: Operator): ListParameter {
  const isList = field.type !== 'text' && field.type !== 'boolean' && (operator === 'eq' || operator === 'ne');
  const several = isList ? `; up to ${MOST_VALUES} values, comma-separated${wordsOf(field)}` : '';
  const about = field.description ? `${field.description}. ` : '';
  const isTime = field.type === 'instant' && operator !== 'eq' && operator !== 'ne' && operator !== 'null';
  const time = isTime ? '; an instant, a date, or last:7d, next:24h' : '';
  const name = operator === 'eq' ? field.name : `${field.name}[${operator}]`;
  return parameter(
    name,
    `${about}${MEANING[operator]}${several}${time}.`,
    filterSchema(field, operator, isList || isTime),
    example(field, operator),
  );
}

const wordsOf = (field: Field): string => (field.values.length ? ` of ${field.values.join(', ')}` : '');

function filterSchema(field: Field, operator: Operator, isFree: boolean): Schema {
  if (operator === 'null') return { type: 'boolean' };
  if (isFree || operator === 'in' || operator === 'nin') return { type: 'string' };
  return SCHEMA_OF[field.type];
}

const example = (field: Field, operator: Operator): ListParameter['example'] =>
  operator === 'eq' ? (field.example ?? undefined) : undefined;

const parameter = (
  name: string,
  description: string,
  schema: Schema,
  shown?: ListParameter['example'],
): ListParameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
  ...(shown !== undefined && { example: shown }),
});

/**
 * Documents a list's query from its spec, and its rows as the view shows them. An example stands in the description: Swagger UI would fill it into the form,
 * and every filter at once finds nothing.
 */
export const ApiList = (spec: ListSpec, view: Type, meta?: Type<PageMeta>): MethodDecorator =>
  applyDecorators(
    ApiPage(view, meta),
    ...listParameters(checkSpec(spec)).map(({ example: shown, description, ...one }) =>
      ApiQuery({ ...one, description: shown === undefined ? description : `${description} For example: ${shown}` }),
    ),
  );

/** Documents the body of a search over the same spec, and its rows as the view shows them. */
export const ApiSearch = (spec: ListSpec, view: Type): MethodDecorator =>
  applyDecorators(ApiPage(view), ApiBody({ schema: searchSchema(checkSpec(spec)), examples: searchExamples(spec) }));

function searchSchema(spec: ListSpec): Schema {
  const names: Schema = { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
  const fields = Object.values(spec.fields).filter((field) => field.filterable);
  const lines = fields.map((field) => `${field.name} (${field.type}: ${field.operators.join(', ')})`);
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      where: {
        type: 'object',
        description: `{ all: [...] }, { any: [...] }, { not: ... } or { field, op, value }. Fields: ${lines.join('; ')}.`,
      },
      ...(spec.searchable && { q: { type: 'string', maxLength: 200 } }),
      sort: names,
      page: { type: 'integer', minimum: 1, default: 1 },
      limit: { type: 'integer', minimum: 1, maximum: MOST_ROWS, default: DEFAULT_LIMIT },
      cursor: { type: 'string' },
      count: { type: 'string', enum: [...COUNT_MODES] },
      fields: names,
      include: names,
    },
  };
}

function searchExamples(spec: ListSpec): Record<string, { value: object }> {
  const field = Object.values(spec.fields).find((one) => one.filterable && one.example !== undefined);
  const where = field ? { all: [{ field: field.name, op: 'eq', value: field.example }] } : { all: [] };
  return { search: { value: { where, sort: spec.defaultSort, limit: DEFAULT_LIMIT } } };
}
