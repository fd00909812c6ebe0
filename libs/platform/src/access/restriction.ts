import { Forbidden } from '@app/kernel';

const WAYS_OUT = {
  password_change_required: 'First choose a new password: POST /api/v1/auth/password/change',
  mfa_enrolment_required: 'First set up a second factor, which a role of yours demands: POST /api/v1/auth/mfa/totp',
} as const;

/** What somebody who is logged in has to do before anything else. */
export type Restriction = keyof typeof WAYS_OUT;

export class Restricted extends Forbidden {
  constructor(restriction: Restriction) {
    super(restriction, WAYS_OUT[restriction]);
  }
}
