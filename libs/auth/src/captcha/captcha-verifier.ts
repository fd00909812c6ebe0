/** `unknown`: whoever knows could not be asked, or did not answer as agreed. */
export type CaptchaVerdict = 'passed' | 'refused' | 'unknown';

/** Tells people from programs by a puzzle of somebody else's. */
export abstract class CaptchaVerifier {
  /** Whether an answer is asked for at all. */
  abstract readonly isOn: boolean;

  /** Asks once what an answer of the puzzle is worth; each counts once. Never throws. */
  abstract verify(answer: string, address: string): Promise<CaptchaVerdict>;
}
