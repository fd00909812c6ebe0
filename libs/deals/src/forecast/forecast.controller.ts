import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from '../deals/deal.policy.js';
import { ExchangeRatePermissions } from './exchange-rate.policy.js';
import { ExchangeRatesQueries, RateList } from './exchange-rates.queries.js';
import { ExchangeRatesService } from './exchange-rates.service.js';
import { ForecastQuery, ForecastView, RateDto, RateView, toRateView } from './forecast.dto.js';
import { ForecastQueries } from './forecast.queries.js';
import { ForecastSnapshotView } from '../snapshots/snapshots.dto.js';
import { SnapshotList, SnapshotsQueries } from '../snapshots/snapshots.queries.js';

@Controller('deals/forecast')
@ApiTags('deals')
export class ForecastController {
  constructor(
    private readonly queries: ForecastQueries,
    private readonly snapshots: SnapshotsQueries,
  ) {}

  @Get()
  @Allow(DealPermissions.read)
  @ApiOperation({
    summary: 'What is won, and what will be',
    description: `Of what the caller may see, in one currency: won, commit, best case, pipeline (each with those before it) and weighted.
A won deal is converted by the rate of the day it was won, an open one by that of today; what no rate is known for is told by itself.
422 \`period_too_long\`, \`pipeline_unknown\`, \`sum_too_large\`.`,
  })
  forecast(@Query() query: ForecastQuery): Promise<ForecastView> {
    return this.queries.forecast(query);
  }

  @Get('snapshots')
  @Allow(DealPermissions.read)
  @ApiOperation({
    summary: 'What the forecast was, day by day',
    description: `Kept at the end of each day of the tenant's zone, for its month and the eleven after it, by owner, team, pipeline and
currency. Whoever may not read all deals sees the sums of their own, or of their teams.`,
  })
  @ApiList(SnapshotList, ForecastSnapshotView)
  list(@Listed(SnapshotList) query: ListQuery): Promise<Page<ForecastSnapshotView>> {
    return this.snapshots.list(query);
  }
}

@Controller('exchange-rates')
@ApiTags('deals')
export class ExchangeRatesController {
  constructor(
    private readonly rates: ExchangeRatesService,
    private readonly queries: ExchangeRatesQueries,
  ) {}

  @Get()
  @Allow(ExchangeRatePermissions.read)
  @ApiOperation({ summary: 'List the rates that reports convert by' })
  @ApiList(RateList, RateView)
  list(@Listed(RateList) query: ListQuery): Promise<Page<RateView>> {
    return this.queries.list(query);
  }

  @Post()
  @Allow(ExchangeRatePermissions.manage)
  @ApiOperation({
    summary: 'Add the rate of a day',
    description: 'It holds until the next one. 409 `exchange_rate_known`; 422 `same_currency`.',
  })
  add(@Body() rate: RateDto): Promise<RateView> {
    return this.rates.add(rate).then(toRateView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(ExchangeRatePermissions.manage)
  @ApiOperation({ summary: 'Remove a rate that is wrong' })
  remove(@Param('id', UuidPipe) id: string): Promise<void> {
    return this.rates.remove(id);
  }
}
