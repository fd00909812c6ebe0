import { BoardColumns } from './board-columns.js';
import { DealSurroundings } from './deal-surroundings.js';
import { DealWriting } from './deal-writing.js';
import { DealsImportable } from './deals.importable.js';

export const IMPORTING = [BoardColumns, DealsImportable, DealSurroundings, DealWriting];
