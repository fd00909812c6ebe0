import { newId } from '@app/kernel';
import { currentActor, currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SavedView, type ViewDocument } from './saved-view.entity.js';
import { TooManyViews, ViewInvalid, ViewNotYours, ViewTeamUnknown } from './view.errors.js';
import { MOST_VIEWS, ViewPermissions } from './view.policy.js';
import { ViewedLists, type ViewParts } from './viewed-lists.js';
import type { ChangeViewDto, SaveViewDto } from './views.dto.js';

/** Views of lists: whose they are, and who may change them. */
@Injectable()
export class ViewsService {
  constructor(
    private readonly db: Database,
    private readonly lists: ViewedLists,
  ) {}

  /** @throws ViewedListUnknown, ViewInvalid, ViewNotYours, ViewTeamUnknown, TooManyViews */
  async save({
    resource,
    name,
    isPinned = false,
    audience = 'private',
    teamId = null,
    ...said
  }: SaveViewDto): Promise<SavedView> {
    assertShareable({ audience, teamId });
    const parts = await this.partsOf(resource, said, { where: { all: [] }, sort: null, columns: null });
    const { id: ownerId } = currentActor();
    await this.assertRoom(ownerId);
    return this.db.create(SavedView.save(resource, ownerId, { ...parts, name, isPinned, audience, teamId }));
  }

  /** By its owner, or, while it is shared, by who may share. @throws as `save` */
  change(
    id: string,
    { name, isPinned, audience, teamId, ...said }: ChangeViewDto,
    version?: number,
  ): Promise<SavedView> {
    return this.db.change(SavedView, id, version, async (view) => {
      assertMine(view);
      const to = {
        audience: audience ?? view.audience,
        teamId: teamId === undefined ? teamOf(view, audience) : teamId,
      };
      if (to.audience !== view.audience || to.teamId !== view.teamId) assertShareable(to);
      const isAnew = Object.values(said).some((value) => value !== undefined);
      const parts = isAnew ? await this.partsOf(view.resource, said, view) : {};
      view.amend({ ...parts, ...to, name, isPinned });
    });
  }

  async remove(id: string, version?: number): Promise<void> {
    await this.db.transaction(async () => {
      const view = await this.db.lock(SavedView, id, version);
      assertMine(view);
      view.remove();
      await this.db.remove(view);
    });
  }

  /** The one that whoever acts begins with; it takes the place of another one of the same list. @throws RecordNotFound */
  async prefer(id: string): Promise<void> {
    const { id: userId } = currentActor();
    await this.db.transaction(async () => {
      const view = await this.seen(id);
      await this.db.query(
        `insert into view_defaults (tenant_id, id, user_id, resource, view_id) values ($1, $2, $3, $4, $5)
         on conflict on constraint view_defaults_are_one do update set view_id = excluded.view_id`,
        [currentTenantId(), newId(), userId, view.resource, id],
      );
    });
  }

  /** Again changes nothing. @throws RecordNotFound */
  async preferNone(id: string): Promise<void> {
    await this.seen(id);
    await this.db.query('delete from view_defaults where tenant_id = $1 and user_id = $2 and view_id = $3', [
      currentTenantId(),
      currentActor().id,
      id,
    ]);
  }

  private async seen(id: string): Promise<SavedView> {
    const view = await this.db.get(SavedView, id);
    if (!isSeen(view)) throw new RecordNotFound('view', id);
    return view;
  }

  private partsOf(resource: string, { where, query, sort, columns }: Said, before: ViewParts): Promise<ViewParts> {
    if (query === undefined)
      return this.lists.read(resource, {
        where: where ?? before.where,
        sort: sort === undefined ? before.sort : sort,
        columns: columns === undefined ? before.columns : columns,
      });
    if (where === undefined && sort === undefined && columns === undefined)
      return this.lists.readQuery(resource, query);
    const message = 'says filter, order and columns by itself';
    throw new ViewInvalid([{ pointer: '/query', code: 'invalid_value', message }]);
  }

  private async assertRoom(ownerId: string): Promise<void> {
    const found = await this.db.one<{ count: number }>(
      'select count(*)::int as count from saved_views where tenant_id = $1 and owner_id = $2',
      [currentTenantId(), ownerId],
    );
    if ((found?.count ?? 0) >= MOST_VIEWS) throw new TooManyViews();
  }
}

type Said = Pick<ChangeViewDto, 'where' | 'query' | 'sort' | 'columns'>;
type Sharing = Pick<ViewDocument, 'audience' | 'teamId'>;

/** What is no longer a team's belongs to no team. */
const teamOf = (view: SavedView, audience: ViewDocument['audience'] | undefined): string | null =>
  audience === undefined || audience === 'team' ? view.teamId : null;

function assertShareable({ audience, teamId }: Sharing): void {
  const actor = currentActor();
  if (audience !== 'private' && !actor.can(ViewPermissions.share)) throw new ViewNotYours();
  const isTeams = audience === 'team' && teamId !== null && actor.teams.includes(teamId);
  if (audience === 'team' ? !isTeams : teamId !== null) throw new ViewTeamUnknown();
}

function isSeen({ ownerId, audience, teamId }: SavedView): boolean {
  const { id, teams } = currentActor();
  return ownerId === id || audience === 'tenant' || (audience === 'team' && teamId !== null && teams.includes(teamId));
}

/** @throws RecordNotFound for whoever does not see it, ViewNotYours */
function assertMine(view: SavedView): void {
  const actor = currentActor();
  if (!isSeen(view)) throw new RecordNotFound('view', view.id);
  if (view.ownerId !== actor.id && !actor.can(ViewPermissions.share)) throw new ViewNotYours();
}
