import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { currentUser } from '../sessions/sessions.queries.js';
import { type MfaView, methodsOf } from './mfa.dto.js';

const STATE = `select f.confirmed_at as "confirmedAt",
    exists(select 1 from passkeys k where k.tenant_id = u.tenant_id and k.user_id = u.id) as "hasPasskey",
    (select count(*)::int from recovery_codes c where c.tenant_id = u.tenant_id and c.user_id = u.id and c.used_at is null) as "recoveryCodesLeft",
    exists(select 1 from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
      where ur.tenant_id = u.tenant_id and ur.user_id = u.id and r.mfa_required) as "isRequired"
  from users u left join totp_factors f on f.tenant_id = u.tenant_id and f.id = u.id where u.id = $1`;

type State = { confirmedAt: Date | null; hasPasskey: boolean; recoveryCodesLeft: number; isRequired: boolean };

@Injectable()
export class MfaQueries {
  constructor(private readonly db: Database) {}

  /** The second factor of whoever asks. */
  async mine(): Promise<MfaView> {
    const { confirmedAt, hasPasskey, ...state } = (await this.db.one<State>(STATE, [currentUser().id])) as State;
    const methods = methodsOf({ hasCodes: confirmedAt !== null, hasPasskey });
    return { isEnrolled: methods.length > 0, confirmedAt, ...state, methods };
  }
}
