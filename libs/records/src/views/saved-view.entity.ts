import { Aggregate, newId } from '@app/kernel';
import type { Condition } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ViewPassed, ViewRemoved, ViewSaved } from '../events.js';
import type { Audience } from './view.policy.js';

export type ViewDocument = {
  name: string;
  where: Condition;
  sort: string | null;
  columns: readonly string[] | null;
  audience: Audience;
  teamId: string | null;
  isPinned: boolean;
};

/** A list as somebody wants to see it again: what of it, in which order, with which columns. It holds no rows. */
@Entity('saved_views')
export class SavedView extends Aggregate<SavedView> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly resource: string;
  @Column('text') readonly name: string;
  @Column('jsonb') readonly where: Condition;
  @Column({ type: 'text', nullable: true }) readonly sort: string | null;
  @Column({ type: 'jsonb', nullable: true }) readonly columns: readonly string[] | null;
  @Column('text') readonly audience: Audience;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column('boolean') readonly isPinned: boolean;
  @Column('uuid') readonly ownerId: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static save(resource: string, ownerId: string, document: ViewDocument): SavedView {
    const view = new SavedView().change({ ...document, id: newId(), resource, ownerId });
    return view.tell();
  }

  amend(to: Partial<ViewDocument>): void {
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
    this.tell();
  }

  passTo(ownerId: string): void {
    this.change({ ownerId });
    this.raise(ViewPassed({ viewId: this.id, ownerId }));
  }

  remove(): void {
    this.raise(ViewRemoved({ viewId: this.id }));
  }

  private tell(): this {
    const { id: viewId, resource, audience } = this;
    this.raise(ViewSaved({ viewId, resource, audience }));
    return this;
  }
}
