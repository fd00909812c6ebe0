import { Invalid } from '@app/kernel';

const at = (
  pointer: string,
  code: string,
  message: string,
): { errors: { pointer: string; code: string; message: string }[] } => ({
  errors: [{ pointer, code, message }],
});

export class WrongPassword extends Invalid {
  constructor(pointer: '/currentPassword' | '/password' = '/currentPassword') {
    super('wrong_password', 'The current password is not right', at(pointer, 'wrong_password', 'is not right'));
  }
}

export class PasswordUnchanged extends Invalid {
  constructor() {
    super(
      'password_unchanged',
      'The new password is the old one',
      at('/newPassword', 'password_unchanged', 'must differ from the current one'),
    );
  }
}

/** Unknown, used or expired: the three are not told apart. */
export class ResetRefused extends Invalid {
  constructor() {
    super(
      'reset_token_invalid',
      'The code is not valid (any more): ask for a new one',
      at('/token', 'reset_token_invalid', 'is not valid (any more)'),
    );
  }
}
