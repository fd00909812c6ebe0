import { InvalidRequest } from '@app/platform';
import { Injectable, type PipeTransform } from '@nestjs/common';

/** The number of a row of the audit trail, in the path. */
@Injectable()
export class ChangeIdPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value)) return value;
    throw new InvalidRequest([{ pointer: 'path/changeId', code: 'is_int', message: 'must be a whole number' }]);
  }
}
