export { type AudienceFields, AudienceFieldsPort, type AudienceRecords } from './audience-fields.port.js';
export { type CustomerReach, CustomerReachPort } from './customer-reach.port.js';
export {
  type CustomerRecords,
  customerRecordsIn,
  CustomerRecordsPort,
  type NamedIn,
  type Renaming,
} from './customer-records.port.js';
export { type Exportable, ExportablePort } from './exportable.port.js';
export { type Fact, FactPort, type FactSource, quotableFacts } from './fact.port.js';
export { type Departure, DeparturePort } from './departure.port.js';
export { type FieldHost, FieldHostPort } from './field-host.port.js';
export { type FileScan, FileScanPort } from './file-scan.port.js';
export { type GuardedRecords, GuardedRecordsPort } from './guarded-records.port.js';
export {
  IMPORT_MODES,
  type Importable,
  ImportablePort,
  type ImportedRecord,
  type ImportField,
  type ImportMatch,
  type ImportMode,
  type ImportOutcome,
  type ImportPlan,
  type ImportRefusal,
  type ImportValues,
} from './importable.port.js';
export {
  hiddenAmong,
  hiddenSubjects,
  type HiddenWords,
  HiddenWordsPort,
  hidesSubject,
  withhold,
} from './hidden-words.port.js';
export { type InquiryReach, InquiryReachPort } from './inquiry-reach.port.js';
export { type JobAtWork, type JobEnd, type LongWork, LongWorkPort, type Tally } from './long-work.port.js';
export { type Ownership, OwnershipPort, type Passage } from './ownership.port.js';
export { definePort, type Port, Ports, Provides } from './port.js';
export { type RecordFields, RecordFieldsPort, type RestrictableField } from './record-fields.port.js';
export { type RecordType, RecordTypePort } from './record-type.port.js';
export { type Retention, RetentionPort } from './retention.port.js';
export { type Searchable, SearchablePort, SEARCHED_PARTS, type SearchedPart } from './searchable.port.js';
export { type StoredFiles, StoredFilesPort } from './stored-files.port.js';
export { type StrangerMail, type StrangerMails, StrangerMailsPort } from './stranger-mails.port.js';
export { type TenantLists, TenantListsPort } from './tenant-lists.port.js';
export { type TenantZone, TenantZonePort } from './tenant-zone.port.js';
export { assertTeamsExist, TeamNotFound, type TeamRoll, TeamRollPort } from './team-roll.port.js';
export {
  newestFirst,
  type TimelineEntry,
  type TimelinePoint,
  TimelinePort,
  type TimelineQuotes,
  type TimelineSource,
  toldBefore,
} from './timeline.port.js';
export { type ErrorShape, ErrorShapePort } from './error-shape.port.js';
