import { InputPipe } from '@app/platform';
import { Injectable, type Type } from '@nestjs/common';
import { AssignmentService } from '../inquiries/assignment.service.js';
import { AssignInquiryDto, EditInquiryDto, MoveInquiryDto, SnoozeInquiryDto } from '../inquiries/inquiries.dto.js';
import { InquiriesService } from '../inquiries/inquiries.service.js';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';
import { InquiryTrashService } from '../inquiries/inquiry-trash.service.js';
import type { InquiryBulkOperation } from './bulk.dto.js';

/** What one operation does, once its body is read as its own route would read it. */
@Injectable()
export class InquiryVerbs {
  private readonly input = new InputPipe();

  constructor(
    private readonly inquiries: InquiriesService,
    private readonly assignment: AssignmentService,
    private readonly statuses: InquiryStatusService,
    private readonly trashing: InquiryTrashService,
  ) {}

  async perform({ op, id, version, data = {} }: InquiryBulkOperation): Promise<{ readonly version: number } | void> {
    switch (op) {
      case 'update':
        return this.inquiries.edit(id, await this.read(EditInquiryDto, data), version);
      case 'assign':
        return this.assignment.assign(id, await this.read(AssignInquiryDto, data), version);
      case 'status': {
        const { status, reason } = await this.read(MoveInquiryDto, data);
        return this.statuses.moveTo(id, status, reason, version);
      }
      case 'snooze': {
        const { until, note } = await this.read(SnoozeInquiryDto, data);
        return this.statuses.snooze(id, new Date(until), note, version);
      }
      case 'spam':
        return this.statuses.markSpam(id, version);
      case 'trash':
        return this.trashing.trash(id, version);
      case 'restore':
        return this.trashing.restore(id, version);
    }
  }

  private async read<T>(metatype: Type<T>, data: Record<string, unknown>): Promise<T> {
    return (await this.input.transform(data, { type: 'body', metatype })) as T;
  }
}
