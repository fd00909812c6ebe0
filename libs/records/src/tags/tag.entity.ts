import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TagCreated, TagRemoved, TagRenamed } from '../events.js';

/** A word of the tenant for its records; renamed, it is another word wherever it stands. */
@Entity('tags')
export class Tag extends Aggregate<Tag> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static create(name: string, createdBy: string): Tag {
    const tag = new Tag().change({ id: newId(), name, createdBy });
    tag.raise(TagCreated({ tagId: tag.id, name }));
    return tag;
  }

  rename(name: string): void {
    if (name === this.name) return;
    this.change({ name });
    this.raise(TagRenamed({ tagId: this.id, name }));
  }

  remove(): void {
    this.raise(TagRemoved({ tagId: this.id }));
  }
}
