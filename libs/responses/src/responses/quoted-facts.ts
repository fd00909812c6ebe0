import { newId } from '@app/kernel';
import { currentTenantId, Database, type Fact, FactPort, type FactSource, Ports, quotableFacts } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { quotesIn, type StaleFact, withQuotes } from './fact-quotes.js';
import { ResponseRevision } from './response-revision.entity.js';
import type { Response } from './response.entity.js';
import { FactsMissing, FactsUnknown } from './response.errors.js';

type Frozen = { readonly name: string; readonly value: string; readonly text: string };
type Facts = Readonly<Record<string, Fact>>;

/** What the texts of responses quote of other records. */
@Injectable()
export class QuotedFacts {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  /** @throws FactsUnknown naming those that nothing here tells of */
  assertKnown(message: string): void {
    const known = this.ports.all(FactPort).flatMap(quotableFacts);
    const unknown = quotesIn(message).filter((name) => !known.includes(name));
    if (unknown.length) throw new FactsUnknown(unknown, known.sort());
  }

  /**
   * As the text is submitted: it says what the facts are now, and they are kept with the revision that this makes. Where
   * that is what it says already, nothing changes.
   * @throws FactsUnknown, FactsMissing
   */
  async freeze(response: Response, by: string, now: Date): Promise<void> {
    const template = response.template ?? response.message;
    const names = quotesIn(template);
    if (!names.length) return;
    this.assertKnown(template);
    const facts = await this.read(response, names, false);
    const missing = names.filter((name) => !facts[name]?.value);
    if (missing.length) throw new FactsMissing(missing);
    const text = withQuotes(template, (name) => facts[name]?.text ?? '');
    const frozen = names.map((name) => ({ name, value: facts[name]?.value ?? '', text: facts[name]?.text ?? '' }));
    const before = await this.frozenWith(response);
    if (text === response.message && isSame(before, frozen)) return;
    response.quote(template, text, by, now);
    await this.db.create(ResponseRevision.of(response, by, now));
    await this.keep(response, frozen, now);
  }

  /**
   * Of the facts that were frozen with the text, those that are not so any more. In the open transaction: the others stay as
   * they are until it ends.
   */
  async staleIn(response: Response): Promise<StaleFact[]> {
    if (response.template === null) return [];
    const frozen = await this.frozenWith(response);
    const names = frozen.map(({ name }) => name);
    const facts = await this.read(response, names, true);
    return frozen.flatMap(({ name, value, text }) => {
      const now = facts[name];
      return now?.value === value ? [] : [{ name, was: text, is: now?.value ? now.text : null }];
    });
  }

  private async read(response: Response, names: readonly string[], hold: boolean): Promise<Facts> {
    const read: Record<string, Fact> = {};
    for (const source of this.sources()) {
      const asked = names.filter((name) => name in source.facts);
      const id = recordIn(response, source);
      if (id && asked.length) Object.assign(read, await source.read(id, asked, hold));
    }
    return read;
  }

  /** In a fixed order, so that of two who hold several records neither waits for the other. */
  private sources(): FactSource[] {
    return [...this.ports.all(FactPort)].sort((one, other) => one.record.localeCompare(other.record));
  }

  private frozenWith({ id, revision }: Response): Promise<Frozen[]> {
    return this.db.query<Frozen>(
      'select name, value, text from response_facts where tenant_id = $1 and response_id = $2 and revision = $3 order by name',
      [currentTenantId(), id, revision],
    );
  }

  private async keep({ id, revision }: Response, frozen: readonly Frozen[], now: Date): Promise<void> {
    const rows = frozen.map((fact) => ({ id: newId(), ...fact }));
    await this.db.query(
      `insert into response_facts (tenant_id, id, response_id, revision, name, value, text, at)
       select $1, f.id, $2, $3, f.name, f.value, f.text, $5
       from jsonb_to_recordset($4::jsonb) f(id uuid, name text, value text, text text)`,
      [currentTenantId(), id, revision, JSON.stringify(rows), now],
    );
  }
}

/** Which record of that kind a response speaks of. */
function recordIn({ inquiryId, customerId }: Response, { record }: FactSource): string | undefined {
  const records: Readonly<Record<string, string>> = { inquiry: inquiryId, customer: customerId };
  return records[record];
}

const isSame = (before: readonly Frozen[], after: readonly Frozen[]): boolean =>
  before.length === after.length &&
  after.every(({ name, value, text }) =>
    before.some((one) => one.name === name && one.value === value && one.text === text),
  );
