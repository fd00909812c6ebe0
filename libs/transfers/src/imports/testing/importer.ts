import type { SignedIn } from '@app/auth/testing';
import { formOf, type Slice } from '@app/platform/testing';
import { expect } from 'vitest';

const OVER = ['done', 'failed', 'cancelled'];
/** What a test reads of an answer it has just asked for: a wrong guess fails the test. */
type Known = {
  readonly id: string;
  readonly state: string;
  readonly columns: string[];
  readonly data: Record<string, unknown>[];
};
type Imported = { readonly id: string; readonly state: string; readonly report: Record<string, number> };
type Answer = Awaited<ReturnType<Slice['http']>>;
export type Plan = { mode?: 'create' | 'update' | 'upsert'; match?: string[] };

/** Somebody who imports files of one kind of record, whose columns are called like its fields. A worker must run. */
export class Importer {
  constructor(
    private readonly slice: Slice,
    private readonly entity: string,
    private readonly who: SignedIn,
  ) {}

  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    return this.slice.http(method, `/api/v1/${path}`, { token: this.who.token, body });
  }

  async mapped(csv: string, { mode = 'create', match = [] }: Plan = {}): Promise<string> {
    const file = new File([csv], `${this.entity}.csv`);
    const form = await formOf({ entity: this.entity, file });
    const made = await this.slice.http('POST', '/api/v1/imports', { token: this.who.token, ...form });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const body = made.body as Known;
    const columns = body.columns.map((column) => ({ column, field: column }));
    const answer = await this.ask('PUT', `imports/${body.id}/mapping`, { columns, mode, match });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return body.id;
  }

  /** The import, once the job is over. */
  async does(verb: 'dry-run' | 'run' | 'undo', id: string): Promise<Imported> {
    const asked = await this.ask('POST', `imports/${id}/${verb}`);
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    const job = `jobs/${(asked.body as Known).id}`;
    const state = async () => ((await this.ask('GET', job)).body as Known).state;
    await expect.poll(state, { timeout: 30_000, interval: 50 }).toSatisfy((one: string) => OVER.includes(one));
    return (await this.ask('GET', `imports/${id}`)).body as Imported;
  }

  async run(csv: string, plan?: Plan): Promise<Imported> {
    return this.does('run', await this.mapped(csv, plan));
  }

  /** Why rows were refused or kept: number, code and field of each. */
  async refusals(id: string, outcome = 'refused'): Promise<unknown[][]> {
    const { data } = (await this.ask('GET', `imports/${id}/rows?outcome=${outcome}`)).body as Known;
    return data.map(({ number, code, field }) => [number, code, field]);
  }
}
