import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Answer } from './nexus.js';
import { type Document, type Operation, operationsOf, type Schema } from './operations.js';
import { faultsOf } from './schema-faults.js';

type Described = { $ref?: string; content?: Record<string, { schema: Schema }>; headers?: Record<string, unknown> };
type Route = { operation: Operation; pattern: RegExp };

// What only some answers of a route have: limits are not always counted, and little is repeated.
const LONG_URL = 2_500;
const LINK_MISSING = 'the header Link is missing';
const SOMETIMES = ['RateLimit', 'RateLimit-Policy', 'Idempotent-Replayed'];

const committed = (): Document => JSON.parse(readFileSync(resolve(import.meta.dirname, '../../openapi.json'), 'utf8'));
let read: Documented | undefined;

/** What the document says of answers, held against those that came. */
export class Documented {
  /** By method and number of segments. */
  private readonly routes = new Map<string, Route[]>();

  constructor(private readonly document: Document) {
    const routes = operationsOf(document)
      .map((operation) => ({ operation, pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`) }))
      .sort((one, other) => parametersIn(one) - parametersIn(other)); // `/customers/trash` is no id
    for (const route of routes) {
      const shape = shapeOf(route.operation.method, route.operation.path);
      this.routes.set(shape, [...(this.routes.get(shape) ?? []), route]);
    }
  }

  /** By the document that is committed. */
  static read(): Documented {
    return (read ??= new Documented(committed()));
  }

  /** For somebody whom roles keep from fields: they are promised none of those that a role may be kept from. */
  static forKept(): Documented {
    const document = committed();
    for (const schema of Object.values(document.components.schemas)) delete schema['x-restrictable'];
    return new Documented(document);
  }

  /** Of whatever was asked: nothing where there is no such route, or none in this deployment. */
  faultsOf(method: string, url: string, answer: Answer): string[] {
    const path = url.split('?')[0] ?? '';
    const route = this.routes.get(shapeOf(method, path))?.find(({ pattern }) => pattern.test(path));
    if (!route || answer.body?.code === 'route_not_found') return [];
    // links repeat the query: those that would not fit into a header are left out
    const isLong = url.length > LONG_URL;
    const unasked = unaskedIn(url, answer);
    const faults = this.faultsIn(route.operation, answer).filter(
      (fault) => !(isLong && fault === LINK_MISSING) && !unasked(fault),
    );
    return faults.map((fault) => `${route.operation.id}, ${answer.status}: ${fault}`);
  }

  /** What is wrong with an answer: its status, its body or its headers. */
  faultsIn(operation: Operation, answer: Answer): string[] {
    const described = this.answerOf(operation, answer.status);
    if (!described) return [`the status ${answer.status} is not documented`];
    const missing = Object.keys(described.headers ?? {})
      .filter((name) => !SOMETIMES.includes(name) && !answer.headers.has(name))
      .map((name) => `the header ${name} is missing`);
    const unsaid = ['ETag', 'Location', 'Link'].filter(
      (name) => answer.headers.has(name) && !described.headers?.[name],
    );
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    if (!described.content && answer.body === '') return missing;
    const media = described.content?.[type] ?? described.content?.['*/*'];
    if (!media) return [...missing, `the type ${type} is not documented`];
    const faults = /[/+]json$/.test(type) ? faultsOf(this.document, media.schema, answer.body) : [];
    const body = new Set(faults.map((fault) => fault.replace(/\/\d+/g, '/*'))); // one row may stand for all
    return [...missing, ...unsaid.map((name) => `the header ${name} is not documented`), ...body];
  }

  private answerOf({ path, method }: Operation, status: number): Described | undefined {
    const answer = this.document.paths[path]?.[method.toLowerCase()].responses[status] as Described | undefined;
    const shared = (this.document.components as { responses?: Record<string, Described> }).responses ?? {};
    return answer?.$ref ? shared[answer.$ref.split('/').at(-1) ?? ''] : answer;
  }
}

/**
 * Whoever names the members that they want gets no others, whatever is required of a whole record: tells of a fault
 * whether it is the lack of one that was not wanted. What was named has to be there, and so has whatever is around records.
 */
export function unaskedIn(url: string, { body }: Pick<Answer, 'body'>): (fault: string) => boolean {
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  const named = (name: string): string[] | undefined =>
    query
      .get(name)
      ?.split(',')
      .map((one) => one.split(':').at(-1)?.replaceAll('.', '/').toLowerCase() ?? '');
  const wanted = named('fields') ?? named('attributes');
  const unwanted = named('excludedAttributes');
  if (!wanted && !unwanted) return () => false;
  const rows = Array.isArray(body?.data) ? 'data' : Array.isArray(body?.Resources) ? 'Resources' : undefined;
  const start = rows ? `/${rows}/*/` : '/';
  const covers = (names: string[], path: string): boolean =>
    names.some((name) => path === name || path.startsWith(`${name}/`));
  return (fault) => {
    const path = /^(\/.+) is missing$/.exec(fault)?.[1];
    if (!path?.startsWith(start)) return false;
    const member = path.slice(start.length).replaceAll('/*', '').toLowerCase();
    return wanted ? !covers(wanted, member) : covers(unwanted ?? [], member);
  };
}

const shapeOf = (method: string, path: string): string => `${method} ${path.split('/').length}`;
const parametersIn = ({ operation }: Route): number => operation.path.split('{').length;
