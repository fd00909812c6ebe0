import { MayBeAbsent } from '@app/platform';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { VISIBILITIES, type Visibility } from './mailbox.policy.js';

export class MailboxDto {
  /** @example "returns@demo.example" */
  @IsEmail({ allow_utf8_local_part: true })
  @MaxLength(254)
  address: string;

  /**
   * As it stands in the From of answers.
   * @example "Demo Travel Returns"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  @Matches(/^[^\u0000-\u001f\u007f]*$/, { message: 'name must not contain control characters' })
  name: string;

  /**
   * Who reads and answers its mail; without one, those who read all mail.
   * @example "01920000-0001-7002-8000-000000000001"
   */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  /** Takes what is addressed to no other mailbox. A tenant has at most one; the first mailbox becomes it. */
  @MayBeAbsent()
  @IsBoolean()
  isDefault?: boolean;

  /** Whether a stranger who writes here becomes a customer. */
  @MayBeAbsent()
  @IsBoolean()
  createsCustomers?: boolean;

  /**
   * Answers ask for replies at an address that names the inquiry: `returns+<token>@demo.example`. For mail servers that
   * deliver such addresses to the mailbox, as most do.
   */
  @MayBeAbsent()
  @IsBoolean()
  signsReplyAddress?: boolean;

  /** The server whose `Authentication-Results` are believed (its authserv-id). */
  @IsOptional()
  @IsString()
  @MaxLength(253)
  @Matches(/^[\x21-\x7e]+$/, { message: 'authServer must be a name of visible ASCII characters' })
  authServer?: string | null;

  /**
   * Who may read the words of what arrives here: whoever may read the inquiry, its team, or only who takes part in it. A reply
   * in a thread of which less may be read stays within that.
   */
  @ApiProperty({ enum: VISIBILITIES, default: 'all', required: false })
  @MayBeAbsent()
  @IsIn(VISIBILITIES)
  messageVisibility?: Visibility;
}

export class MailboxChangesDto extends PartialType(MailboxDto, { skipNullProperties: false }) {}

export class MailboxView {
  id: string;
  address: string;
  name: string;
  teamId: string | null;
  isDefault: boolean;
  createsCustomers: boolean;
  signsReplyAddress: boolean;
  authServer: string | null;
  @ApiProperty({ enum: VISIBILITIES })
  messageVisibility: Visibility;
  /** When it was put into the trash. */
  deletedAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const toView = (mailbox: MailboxView): MailboxView => ({
  id: mailbox.id,
  address: mailbox.address,
  name: mailbox.name,
  teamId: mailbox.teamId,
  isDefault: mailbox.isDefault,
  createsCustomers: mailbox.createsCustomers,
  signsReplyAddress: mailbox.signsReplyAddress,
  authServer: mailbox.authServer,
  messageVisibility: mailbox.messageVisibility,
  deletedAt: mailbox.deletedAt,
  version: mailbox.version,
  createdAt: mailbox.createdAt,
  updatedAt: mailbox.updatedAt,
});

/** What a PUT leaves out goes back to what a new mailbox has. */
export const toSettings = ({
  address,
  name,
  teamId,
  isDefault,
  createsCustomers,
  signsReplyAddress,
  authServer,
  messageVisibility,
}: MailboxDto): Required<MailboxDto> => ({
  address,
  name,
  teamId: teamId ?? null,
  isDefault: isDefault ?? false,
  createsCustomers: createsCustomers ?? true,
  signsReplyAddress: signsReplyAddress ?? false,
  authServer: authServer ?? null,
  messageVisibility: messageVisibility ?? 'all',
});
