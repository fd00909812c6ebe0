export { FieldCatalogue } from './field-catalogue.js';
export { FieldForbidden, RawRecordsClosed, RecordShapes } from './record-shapes.js';
export { currentFieldRights, isHiddenName, shownFieldsOf, shownNames } from './shown-fields.js';
export { RECORD, Tells, toldKinds } from './tells.js';
export { RAW_RECORDS, RawRecords, WRITES, Writes, type WrittenFields } from './writes.js';
