import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.js';

export type { components, operations, paths } from './schema.js';

/** A typed client of the API: `nexus('http://localhost:3000', token).GET('/api/v1/customers', { params: { query: { limit: 20 } } })`. */
export const nexus = (baseUrl: string, token?: string): Client<paths> =>
  createClient<paths>({ baseUrl, headers: token ? { authorization: `Bearer ${token}` } : {} });
