import type { Actor } from '@app/kernel';

/** SQL over `v`, a row of saved_views: mine, my team's, or everybody's. Values go into `params`. */
export const seenBy = (actor: Actor, params: unknown[]): string =>
  `(v.owner_id = $${params.push(actor.id)} or v.audience = 'tenant'
    or (v.audience = 'team' and v.team_id = any ($${params.push(actor.teams)}::uuid[])))`;
