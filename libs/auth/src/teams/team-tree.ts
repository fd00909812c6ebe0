/** SQL: who leads one of the teams in $1 or one above them, and so reaches as far as they go. */
export const LEADS_ABOVE = `with recursive up(id) as (
    select unnest($1::uuid[])
    union
    select t.parent_id from up join teams t on t.tenant_id = app_tenant() and t.id = up.id where t.parent_id is not null)
  select distinct m.user_id as "userId" from up
    join team_members m on m.tenant_id = app_tenant() and m.team_id = up.id and m.is_lead`;
