import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import type { HealthCheckResult, HealthCheckStatus } from '@nestjs/terminus';

const probes = (example: Record<string, object>): ApiPropertyOptions => ({
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['status'],
    properties: { status: { type: 'string', enum: ['up', 'degraded', 'down'] } },
    additionalProperties: true,
  },
  example,
});

/** Each probe by its name, with what else it tells. */
export class HealthView implements HealthCheckResult {
  @ApiProperty({ enum: ['ok', 'degraded', 'error', 'shutting_down'] })
  status: HealthCheckStatus;
  /** What is up or degraded. */
  @ApiPropertyOptional(probes({ database: { status: 'up' } }))
  info?: HealthCheckResult['info'];
  /** What is down. */
  @ApiPropertyOptional(probes({}))
  error?: HealthCheckResult['error'];
  /** All of them. */
  @ApiProperty(probes({ database: { status: 'up' } }))
  details: HealthCheckResult['details'];
}
