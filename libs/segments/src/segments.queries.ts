import type { CustomerCard } from '@app/customers';
import {
  type Condition,
  currentActor,
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
import {
  type AudienceFieldView,
  isTold,
  type ListedSegmentView,
  type SegmentPreviewView,
  type SegmentView,
  toView,
} from './segments.dto.js';

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

type SegmentRow = ListedSegmentView & { condition: Condition };

const SAMPLE = 5;

@Injectable()
export class SegmentsQueries {
  constructor(
    private readonly db: Database,
    private readonly audience: Audience,
  ) {}

  async list(query: ListQuery): Promise<Page<ListedSegmentView>> {
    const params = [currentTenantId()];
    const source = { select: COLUMNS, from: 'segments s', where: 's.tenant_id = $1', params };
    // whole ones, of which who saved it is asked for whatever is shown
    const rows: SegmentRow[] = [];
    const map = (row: SegmentRow): ListedSegmentView => {
      rows.push(row);
      return row;
    };
    const { data, meta } = await readPage(this.db, { ...source, map, query, spec: SegmentList });
    const problems = await this.audience.problemsOf(rows.map(({ condition }) => condition));
    const readerId = currentActor().id;
    const isShown = rows.map((row, at) => isTold(row, problems[at] ?? [], readerId));
    return {
      data: data.map((view, at) => (isShown[at] || !('condition' in view) ? view : { ...view, condition: null })),
      meta,
    };
  }

  /** @throws RecordNotFound */
  async view(id: string): Promise<SegmentView> {
    return this.told(await this.db.get(Segment, id));
  }

  /** As the current actor is told of it. */
  async told(segment: Segment): Promise<SegmentView> {
    const [problems = []] = await this.audience.problemsOf([segment.condition]);
    return toView(segment, problems, currentActor().id);
  }

  /** @throws RecordNotFound, SegmentOutOfReach, SegmentUnusable */
  async customers(id: string, query: ListQuery): Promise<Page<CustomerCard>> {
    const { condition } = await this.db.get(Segment, id);
    return this.audience.page(condition, query);
  }

  /** @throws Invalid for its condition */
  async preview(given: unknown): Promise<SegmentPreviewView> {
    const condition = await this.audience.read(given);
    const query = parseSearchBody({ limit: SAMPLE, count: 'capped' }, AudienceList);
    const { data, meta } = await this.audience.page(condition, query);
    return { count: meta.total ?? 0, countIsCapped: meta.totalIsCapped ?? false, sample: data };
  }

  async fields(): Promise<AudienceFieldView[]> {
    const known = Object.values(await this.audience.fields()).filter(({ filterable }) => filterable);
    return known.map(({ name, type, operators, values, description, nullable }) => ({
      ...{ name, type, operators: [...operators], nullable },
      values: values.length ? [...values] : null,
      description: description ?? null,
    }));
  }
}
