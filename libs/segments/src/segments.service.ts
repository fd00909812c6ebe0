import { currentActor, Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Audience } from './audience.js';
import { Segment, type SegmentDocument } from './segment.entity.js';
import { SegmentNameTaken } from './segment.errors.js';

/** A segment as somebody gives it; its condition is still to be read. */
export type GivenSegment = Omit<SegmentDocument, 'condition' | 'description'> & {
  description?: string | null;
  condition: unknown;
};

const taken = (name = '') => onConstraint('segments_name_is_free', () => new SegmentNameTaken(name));

/** Audiences that are saved. */
@Injectable()
export class SegmentsService {
  constructor(
    private readonly db: Database,
    private readonly audience: Audience,
  ) {}

  /** @throws Invalid for its condition, SegmentNameTaken */
  async create({ name, description = null, condition }: GivenSegment): Promise<Segment> {
    const document = { name, description, condition: await this.audience.read(condition) };
    return this.db.create(Segment.of(document, currentActor().id)).catch(taken(name));
  }

  /** @throws Invalid for its condition, SegmentNameTaken */
  async edit(id: string, { condition, ...to }: Partial<GivenSegment>, version?: number): Promise<Segment> {
    const document = condition === undefined ? to : { ...to, condition: await this.audience.read(condition) };
    return this.db.change(Segment, id, version, (segment) => segment.edit(document)).catch(taken(to.name));
  }

  remove(id: string, version?: number): Promise<void> {
    return this.db.transaction(async () => this.db.remove(await this.db.lock(Segment, id, version)));
  }
}
