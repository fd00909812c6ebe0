import { Invalid, isId } from '@app/kernel';
import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from './validation.pipe.js';

/** An id in the path. What is no UUID at all is a malformed request, not a missing record. */
@Injectable()
export class UuidPipe implements PipeTransform<unknown, string> {
  transform(value: unknown, metadata: { data?: string }): string {
    if (isId(value)) return value.toLowerCase();
    throw new InvalidRequest([
      { pointer: `path/${metadata.data ?? 'id'}`, code: 'is_uuid', message: 'must be a UUID' },
    ]);
  }
}

const IF_MATCH = /^(?:W\/)?"(\d{1,9})"$/;

const TAKES_VERSION = 'nexus:takes-version';

const readVersion = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = IF_MATCH.exec(header)?.[1];
  if (version === undefined) {
    throw new Invalid('invalid_if_match', 'If-Match takes one ETag as the resource gave it: "<version>"');
  }
  return Number(version);
});

/** The version that the caller saw, from `If-Match: "3"`; undefined without the header or for `*`. */
export const IfMatch = (): ParameterDecorator => {
  const read = readVersion();
  return (target, handler, index) => {
    if (handler !== undefined) Reflect.defineMetadata(TAKES_VERSION, true, target.constructor, handler);
    read(target, handler, index);
  };
};

/** Whether a handler reads `If-Match`. */
export const takesVersion = (controller: object, handler: string): boolean =>
  Reflect.getMetadata(TAKES_VERSION, controller, handler) === true;
