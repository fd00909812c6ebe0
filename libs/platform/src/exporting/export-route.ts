import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { checkSpec, type ListSpec, listParameters } from '../lists/index.js';
import { EXPORT_FORMATS, MIME_TYPES } from './formats.js';

/** A list as a file is asked for like the list, whose views it has: that one is declared first. */
export const exportSpec = (spec: ListSpec): ListSpec => ({
  ...checkSpec(spec),
  parameters: { ...spec.parameters, format: `${EXPORT_FORMATS.join(', ')}; csv unless given.` },
});

/** A file has no pages. */
const PAGING = new Set(['page', 'limit', 'cursor', 'count']);

export const ApiExport = (spec: ListSpec): MethodDecorator =>
  applyDecorators(
    ...listParameters(exportSpec(spec))
      .filter(({ name }) => !PAGING.has(name))
      .map((parameter) => ApiQuery(parameter as never)),
    ApiProduces(...Object.values(MIME_TYPES).map((type) => type.split(';', 1).join())),
    ApiOkResponse({ schema: { type: 'string', format: 'binary' } }),
  );
