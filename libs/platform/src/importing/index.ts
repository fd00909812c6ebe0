export { cellText, given, idCell, importRefusal, refuseRow, shapedAs } from './rows.js';
export {
  type Former,
  ImportedRecords,
  type ImportedKind,
  type ImportRow,
  type RecordUndoer,
  type RowWriter,
} from './imported-records.js';
export { matchRows } from './matching.js';
