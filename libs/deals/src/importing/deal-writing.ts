import { Clock } from '@app/kernel';
import {
  cellText,
  currentActor,
  type Former,
  given,
  idCell,
  type ImportRow,
  type ImportValues,
  refuseRow,
  type RecordUndoer,
  type RowWriter,
  shapedAs,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deal, type DealEdit } from '../deals/deal.entity.js';
import { OutOfReach } from '../deals/deal.errors.js';
import { DealPermissions } from '../deals/deal.policy.js';
import { BeginDealDto, EditDealDto } from '../deals/deals.dto.js';
import { BoardColumns } from './board-columns.js';
import { amountOf, type DEAL_PROPERTIES } from './deal-fields.js';
import { DealSurroundings, type Surroundings } from './deal-surroundings.js';

const IN_OWN_WORDS = ['name', 'currency', 'expectedCloseDate', 'teamId'];
type Before = Partial<Pick<Deal, (typeof DEAL_PROPERTIES)[number]>>;

/** Rows as deals, by the shapes and the verbs of one. */
@Injectable()
export class DealWriting {
  constructor(
    private readonly clock: Clock,
    private readonly surroundings: DealSurroundings,
    private readonly board: BoardColumns,
  ) {}

  async prepare(rows: readonly ImportRow[]): Promise<RowWriter<Deal>> {
    const around = await this.surroundings.of(rows);
    const now = this.clock.now();
    return {
      create: (row, at) => begin(row, around, around.entries[at], now),
      change: (deal, row, at) => change(deal, row, around, around.entries[at], now),
    };
  }

  async prepareUndo(former: readonly Former[]): Promise<RecordUndoer<Deal>> {
    const columns = await this.board.all();
    const assertThere = await this.surroundings.former(former);
    const [by, now] = [currentActor().id, this.clock.now()];
    return {
      trash: (deal) => deal.trash(by, now),
      putBack: (deal, { stageId, ownerId, ...before }: Before) => {
        assertThere({ ...before, ownerId });
        const stage = columns.stage(stageId ?? deal.stageId);
        if (!stage) return refuseRow('stage', 'stage_unknown', 'The former stage is gone');
        if (stageId && deal.status === 'open') columns.assertInUse(stage);
        // whatever that stage demands was the case when the deal stood there
        if (stageId) deal.leave(stage, now);
        deal.edit(before, stage);
        if (ownerId !== undefined) deal.assignTo(ownerId);
      },
    };
  }
}

type Entry = Surroundings['entries'][number];

async function begin(row: ImportValues, around: Surroundings, entry: Entry, now: Date): Promise<Deal> {
  const actor = currentActor();
  const { columns } = around;
  const stage = columns.named(row) ?? columns.first;
  const { currency = columns.currencyOf(stage), ...body } = await shapedAs(BeginDealDto, given(row, IN_OWN_WORDS));
  const amount = await amountIn(row, currency);
  const ownerId = ownerOf(row, around) ?? actor.id;
  if (ownerId !== actor.id && !actor.can(DealPermissions.assign)) throw new OutOfReach(DealPermissions.assign);
  const onlyTeam = actor.teams.length === 1 ? (actor.teams[0] ?? null) : null;
  const card = {
    ...{ ...body, ...namedBy(row, around), ...(amount !== undefined && { amount }), currency, ownerId },
    ...{ teamId: body.teamId ?? onlyTeam, createdBy: actor.id, rank: columns.onTop(stage) },
    customFields: entry?.onto({}) ?? {},
  };
  const deal = Deal.begin(card, stage, now);
  const probability = await chance(row);
  if (probability !== undefined) deal.edit({ probability }, stage);
  return deal;
}

async function change(deal: Deal, row: ImportValues, around: Surroundings, entry: Entry, now: Date): Promise<void> {
  const { columns } = around;
  const body = await shapedAs(EditDealDto, given(row, IN_OWN_WORDS));
  const amount = await amountIn(row, body.currency ?? deal.currency);
  const probability = await chance(row);
  const customFields = entry?.onto(deal.customFields);
  const current = columns.stage(deal.stageId);
  if (!current) return refuseRow('stage', 'stage_unknown', 'The stage of the deal is gone');
  const wanted = columns.named(row, deal.pipelineId);
  const isElsewhere = wanted !== undefined && wanted.id !== current.id && cellText(row, 'stage') !== undefined;
  const to: DealEdit = { ...body, ...namedBy(row, around), ...(amount !== undefined && { amount }), customFields };
  deal.edit(to, current);
  if (isElsewhere) deal.moveTo(wanted, columns.onTop(wanted), now);
  // a stage brings its own, and what the file says is known better
  if (probability !== undefined) deal.edit({ probability }, isElsewhere ? wanted : current);
  const ownerId = ownerOf(row, around);
  if (ownerId === undefined || ownerId === deal.ownerId) return;
  if (!around.assignable.has(deal.id)) throw new OutOfReach(DealPermissions.assign);
  deal.assignTo(ownerId);
}

/** As bodies are judged: an amount is whole and in range. */
async function amountIn(row: ImportValues, currency: string): Promise<number | undefined> {
  const amount = amountOf(row, currency);
  if (amount !== undefined) await shapedAs(EditDealDto, { amount });
  return amount;
}

const chance = async (row: ImportValues): Promise<number | undefined> =>
  (await shapedAs(EditDealDto, given(row, ['probability']))).probability;

function ownerOf(row: ImportValues, { users }: Surroundings): string | undefined {
  const word = cellText(row, 'owner');
  if (word === undefined) return undefined;
  const user = users.get(word);
  return user?.isActive ? user.id : refuseRow('owner', 'owner_unknown', 'There is no such active user');
}

/** The records that a row names, as the deal has them. */
function namedBy(row: ImportValues, { customers, companies, teams }: Surroundings): DealEdit {
  const only = (field: string, led: Surroundings['customers']): string | undefined => {
    const word = cellText(row, field);
    if (word === undefined) return undefined;
    const [one, other] = led.get(word) ?? [];
    if (!one) return refuseRow(field, `${field}_not_found`, `There is no such ${field} that you may see`);
    return other ? refuseRow(field, 'ambiguous', `Several ${field} records are called so`) : one;
  };
  const teamId = idCell(row, 'teamId');
  if (teamId && !teams.has(teamId)) refuseRow('teamId', 'team_unknown', 'There is no team with this id');
  const [customerId, companyId] = [only('customer', customers), only('company', companies)];
  return {
    ...(customerId !== undefined && { customerId }),
    ...(companyId !== undefined && { companyId }),
    ...(teamId && { teamId }),
  };
}
