import { AllowAuthenticated, ApiList, Listed, type ListQuery } from '@app/platform';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HitView, SearchMeta } from './search.dto.js';
import { SearchList } from './search.list.js';
import { SearchQueries } from './search.queries.js';

@ApiTags('search')
@Controller('search')
export class SearchController {
  constructor(private readonly queries: SearchQueries) {}

  @Get()
  @AllowAuthenticated()
  @ApiList(SearchList, HitView, SearchMeta)
  @ApiOperation({
    summary: 'Search everything that you may read',
    description: `Customers, companies, deals, leads, tasks, projects and inquiries by all words of \`q\`, the last one also as a beginning; a whole e-mail
address, a phone number in any writing and a reference (\`INQ-000123\`, \`123\`) come first. Where nothing is written so, what is written alike.
Each type as far as its own read permission reaches: \`total\` and \`counts\` are of what you may read, and types that you may not read are
neither found nor counted. Without words, nothing is found. Highlights are HTML.`,
  })
  find(@Listed(SearchList) query: ListQuery): Promise<{ data: HitView[]; meta: SearchMeta }> {
    return this.queries.find(query);
  }
}
