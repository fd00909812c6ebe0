import type { FieldFault } from '@app/kernel';
import {
  listsByResource,
  type ListSpec,
  mentionsCustomFields,
  parseListQuery,
  type RawQuery,
  readView,
  type StoredView,
  withFields,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ListsOfTenant } from '../tenant-lists.js';
import type { ViewDocument } from './saved-view.entity.js';
import { ViewedListUnknown, ViewInvalid } from './view.errors.js';

type Said = Omit<StoredView, 'id'>;
export type ViewParts = Pick<ViewDocument, 'where' | 'sort' | 'columns'>;

/** The lists that views are of, and what these may say of them. */
@Injectable()
export class ViewedLists {
  constructor(private readonly lists: ListsOfTenant) {}

  /** What whoever asks cannot use of a view; of a list that is not there any more, all of it. */
  async problemsOf(resource: string, said: Said): Promise<FieldFault[]> {
    if (!listsByResource().has(resource))
      return [{ pointer: '/resource', code: 'viewed_list_unknown', message: 'There is no such list any more' }];
    return readView(said, await this.specOf(resource, said)).faults;
  }

  /** In canonical form. @throws ViewedListUnknown, ViewInvalid */
  async read(resource: string, said: Said): Promise<ViewParts> {
    const { where, columns = null, faults } = readView(said, await this.specOf(resource, said));
    if (faults.length) throw new ViewInvalid(faults);
    return { where, sort: said.sort, columns };
  }

  /** A query string of the list, taken apart. @throws ViewedListUnknown, ViewInvalid, Invalid */
  async readQuery(resource: string, query: string): Promise<ViewParts> {
    const raw = rawOf(query);
    const spec = await this.specOf(resource, raw, query);
    // what is no filter has no place in a view, which would then show more than was asked for
    const other = [...FLEETING, ...Object.keys(spec.parameters ?? {})].find((key) => Object.hasOwn(raw, key));
    if (other)
      throw new ViewInvalid([{ pointer: `/query`, code: 'unknown_parameter', message: `${other} is not saved` }]);
    const { where, fields = null } = parseListQuery(raw, spec);
    return { where, sort: typeof raw.sort === 'string' ? raw.sort : null, columns: fields };
  }

  private async specOf(resource: string, said: unknown, query = ''): Promise<ListSpec> {
    const spec = listsByResource().get(resource);
    if (!spec) throw new ViewedListUnknown([...listsByResource().keys()].sort());
    const isNamed = mentionsCustomFields(said) || query.includes('cf.');
    return isNamed ? withFields(spec, await this.lists.fieldsOf(spec)) : spec;
  }
}

/** Of a request and not of a view. */
const FLEETING = ['page', 'limit', 'cursor', 'count', 'view', 'q', 'include', 'order'] as const;

function rawOf(query: string): RawQuery {
  const raw = new Map<string, string | string[]>();
  for (const [key, value] of new URLSearchParams(query)) {
    const before = raw.get(key);
    raw.set(key, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(raw);
}
