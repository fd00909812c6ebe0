/** Stamps a context in the agreed shape: `npm run new:context <plural-name> [singular]`. It compiles, boots and has a test. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const pascal = (name) => name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());
const camel = (name) => pascal(name).replace(/^./, (letter) => letter.toLowerCase());
const snake = (name) => name.replaceAll('-', '_');

function names(plural, singular) {
  return { plural, singular, Plural: pascal(plural), Singular: pascal(singular), camelPlural: camel(plural), camelSingular: camel(singular), table: snake(plural), stamp: Date.now() };
}

const FILES = (n) => ({
  'README.md': `# ${n.plural}

Owns: ${n.plural}. Words: a *${n.singular}* is …

Events out: \`${n.plural}.created\`, \`${n.plural}.renamed\`. Events in: none.
`,
  [`migrations/${n.stamp}-${n.plural}.ts`]: `import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${n.Plural}${n.stamp} implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, '${n.table}', COLUMNS, { audit: true });
    await q.query('create unique index ${n.table}_name_is_free on ${n.table} (tenant_id, lower(name))');
    await q.query('create index ${n.table}_by_age on ${n.table} (tenant_id, created_at desc, id desc)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, '${n.table}');
  }
}

const COLUMNS = \`
  id uuid not null, name text not null, version int not null default 1,
  created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now()\`;
`,
  'migrations/index.ts': `import { ${n.Plural}${n.stamp} } from './${n.stamp}-${n.plural}.js';

export const ${n.camelPlural}Migrations = [${n.Plural}${n.stamp}];
`,
  'src/index.ts': `import { defineContext } from '@app/platform';
import { ${n.camelPlural}Migrations } from '../migrations/index.js';
import { ${n.Singular} } from './${n.singular}.entity.js';
import { ${n.Singular}Permissions } from './${n.singular}.policy.js';
import { ${n.Plural}ApiModule, ${n.Plural}WorkerModule } from './${n.plural}.module.js';

export { ${n.Singular}Permissions } from './${n.singular}.policy.js';

export const ${n.camelPlural}Context = defineContext({
  name: '${n.plural}',
  version: '1.0.0',
  description: 'What ${n.plural} are for.',
  uses: ['auth'],
  api: ${n.Plural}ApiModule,
  worker: ${n.Plural}WorkerModule,
  entities: [${n.Singular}],
  migrations: ${n.camelPlural}Migrations,
  permissions: [${n.Singular}Permissions],
});
`,
  'src/events.ts': `import { defineEvent } from '@app/kernel';

export const ${n.Singular}Created = defineEvent<{ ${n.camelSingular}Id: string }>('${n.plural}.created', 'A ${n.singular} was created');
export const ${n.Singular}Renamed = defineEvent<{ ${n.camelSingular}Id: string; name: string }>('${n.plural}.renamed', 'A ${n.singular} got another name');
`,
  [`src/${n.singular}.entity.ts`]: `import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ${n.Singular}Created, ${n.Singular}Renamed } from './events.js';

@Entity('${n.table}')
export class ${n.Singular} extends Aggregate<${n.Singular}> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('int') readonly version: number;
  @Column('timestamptz') readonly createdAt: Date;
  @Column('timestamptz') readonly updatedAt: Date;

  static create(name: string): ${n.Singular} {
    const ${n.camelSingular} = new ${n.Singular}().change({ id: newId(), name });
    ${n.camelSingular}.raise(${n.Singular}Created({ ${n.camelSingular}Id: ${n.camelSingular}.id }));
    return ${n.camelSingular};
  }

  rename(name: string): void {
    if (name === this.name) return;
    this.change({ name });
    this.raise(${n.Singular}Renamed({ ${n.camelSingular}Id: this.id, name }));
  }
}
`,
  [`src/${n.singular}.errors.ts`]: `import { Conflict } from '@app/kernel';

export class NameTaken extends Conflict {
  constructor(name: string) {
    super('${snake(n.singular)}_name_taken', \`There is a ${n.singular} called \${name} already\`, { name });
  }
}
`,
  [`src/${n.singular}.policy.ts`]: `import { definePermissions } from '@app/kernel';

export const ${n.Singular}Permissions = definePermissions('${n.plural}', {
  read: 'See ${n.plural}',
  manage: 'Create and rename ${n.plural}',
});
`,
  [`src/${n.plural}.service.ts`]: `import { Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ${n.Singular} } from './${n.singular}.entity.js';
import { NameTaken } from './${n.singular}.errors.js';

@Injectable()
export class ${n.Plural}Service {
  constructor(private readonly db: Database) {}

  create(name: string): Promise<${n.Singular}> {
    return this.db.create(${n.Singular}.create(name)).catch(nameTaken(name));
  }

  rename(id: string, version: number | undefined, name: string): Promise<${n.Singular}> {
    return this.db.change(${n.Singular}, id, version, (${n.camelSingular}) => ${n.camelSingular}.rename(name)).catch(nameTaken(name));
  }
}

const nameTaken = (name: string) => onConstraint('${n.table}_name_is_free', () => new NameTaken(name));
`,
  [`src/${n.plural}.queries.ts`]: `import { Database, defineFields, type ListQuery, type ListSpec, type Page, readPage, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ${n.Singular}View } from './${n.plural}.dto.js';

const SELECT = { id: 't.id', name: 't.name', version: 't.version', createdAt: 't.created_at', updatedAt: 't.updated_at' };

export const ${n.Singular}List: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 't.id' },
    name: { type: 'text', column: 't.name', sortable: true },
    createdAt: { type: 'instant', column: 't.created_at', sortable: true },
  }),
  outputs: Object.keys(SELECT),
  defaultSort: '-createdAt',
};

@Injectable()
export class ${n.Plural}Queries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<${n.Singular}View>> {
    return readPage<${n.Singular}View>(this.db, { select: SELECT, from: '${n.table} t', query, spec: ${n.Singular}List });
  }

  async get(id: string): Promise<${n.Singular}View> {
    const columns = Object.entries(SELECT).map(([name, column]) => \`\${column} as "\${name}"\`);
    const row = await this.db.one<${n.Singular}View>(\`select \${columns.join(', ')} from ${n.table} t where t.tenant_id = app_tenant() and t.id = $1\`, [id]);
    if (!row) throw new RecordNotFound('${n.singular}', id);
    return row;
  }
}
`,
  [`src/${n.plural}.dto.ts`]: `import { IsString, Length } from 'class-validator';
import type { ${n.Singular} } from './${n.singular}.entity.js';

export class ${n.Singular}Body {
  /** @example "First" */
  @IsString()
  @Length(1, 200)
  name: string;
}

