import { authContext } from '@app/auth';
import { messagingContext } from '@app/messaging';
import type { ContextDefinition } from '@app/platform';

/** Every context of this build, in no particular order: what a deployment loads is resolved from `CONTEXTS` and `uses`. */
export const contexts: readonly ContextDefinition[] = [authContext, messagingContext];
