import { ApiAcceptedResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { JobView } from './jobs.dto.js';

/** 202: a job does the rest, and is found at `Location`. */
export const ApiAcceptedJob = (): MethodDecorator =>
  ApiAcceptedResponse({ type: JobView, headers: { Location: { $ref: '#/components/headers/Location' } } });

export function accepted(reply: FastifyReply, job: JobView): JobView {
  void reply.header('location', `/api/v1/jobs/${job.id}`);
  return job;
}
