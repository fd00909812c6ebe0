import type { Nexus } from './nexus.js';

export type Operation = {
  id: string;
  method: string;
  /** With its parameters: `/api/v1/customers/{id}`. */
  path: string;
  permission: string | undefined;
  isPublic: boolean;
  /** JSON schema of the body, references resolved one level at a time by `schemaOf`. */
  body: Schema | undefined;
  /** A body that the document shows, if it takes one. */
  example: Record<string, unknown> | undefined;
  contentTypes: string[];
  parameters: string[];
};

export type Schema = {
  type?: string;
  $ref?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  format?: string;
  nullable?: boolean;
  description?: string;
  example?: unknown;
  allOf?: Schema[];
  oneOf?: Schema[];
  'x-restrictable'?: Record<string, string[]>;
};
export type Document = {
  paths: Record<string, Record<string, ReturnType<typeof JSON.parse>>>;
  components: { schemas: Record<string, Schema> };
};

export async function readDocument(nexus: Nexus): Promise<Document> {
  return (await nexus.request('GET', '/api-docs-json')).body as Document;
}

/** No scheme at all, or none as one of the choices. */
const isPublic = (security: object[]): boolean =>
  security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0);

type Media = { example?: object; examples?: Record<string, { value: object }> };
const exampleOf = (media?: Media): Operation['example'] =>
  (media?.example ?? Object.values(media?.examples ?? {})[0]?.value) as Operation['example'];

/** Every operation of the running API, as its own document tells. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      id: operation.operationId as string,
      method: method.toUpperCase(),
      path,
      permission: operation['x-permission'] as string | undefined,
      isPublic: isPublic(operation.security),
      body: operation.requestBody?.content?.['application/json']?.schema as Schema | undefined,
      example: exampleOf(operation.requestBody?.content?.['application/json']),
      contentTypes: Object.keys(operation.requestBody?.content ?? {}),
      parameters: (operation.parameters ?? []).map(({ name }: { name: string }) => name),
    })),
  );
}

export function schemaOf(document: Document, schema: Schema | undefined): Schema | undefined {
  if (!schema?.$ref) return schema?.allOf ? schemaOf(document, schema.allOf[0]) : schema;
  return document.components.schemas[schema.$ref.split('/').at(-1) as string];
}

/** A record of the demo tenant for each resource that has ids in its paths. */
const TABLES: Record<string, string> = {
  customers: 'customers',
  companies: 'companies',
  merges: 'customer_merges',
  inquiries: 'inquiries',
  responses: 'responses',
  approvals: 'approval_requests',
  users: 'users',
  roles: 'roles',
  teams: 'teams',
  messages: 'messages',
  suppressions: 'suppressions',
  mailboxes: 'mailboxes',
  mail: 'mails',
  'business-calendars': 'business_calendars',
  'sla-policies': 'sla_policies',
  macros: 'macros',
  deals: 'deals',
  leads: 'leads',
  pipelines: 'pipelines',
  'exchange-rates': 'exchange_rates',
  products: 'products',
  'tax-classes': 'tax_classes',
  segments: 'segments',
  tasks: 'tasks',
  projects: 'projects',
  worklogs: 'worklogs',
  notes: 'notes',
  tags: 'tags',
  'custom-fields': 'custom_fields',
  views: 'saved_views',
  files: 'files',
  'distribution-rules': 'distribution_rules',
  'service-tokens': 'service_tokens',
  'sso-providers': 'sso_providers',
};

/** Ids of one tenant, by resource, of what is not in the trash; a random one where the tenant has no such record. */
export async function idsOf(nexus: Nexus, slug: string): Promise<(path: string) => string> {
  const ids = new Map<string, string>();
  for (const [resource, table] of Object.entries(TABLES)) {
    const { rows } = await nexus.superuser.query(
      `select x.id from ${table} x join tenants t on t.id = x.tenant_id where t.slug = $1 and to_jsonb(x)->>'deleted_at' is null limit 1`,
      [slug],
    );
    if (rows[0]) ids.set(resource, rows[0].id);
  }
  return (path) => {
    const resource = path.split('/')[3] ?? '';
    return path
      .replace('{changeId}', '1')
      .replace('{subjectKind}', 'responses.response')
      .replace(/\{[^}]+\}/g, () => ids.get(resource) ?? '01920000-0000-7000-8000-00000000dead');
  };
}
