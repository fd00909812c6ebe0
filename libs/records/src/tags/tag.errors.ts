import { Conflict } from '@app/kernel';

export class TagNameTaken extends Conflict {
  constructor(name: string) {
    const message = `There is a tag called ${name} already`;
    super('tag_name_taken', message, { errors: [{ pointer: '/name', code: 'tag_name_taken', message }] });
  }
}
