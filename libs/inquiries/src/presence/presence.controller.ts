import { Allow, currentTenantId, PresenceBook, UuidPipe } from '@app/platform';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { PresenceView } from './presence.dto.js';

@Controller('inquiries/:id/presence')
@ApiTags('inquiries')
export class PresenceController {
  constructor(
    private readonly reach: InquiryReach,
    private readonly presence: PresenceBook,
  ) {}

  @Get()
  @Allow(InquiryPermissions.read)
  @ApiOperation({
    summary: 'See who has an inquiry open',
    description: `Over Socket.IO they say so themselves (\`presence:set\`), and hear of each other at once. \`writer\` began to
write first: the others are asked to let them finish, and nothing more; who may answer is decided by \`take\`.`,
  })
  async view(@Param('id', UuidPipe) id: string): Promise<PresenceView> {
    await this.reach.assertReadable(id);
    return this.presence.of({ tenantId: currentTenantId(), kind: this.reach.kind, id });
  }
}
