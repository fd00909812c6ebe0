import { AuditVerification } from '@app/audit';
import type { Config, LoadedContexts } from '@app/platform';
import { withApplication } from './application.js';

/** Checks every tenant's audit trail, and ends with 1 when one is broken. */
export function auditVerify(config: Config, contexts: LoadedContexts): Promise<string[]> {
  return withApplication(config, contexts, async (app) => {
    const lines: string[] = [];
    for await (const { tenantId, valid, rows, brokenAt } of app
      .get(AuditVerification, { strict: false })
      .verifyAllTenants()) {
      if (!valid) process.exitCode = 1;
      lines.push(`${tenantId}: ${valid ? 'valid' : `broken at ${JSON.stringify(brokenAt)}`}, ${rows} rows`);
    }
    return lines;
  });
}
