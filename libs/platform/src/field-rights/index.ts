export { FieldCatalogue } from './field-catalogue.js';
export { FieldForbidden, RecordShapes } from './record-shapes.js';
export { currentFieldRights, isHiddenName, shownFieldsOf, shownNames } from './shown-fields.js';
export { RECORD, Tells, toldKinds } from './tells.js';
export { WRITES, Writes, type WrittenFields } from './writes.js';
