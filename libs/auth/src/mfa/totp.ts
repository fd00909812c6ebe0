import { generateSecret, generateURI, verifySync } from 'otplib/functional';

const PERIOD_SECONDS = 30;
const DIGITS = 6;

/** 160 bits in base32, as RFC 4226 (4, R6) recommends and every authenticator takes. */
export const newTotpSecret = (): string => generateSecret({ length: 20 });

/** What an authenticator reads from a QR code. */
export const totpUri = (secret: string, { issuer, account }: { issuer: string; account: string }): string =>
  generateURI({ issuer, label: account, secret, algorithm: 'sha1', digits: DIGITS, period: PERIOD_SECONDS });

/**
 * The time step that this code is of (RFC 6238), the current one or a neighbour, since clocks differ and people type
 * slowly; undefined when it is of none. Whether it was taken before is for the caller to know.
 */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const epoch = Math.floor(now.getTime() / 1000);
  const settings = {
    algorithm: 'sha1',
    digits: DIGITS,
    period: PERIOD_SECONDS,
    epochTolerance: PERIOD_SECONDS,
  } as const;
  const result = verifySync({ secret, token: code, epoch, ...settings });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
