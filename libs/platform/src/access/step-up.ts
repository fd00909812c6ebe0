import { Forbidden } from '@app/kernel';
import { SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export const STEP_UP = 'nexus:step-up';
/** How long a proof counts: at the login, or at POST /auth/step-up. */
export const STEP_UP_SECONDS = 600;

type Asked = Pick<FastifyRequest, 'query'>;
export type StepUpRule = { readonly isNeeded: (request: Asked) => boolean };

/** A session alone is not enough: it may be somebody else's by now. Service tokens prove nothing, so they never are. */
export class StepUpRequired extends Forbidden {
  constructor() {
    super('step_up_required', 'Show again that it is you: POST /api/v1/auth/step-up', {
      maxAgeSeconds: STEP_UP_SECONDS,
    });
  }
}

/**
 * Opens a route only to a session whose person showed the second factor, or the password when there is none, in the last
 * ten minutes. `when`: only for such requests. It narrows what `@Allow` opens, and opens nothing by itself.
 */
export const StepUp = (when: (query: Readonly<Record<string, unknown>>) => boolean = () => true): MethodDecorator =>
  SetMetadata(STEP_UP, {
    isNeeded: ({ query }) => when((query ?? {}) as Record<string, unknown>),
  } satisfies StepUpRule);
