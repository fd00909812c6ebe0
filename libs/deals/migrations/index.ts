import { DealItems1764002011000 } from './1764002011000-deal-items.js';
import { Deals1764002000000 } from './1764002000000-deals.js';
import { DealsFollowMerges1764002070000 } from './1764002070000-deals-follow-merges.js';
import { DealsAreFound1764002082000 } from './1764002082000-deals-are-found.js';
import { DealsOfCompanies1764002121000 } from './1764002121000-deals-of-companies.js';
import { ForecastSnapshots1764002123000 } from './1764002123000-forecast-snapshots.js';
import { StageEntry1764002122000 } from './1764002122000-stage-entry.js';
import { DealFields1764002090020 } from './1764002090020-deal-fields.js';
import { ArchivedPipelines1764002240300 } from './1764002240300-archived-pipelines.js';

export const dealsMigrations = [
  Deals1764002000000,
  DealItems1764002011000,
  DealsFollowMerges1764002070000,
  DealsAreFound1764002082000,
  DealsOfCompanies1764002121000,
  StageEntry1764002122000,
  ForecastSnapshots1764002123000,
  DealFields1764002090020,
  ArchivedPipelines1764002240300,
];
