export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export type Ref = { $ref: string };

export type Schema = Partial<Ref> & {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  /** By member: the fields of records that it tells, and that a role may be kept from. */
  'x-restrictable'?: Record<string, string[]>;
};

export type Schemas = Record<string, Schema>;

type Answer = Partial<Ref> & {
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, { schema?: Schema }>;
};

/** Where an operation stands. `hasRecords`: a GET of one record is right below its path. */
export type Place = { path: string; method: (typeof METHODS)[number]; hasRecords: boolean };

/** An operation of the document, as far as it is completed here. */
export type Operation = {
  operationId?: string;
  description?: string;
  summary?: string;
  tags?: string[];
  parameters?: ({ in: string; name: string; description?: string; example?: unknown } | Ref)[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses: Record<string, Answer>;
  security?: Record<string, string[]>[];
  'x-permission'?: string;
};

/** The members of a JSON body, by name. */
export function membersOf(content: Answer['content'], schemas: Schemas): Record<string, Schema> {
  const schema = content?.['application/json']?.schema;
  const named = schema?.$ref ? schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
  return named?.properties ?? {};
}