export class ${n.Singular}View {
  id: string;
  name: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const toView = ({ id, name, version, createdAt, updatedAt }: ${n.Singular}): ${n.Singular}View => ({ id, name, version, createdAt, updatedAt });
`,
  [`src/${n.plural}.controller.ts`]: `import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ${n.Singular}Permissions } from './${n.singular}.policy.js';
import { ${n.Singular}Body, type ${n.Singular}View, toView } from './${n.plural}.dto.js';
import { ${n.Singular}List, ${n.Plural}Queries } from './${n.plural}.queries.js';
import { ${n.Plural}Service } from './${n.plural}.service.js';

@ApiTags('${n.plural}')
@Controller('${n.plural}')
export class ${n.Plural}Controller {
  constructor(
    private readonly ${n.camelPlural}: ${n.Plural}Service,
    private readonly queries: ${n.Plural}Queries,
  ) {}

  @Get()
  @Allow(${n.Singular}Permissions.read)
  @ApiOperation({ summary: 'List ${n.plural}' })
  @ApiList(${n.Singular}List)
  list(@Listed(${n.Singular}List) query: ListQuery): Promise<Page<${n.Singular}View>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(${n.Singular}Permissions.read)
  @ApiOperation({ summary: 'One ${n.singular}' })
  get(@Param('id', UuidPipe) id: string): Promise<${n.Singular}View> {
    return this.queries.get(id);
  }

  @Post()
  @Allow(${n.Singular}Permissions.manage)
  @ApiOperation({ summary: 'Create a ${n.singular}' })
  create(@Body() body: ${n.Singular}Body): Promise<${n.Singular}View> {
    return this.${n.camelPlural}.create(body.name).then(toView);
  }

  @Put(':id')
  @Allow(${n.Singular}Permissions.manage)
  @ApiOperation({ summary: 'Rename a ${n.singular}' })
  rename(@Param('id', UuidPipe) id: string, @Body() body: ${n.Singular}Body, @IfMatch() version?: number): Promise<${n.Singular}View> {
    return this.${n.camelPlural}.rename(id, version, body.name).then(toView);
  }
}
`,
  [`src/${n.plural}.worker.ts`]: `import { type PayloadOf } from '@app/kernel';
import { On } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { ${n.Singular}Created } from './events.js';

