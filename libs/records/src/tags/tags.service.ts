import { newId } from '@app/kernel';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { TagApplied, TagTakenOff } from '../events.js';
import { type Host, Hosts } from '../hosts/hosts.js';
import { Tag } from './tag.entity.js';
import { TagNameTaken } from './tag.errors.js';

/** The words of a tenant for its records, and on which they stand. */
@Injectable()
export class TagsService {
  constructor(
    private readonly db: Database,
    private readonly hosts: Hosts,
  ) {}

  /** @throws TagNameTaken */
  create(name: string): Promise<Tag> {
    return this.db.create(Tag.create(name, currentActor().id)).catch(nameTaken(name));
  }

  /** @throws RecordNotFound, TagNameTaken, VersionConflict */
  rename(id: string, name: string, version?: number): Promise<Tag> {
    return this.db.change(Tag, id, version, (tag) => tag.rename(name)).catch(nameTaken(name));
  }

  /** With it goes wherever it stands. @throws RecordNotFound, VersionConflict */
  async remove(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      const tag = await this.db.lock(Tag, id, version);
      tag.remove();
      await this.db.remove(tag);
    });
  }

  /** Again changes nothing. @throws RecordNotFound, RecordKindUnknown, RecordOutOfReach */
  apply(tagId: string, { recordKind, recordId }: Host): Promise<void> {
    return this.onRecord(tagId, { recordKind, recordId }, async () => {
      const made = await this.db.one(
        `insert into record_tags (tenant_id, id, tag_id, record_kind, record_id, created_by) values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint record_tags_once do nothing returning id`,
        [currentTenantId(), newId(), tagId, recordKind, recordId, currentActor().id],
      );
      if (made) await this.db.publish(TagApplied({ tagId, recordKind, recordId }));
    });
  }

  /** Again changes nothing. @throws RecordNotFound, RecordKindUnknown, RecordOutOfReach */
  takeOff(tagId: string, { recordKind, recordId }: Host): Promise<void> {
    return this.onRecord(tagId, { recordKind, recordId }, async () => {
      const gone = await this.db.one(
        `delete from record_tags where tenant_id = $1 and tag_id = $2 and record_kind = $3 and record_id = $4 returning id`,
        [currentTenantId(), tagId, recordKind, recordId],
      );
      if (gone) await this.db.publish(TagTakenOff({ tagId, recordKind, recordId }));
    });
  }

  /** The tag stays meanwhile, as its record does. */
  private onRecord(tagId: string, host: Host, work: () => Promise<void>): Promise<void> {
    return this.db.transaction(async () => {
      await this.hosts.assertChangeable(host);
      const tag = 'select 1 from tags where tenant_id = $1 and id = $2 for key share';
      if (!(await this.db.one(tag, [currentTenantId(), tagId]))) throw new RecordNotFound('tag', tagId);
      await work();
    });
  }
}

const nameTaken = (name: string) => onConstraint('tags_name_is_free', () => new TagNameTaken(name));
