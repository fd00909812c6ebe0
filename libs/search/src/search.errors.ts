import { Invalid } from '@app/kernel';

export class TypeUnknown extends Invalid {
  constructor(unknown: readonly string[], known: readonly string[]) {
    const message = `There is no ${unknown.join(', no ')} to be found, but ${known.join(', ')}`;
    super('invalid_query', 'The query is not valid', {
      errors: [{ pointer: 'query/types', code: 'type_unknown', message }],
    });
  }
}