/** What time and events do to ${n.plural}. */
@Injectable()
export class ${n.Plural}Worker {
  private readonly log = new Logger(${n.Plural}Worker.name);

  @On(${n.Singular}Created)
  async welcome({ ${n.camelSingular}Id }: PayloadOf<typeof ${n.Singular}Created>): Promise<void> {
    this.log.debug(\`${n.singular} \${${n.camelSingular}Id} was created\`);
  }
}
`,
  [`src/${n.plural}.module.ts`]: `import { Module } from '@nestjs/common';
import { ${n.Plural}Controller } from './${n.plural}.controller.js';
import { ${n.Plural}Queries } from './${n.plural}.queries.js';
import { ${n.Plural}Service } from './${n.plural}.service.js';
import { ${n.Plural}Worker } from './${n.plural}.worker.js';

@Module({ providers: [${n.Plural}Service, ${n.Plural}Queries], exports: [${n.Plural}Service] })
export class ${n.Plural}Module {}

@Module({ imports: [${n.Plural}Module], controllers: [${n.Plural}Controller] })
export class ${n.Plural}ApiModule {}

@Module({ imports: [${n.Plural}Module], providers: [${n.Plural}Worker] })
export class ${n.Plural}WorkerModule {}
`,
  'src/testing.ts': `import { ${n.Singular} } from './${n.singular}.entity.js';

export const a${n.Singular} = (name = 'First'): ${n.Singular} => ${n.Singular}.create(name);
`,
  [`src/${n.singular}.entity.spec.ts`]: `import { describe, expect, it } from 'vitest';
import { ${n.Singular}Renamed } from './events.js';
import { a${n.Singular} } from './testing.js';

describe('${n.Singular}', () => {
  it('tells of a new name once', () => {
    const ${n.camelSingular} = a${n.Singular}();
    ${n.camelSingular}.rename('Second');
    ${n.camelSingular}.rename('Second');
    expect(${n.camelSingular}.releaseEvents().slice(1)).toEqual([${n.Singular}Renamed({ ${n.camelSingular}Id: ${n.camelSingular}.id, name: 'Second' })]);
  });
});
`,
  [`src/${n.plural}.service.spec.ts`]: `import { authContext } from '@app/auth';
import { messagingContext } from '@app/messaging';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NameTaken } from './${n.singular}.errors.js';
import { ${n.camelPlural}Context } from './index.js';
import { ${n.Plural}Service } from './${n.plural}.service.js';

describe('${n.Plural}Service', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [messagingContext, authContext, ${n.camelPlural}Context] });
  });
  afterAll(() => slice.close());

  it('keeps a name for one ${n.singular}', async () => {
    const create = () => slice.as(anActor(), () => slice.get(${n.Plural}Service).create('First'));
    await create();
    await expect(create()).rejects.toThrow(NameTaken);
  });
});
`,
});

function registerPaths(plural) {
  const file = join(CHECKOUT, 'tsconfig.json');
  const rows = [`      "@app/${plural}/testing": ["./libs/${plural}/src/testing.ts"],`, `      "@app/${plural}/events": ["./libs/${plural}/src/events.ts"],`];
  // one row each: the tools that read these paths do not understand a star in the middle
  writeFileSync(file, readFileSync(file, 'utf8').replace('      "@app/*":', `${rows.join('\n')}\n      "@app/*":`));
}

function registerContext({ plural, camelPlural }) {
  const file = join(CHECKOUT, 'apps/contexts.ts');
  const text = readFileSync(file, 'utf8');
  const imported = `import { ${camelPlural}Context } from '@app/${plural}';\n${text}`;
  writeFileSync(file, imported.replace(/\n?\];\s*$/, (end) => `${end.startsWith('\n') ? `  ${camelPlural}Context,\n` : `, ${camelPlural}Context`}];\n`));
}

export default function newContext([plural, singular = plural?.replace(/ies$/, 'y').replace(/s$/, '')]) {
  if (!/^[a-z][a-z-]*$/.test(plural ?? '')) throw new Error('Usage: npm run new:context <plural-name> [singular], in lower case');
  const folder = join(CHECKOUT, 'libs', plural);
  if (existsSync(folder)) throw new Error(`libs/${plural} exists`);
  const n = names(plural, singular);
  for (const [path, text] of Object.entries(FILES(n))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  registerPaths(plural);
  registerContext(n);
  process.stdout.write(`libs/${plural} is there and loaded. Next: its row in .dependency-cruiser.cjs, its words in libs/${plural}/README.md.\n`);
  return 0;
}
