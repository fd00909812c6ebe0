import { type ArgumentsHost, Body, Catch, Controller, type ExceptionFilter, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { DomainError } from '@app/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineFields } from './fields.js';
import { ApiList, ApiSearch, listParameters } from './list-parameters.js';
import type { ListQuery } from './list-query.js';
import type { ListSpec } from './list-spec.js';
import { Listed, Searched } from './listed.js';

const spec: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 't.id' },
    createdAt: { type: 'instant', column: 't.created_at', sortable: true },
    name: { type: 'text', column: 't.name', nullable: true },
    status: { type: 'enum', column: 't.status', values: ['new', 'open'], example: 'new', description: 'State of work' },
    secret: { type: 'text', column: 't.secret', filterable: false },
  }),
  defaultSort: '-createdAt',
  searchable: true,
};
const summary = ({ where, sort, raw }: ListQuery): object => ({
  where,
  raw,
  sort: sort.map(({ field }) => field.name),
});

class ThingView {
  @ApiProperty({ type: String, nullable: true })
  name: string | null;
}

@Controller('things')
class ThingsController {
  @Get()
  @ApiList(spec, ThingView)
  list(@Listed(spec) query: ListQuery): object {
    return summary(query);
  }

  @Post('search')
  @ApiSearch(spec, ThingView)
  search(@Searched(spec) query: ListQuery, @Body() _body: unknown): object {
    return summary(query);
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

@Catch(DomainError)
class Refusals implements ExceptionFilter {
  catch(error: DomainError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<{ status(code: number): { send(body: object): void } }>();
    reply.status(400).send({ code: error.code, errors: error.details.errors });
  }
}

describe('A list route', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(ThingsModule, new FastifyAdapter(), { logger: false });
    app.useGlobalFilters(new Refusals());
    await app.init();
  });
  afterAll(() => app.close());
  const get = (url: string) => app.inject({ method: 'GET', url });

  it('is given its query as the platform’s plain parser reads it', async () => {
    const answer = await get('/things?status=new,open&createdAt%5Bgte%5D=2026-01-01');
    expect(answer.json()).toEqual({
      sort: ['createdAt', 'id'],
      raw: { status: 'new,open', 'createdAt[gte]': '2026-01-01' },
      where: {
        all: [
          { field: 'createdAt', op: 'gte', value: '2026-01-01' },
          { field: 'status', op: 'in', value: ['new', 'open'] },
        ],
      },
    });
  });

  it('refuses what its spec does not name, and what came twice', async () => {
    const answer = await get('/things?a%5B__proto__%5D%5Bx%5D=1&secret=x&status=new&status=open&q=%00');
    expect(answer.statusCode).toBe(400);
    const { code, errors } = answer.json<{ code: string; errors: { pointer: string }[] }>();
    expect(code).toBe('invalid_query');
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      'query/a[__proto__][x]',
      'query/q',
      'query/secret',
      'query/status',
    ]);
  });

  it('searches by body', async () => {
    const where = { not: { field: 'status', op: 'eq', value: 'new' } };
    const answer = await app.inject({ method: 'POST', url: '/things/search', payload: { where } });
    expect(answer.json()).toMatchObject({ where });
  });

  it('is documented from its spec', () => {
    const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const parameters = document.paths['/things']?.get?.parameters ?? [];
    const names = parameters.map((one) => ('name' in one ? one.name : ''));
    expect(names).toEqual(
      expect.arrayContaining([
        'page',
        'limit',
        'cursor',
        'count',
        'sort',
        'order',
        'fields',
        'q',
        'id',
        'createdAt[gte]',
        'name[null]',
        'status[ne]',
      ]),
    );
    expect(names).not.toContain('secret');
    expect(names).not.toContain('include');
    expect(new Set(names).size).toBe(names.length);
    expect(parameters.find((one) => 'name' in one && one.name === 'status')).toEqual({
      name: 'status',
      in: 'query',
      required: false,
      description: expect.stringMatching(/^State of work\. .*new, open\. For example: new$/) as string,
      schema: { type: 'string' },
    });
    expect(document.paths['/things/search']?.post?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { properties: { where: { type: 'object' } } } } },
    });
  });

  it('tells of its rows as their view shows them, and where their page stands', () => {
    const { paths, components } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    const page = {
      type: 'object',
      required: ['data', 'meta'],
      properties: {
        data: { type: 'array', items: { $ref: '#/components/schemas/ThingView' } },
        meta: { $ref: '#/components/schemas/PageMeta' },
      },
    };
    const content = { 'application/json': { schema: page } };
    expect(paths['/things']?.get?.responses['200']).toMatchObject({ content });
    expect(paths['/things/search']?.post?.responses['200']).toMatchObject({ content });
    expect(components?.schemas).toMatchObject({
      ThingView: { properties: { name: { type: 'string', nullable: true } } },
    });
  });

  it('accepts every filter that its document names', async () => {
    const value = (name: string): string => {
      if (name.endsWith('[null]')) return 'true';
      return (
        { id: '0190a0b0-0000-7000-8000-000000000001', createdAt: '2026-01-01T00:00:00Z', status: 'new' }[
          name.split('[')[0] ?? ''
        ] ?? 'x'
      );
    };
    const filters = listParameters(spec).filter(({ name }) => /^(id|createdAt|name|status)/.test(name));
    expect(filters).toHaveLength(17);
    const query = filters.map(({ name }) => `${encodeURIComponent(name)}=${encodeURIComponent(value(name))}`).join('&');
    expect((await get(`/things?${query}`)).statusCode).toBe(200);
  });
});
