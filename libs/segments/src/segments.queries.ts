import type { CustomerCard } from '@app/customers';
import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  parseSearchBody,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AudienceList } from '@app/customers';
import { Audience } from './audience.js';
import { Segment } from './segment.entity.js';
import { type AudienceFieldView, type SegmentPreviewView, type SegmentView, toView } from './segments.dto.js';

const COLUMNS = {
  id: 's.id',
  name: 's.name',
  description: 's.description',
  condition: 's.condition',
  createdBy: 's.created_by',
  version: 's.version',
  createdAt: 's.created_at',
  updatedAt: 's.updated_at',
} as const;

export const SegmentList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 's.id' },
    name: { type: 'text', column: 's.name', sortable: true, example: 'Gold without an offer' },
    createdBy: { type: 'id', column: 's.created_by' },
    createdAt: { type: 'instant', column: 's.created_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(COLUMNS),
};

const SAMPLE = 5;

@Injectable()
export class SegmentsQueries {
  constructor(
    private readonly db: Database,
    private readonly audience: Audience,
  ) {}

  list(query: ListQuery): Promise<Page<SegmentView>> {
    const params = [currentTenantId()];
    const source = { select: COLUMNS, from: 'segments s', where: 's.tenant_id = $1', params };
    return readPage<SegmentView>(this.db, { ...source, query, spec: SegmentList });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<SegmentView> {
    return this.db.get(Segment, id).then(toView);
  }

  /** @throws RecordNotFound, SegmentOutOfReach */
  async customers(id: string, query: ListQuery): Promise<Page<CustomerCard>> {
    const { condition } = await this.db.get(Segment, id);
    return this.audience.page(condition, query);
  }

  /** @throws Invalid for its condition */
  async preview(given: unknown): Promise<SegmentPreviewView> {
    const condition = this.audience.read(given);
    const query = parseSearchBody({ limit: SAMPLE, count: 'capped' }, AudienceList);
    const { data, meta } = await this.audience.page(condition, query);
    return { count: meta.total ?? 0, countIsCapped: meta.totalIsCapped ?? false, sample: data };
  }

  fields(): AudienceFieldView[] {
    return Object.values(this.audience.fields()).map(({ name, type, operators, values, description, nullable }) => ({
      ...{ name, type, operators: [...operators], nullable },
      values: values.length ? [...values] : null,
      description: description ?? null,
    }));
  }
}
