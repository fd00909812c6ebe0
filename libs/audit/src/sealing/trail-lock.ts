/**
 * SQL: the key of an advisory lock. Who adds to a tenant's chain or its checkpoints shares it; the deletion of the tenant
 * (`tenant_erase_last`) has it alone, and leaves nothing behind that is being added meanwhile.
 */
export const trailLock = (tenantId: string): string => `hashtextextended('audit trail ' || ${tenantId}::text, 0)`;
