import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InquiryLinked, InquiryUnlinked } from '../events.js';
import { LinkedToItself } from './link.errors.js';
import type { LinkKind, LinkTarget } from './link.policy.js';

export type NewLink = {
  readonly inquiryId: string;
  readonly kind: LinkKind;
  readonly targetType: LinkTarget;
  readonly targetId: string;
};

/** What an inquiry has to do with something else, as somebody said it. It is taken back, never changed. */
@Entity('inquiry_links')
export class InquiryLink extends Aggregate<InquiryLink> implements NewLink {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('text') readonly kind: LinkKind;
  @Column('text') readonly targetType: LinkTarget;
  @Column('uuid') readonly targetId: string;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;

  /** @throws LinkedToItself */
  static make(given: NewLink, by: string): InquiryLink {
    if (given.targetId === given.inquiryId) throw new LinkedToItself();
    const link = new InquiryLink().change({ ...given, id: newId(), createdBy: by });
    link.raise(InquiryLinked(link.fact));
    return link;
  }

  takeBack(): void {
    this.raise(InquiryUnlinked(this.fact));
  }

  private get fact(): NewLink {
    const { inquiryId, kind, targetType, targetId } = this;
    return { inquiryId, kind, targetType, targetId };
  }
}
