/** The head of a tenant's chain at one moment: what a later chain must still contain. */
export type Checkpoint = {
  readonly tenantId: string;
  readonly seq: number;
  /** The link at `seq`, in hex. */
  readonly link: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
};

export type SignedCheckpoint = Checkpoint & { readonly keyId: string; readonly signature: string };
