import { Forbidden } from '@app/kernel';

export class NoteOfAnother extends Forbidden {
  constructor() {
    super('note_of_another', 'A note is changed by its author alone');
  }
}
