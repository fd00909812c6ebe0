/** Knows passwords that leaked somewhere, beyond those that anybody would try first. */
export abstract class LeakedPasswords {
  /** Whether it is known to have leaked; false also where nobody could be asked. Never throws. */
  abstract has(password: string): Promise<boolean>;
}
