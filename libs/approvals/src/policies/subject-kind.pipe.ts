import { InvalidRequest } from '@app/platform';
import { Injectable, type PipeTransform } from '@nestjs/common';

const KIND = /^[a-z][a-z0-9_.-]{0,59}$/;

@Injectable()
export class SubjectKindPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value === 'string' && KIND.test(value)) return value;
    const message = 'must be a kind of subject such as responses.response';
    throw new InvalidRequest([{ pointer: 'path/subjectKind', code: 'matches', message }]);
  }
}
