import { describe, expect, it } from 'vitest';
import { illustrateBody } from './body-examples.js';
import type { Schema, Schemas } from './operation.js';

const exampleOf = (schema: object, schemas: object = {}): unknown => {
  const media: { schema: Schema; example?: unknown } = { schema };
  illustrateBody({ requestBody: { content: { 'application/json': media } }, responses: {} }, schemas as Schemas);
  return media.example;
};

describe('The example of a body', () => {
  it('shows what has an example and what is required, and nothing else', () => {
    const properties = {
      email: { type: 'string', example: 'cso@demo.example' },
      otp: { type: 'string' },
      kind: { type: 'string', enum: ['in', 'out'] },
      isLast: { type: 'boolean', example: false },
    };

    expect(exampleOf({ type: 'object', required: ['kind'], properties })).toEqual({
      email: 'cso@demo.example',
      kind: 'in',
      isLast: false,
    });
  });

  it('follows references, through lists too', () => {
    const schemas = {
      Change: {
        properties: { op: { $ref: '#/components/schemas/Op' }, version: { type: 'integer' } },
        required: ['op'],
      },
      Op: { type: 'string', enum: ['create'] },
    };
    const operations = { type: 'array', items: { $ref: '#/components/schemas/Change' } };

    expect(exampleOf({ properties: { operations }, required: ['operations'] }, schemas)).toEqual({
      operations: [{ op: 'create' }],
    });
  });

  it('leaves a body alone that brings examples', () => {
    const media = { schema: { type: 'object' }, examples: { search: { value: {} } } };
    illustrateBody({ requestBody: { content: { 'application/json': media } }, responses: {} }, {});

    expect(media).not.toHaveProperty('example');
  });
});
