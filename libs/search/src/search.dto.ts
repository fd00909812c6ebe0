import { ApiProperty } from '@nestjs/swagger';
import { PageMeta } from '@app/platform';

/** Safe to be shown as HTML: all of the record's own text is escaped, what was looked for stands in `<mark>`. */
export class Highlights {
  /** @example "Grace <mark>Hopper</mark>" */
  title: string;
  /** @example "Navy &amp; Sons" */
  subtitle: string | null;
  /**
   * Where in the first 2,000 characters of its longer text the words stand; null where they do not.
   * @example "… the <mark>invoice</mark> of last week …"
   */
  body: string | null;
}

export class HitView {
  /** @example "01920000-0001-7004-8000-000000000001" */
  id: string;
  /** @example "customers" */
  type: string;
  /** @example "Grace Hopper" */
  title: string;
  /** @example "Navy & Sons" */
  subtitle: string | null;
  highlights: Highlights;
  /**
   * 2 and more: found by its address, number or reference; 1 and more: by its words; below: by something written like them.
   * @example 1.6079
   */
  score: number;
  createdAt: Date;
  /** @example "/api/v1/customers/01920000-0001-7004-8000-000000000001" */
  url: string;
}

export class SearchMeta extends PageMeta {
  /** How many of each type that was looked for and that you may read; null when it was not counted. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    nullable: true,
    example: { customers: 1, inquiries: 3 },
  })
  counts: Record<string, number> | null;
}
