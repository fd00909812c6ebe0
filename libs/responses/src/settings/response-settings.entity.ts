import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a tenant sends its responses. One row per tenant, written with the first change. */
@Entity('response_settings')
export class ResponseSettings extends Aggregate<ResponseSettings> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('boolean') readonly sendsAutomatically: boolean;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(tenantId: string): ResponseSettings {
    return new ResponseSettings().change({ id: tenantId, sendsAutomatically: true, version: 0 });
  }

  set({ sendsAutomatically }: { sendsAutomatically: boolean }): this {
    return this.change({ sendsAutomatically });
  }
}
