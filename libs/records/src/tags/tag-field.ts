/**
 * The tags of a record as a field of its own list: `tag=…`, `tag[null]=true`, and in searches. Whoever may read the record
 * may ask for it by its tags. `id` is the SQL of the record's id in that list.
 */
export const tagField = (kind: string, id: string) =>
  ({
    type: 'id',
    column: 'tagged.tag_id',
    among: `record_tags tagged where tagged.record_kind = '${kind}' and tagged.record_id = ${id}`,
    nullable: true,
    description: 'The id of a tag that stands on it',
    example: '01920000-0001-7024-8000-000000000001',
  }) as const;
