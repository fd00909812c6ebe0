export { type Comparison, type Condition, conditionFaults, parseCondition } from './condition.js';
export { evaluate, type Facts } from './condition-evaluate.js';
export { compile } from './condition-sql.js';
export { defineFields, type Field, type FieldOptions, type Fields, type FieldType, type Operator } from './fields.js';
export { linkHeader } from './link-header.js';
export { ApiList, ApiSearch, type ListParameter, listParameters } from './list-parameters.js';
export {
  type CountMode,
  type ListQuery,
  parseListQuery,
  type RawQuery,
  readView,
  type StoredView,
  ViewUnusable,
} from './list-query.js';
export { checkSpec, listsByResource, type ListSpec } from './list-spec.js';
export { Listed, readsWholeQuery, Searched, searchOf } from './listed.js';
export { Moments } from './moments.js';
export { type Page, type PageRead, type Queryable, readPage, wholeList } from './page.js';
export { PageMeta } from './page.dto.js';
export { ApiPage } from './page-answer.js';
export { parseSearchBody } from './search-body.js';
export type { Direction, SortKey } from './sort.js';
export { CUSTOM, customKeys, mentionsCustomFields, withFields } from './tenant-fields.js';
export { escapeLike, type Moment, type Relative, type Scalar, type Value } from './values.js';
export { readOne } from './read-one.js';
