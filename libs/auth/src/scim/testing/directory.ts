import { newId } from '@app/kernel';
import type { Slice } from '@app/platform/testing';
import { signIn } from '../../testing.js';
import { URN } from '../scim-names.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Answer = Awaited<ReturnType<Slice['http']>>;

const idIn = ({ body }: Answer): string => (body as { id: string }).id;

/** A directory of a tenant: it knows a base URL and a bearer token, and sends its own content type. */
export class Directory {
  private constructor(
    private readonly slice: Slice,
    readonly key: string,
  ) {}

  static async of(slice: Slice, given: { tenantId?: string; grants?: readonly string[] } = {}): Promise<Directory> {
    const { tenantId, grants = ['scim:provision'] } = given;
    const { token } = await signIn(slice, { tenantId, grants: ['service-tokens:manage', ...grants] });
    const made = await slice.http('POST', '/api/v1/service-tokens', { token, body: { name: 'Directory', grants } });
    return new Directory(slice, (made.body as { key: string }).key);
  }

  ask(method: Method, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.key}` };
    if (body !== undefined) headers['content-type'] = 'application/scim+json';
    return this.slice.http(method, `/api/v1/scim/v2/${path}`, { headers, body });
  }

  find(kind: 'Users' | 'Groups', filter: string): Promise<Answer> {
    return this.ask('GET', `${kind}?filter=${encodeURIComponent(filter)}`);
  }

  patch(path: string, ...operations: object[]): Promise<Answer> {
    return this.ask('PATCH', path, { schemas: [URN.patch], Operations: operations });
  }

  /** A person whom it makes: their id. */
  async person(over: object = {}): Promise<string> {
    return idIn(await this.ask('POST', 'Users', aPerson(over)));
  }

  async group(over: object = {}): Promise<string> {
    const group = { schemas: [URN.group], displayName: `Group ${newId()}`, ...over };
    return idIn(await this.ask('POST', 'Groups', group));
  }
}

/** RFC 7643, section 8.1, with an address of its own. */
export const aPerson = (over: object = {}): Record<string, unknown> => ({
  schemas: [URN.user],
  userName: `${newId()}@directory.example`,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  active: true,
  ...over,
});
