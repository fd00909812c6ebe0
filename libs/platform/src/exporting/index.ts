export { type Cell, csvLine, unmarked } from './csv.js';
export { EXPORT_FORMATS, type ExportFormat, MIME_TYPES } from './formats.js';
export { RecordExports } from './record-exports.js';
