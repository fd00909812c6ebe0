export { csvLine, unmarked } from './csv.js';
export { ApiExport, exportSpec } from './export-route.js';
export { EXPORT_FORMATS, type ExportFormat, MIME_TYPES } from './formats.js';
export { askedOf, RecordExports } from './record-exports.js';
