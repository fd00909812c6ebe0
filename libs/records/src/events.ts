import { defineEvent } from '@app/kernel';

type OfNote = { noteId: string; recordKind: string; recordId: string };

export const NoteWritten = defineEvent<OfNote & { authorId: string; mentions: readonly string[] }>(
  'notes.written',
  'Somebody noted something about a record. `mentions`: the usernames that it calls.',
);
export const NoteEdited = defineEvent<OfNote & { authorId: string; mentions: readonly string[] }>(
  'notes.edited',
  'The author of a note changed it. `mentions`: the usernames that it did not call before.',
);
export const NoteRemoved = defineEvent<OfNote>('notes.removed', 'A note was removed.');

type OfTag = { tagId: string };
type OnRecord = OfTag & { recordKind: string; recordId: string };

export const TagCreated = defineEvent<OfTag & { name: string }>('tags.created', 'There is another word for records.');
export const TagRenamed = defineEvent<OfTag & { name: string }>(
  'tags.renamed',
  'A word for records is another one, wherever it stands.',
);
export const TagRemoved = defineEvent<OfTag>(
  'tags.removed',
  'A word for records is gone, and stands on none any more.',
);
export const TagApplied = defineEvent<OnRecord>('tags.applied', 'A record was tagged.');
export const TagTakenOff = defineEvent<OnRecord>('tags.taken-off', 'A record is no longer tagged so.');

type OfFile = { fileId: string; recordKind: string; recordId: string };
export const FileAdded = defineEvent<OfFile>('files.added', 'A file was added to a record.');
export const FileVersionAdded = defineEvent<OfFile & { number: number }>(
  'files.version-added',
  'A file has new bytes.',
);
export const FileRemoved = defineEvent<OfFile>('files.removed', 'A file was removed, with all its versions.');
export const FileInfected = defineEvent<{ fileId: string; number: number; finding: string }>(
  'files.infected',
  'Something was found in a file, which nobody gets.',
);

type OfField = { fieldId: string };
export const CustomFieldDefined = defineEvent<OfField & { recordKind: string; key: string }>(
  'custom-fields.defined',
  'Records of a kind have another field.',
);
export const CustomFieldChanged = defineEvent<OfField & { changed: readonly string[] }>(
  'custom-fields.changed',
  'What a custom field is, or what it is called, changed.',
);
export const CustomFieldArchived = defineEvent<OfField>(
  'custom-fields.archived',
  'A custom field is shown nowhere any more; its values are kept.',
);
export const CustomFieldRestored = defineEvent<OfField>(
  'custom-fields.restored',
  'A custom field is back, with the values that it had.',
);

type OfView = { viewId: string };
export const ViewSaved = defineEvent<OfView & { resource: string; audience: string }>(
  'views.saved',
  'Somebody saved a view of a list, or changed one.',
);
export const ViewPassed = defineEvent<OfView & { ownerId: string }>('views.passed', 'A shared view has another owner.');
export const ViewRemoved = defineEvent<OfView>('views.removed', 'A view of a list was removed.');
