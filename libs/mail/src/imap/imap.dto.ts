import { ApiProperty } from '@nestjs/swagger';
import { MayBeAbsent } from '@app/platform';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { UNKNOWN_REASONS, type UnknownReason } from './completeness.policy.js';
import { type ImapSecurity, type ImapSettings, SECURITIES } from './imap-source.entity.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/i;
const NO_CONTROLS = /^[^\u0000-\u001f\u007f]*$/;

export class ImapDto {
  /** @example "imap.demo.example" */
  @IsString()
  @MaxLength(253)
  @Matches(/^[a-z0-9:](?:[a-z0-9.:-]{0,251}[a-z0-9])?$/i, { message: 'host must be a host name or an IP address' })
  host: string;

  /**
   * 993 with `tls`, else 143, where it is not given.
   * @example 993
   */
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(65_535)
  port?: number;

  /** `tls` encrypts from the first byte, `starttls` before the login; `none` is refused in production. */
  @MayBeAbsent()
  @IsIn(SECURITIES)
  security?: ImapSecurity;

  /** @example "returns@demo.example" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(254)
  @Matches(NO_CONTROLS, { message: 'username must not contain control characters' })
  username: string;

  /**
   * Encrypted at rest and never shown. Left out, the stored one stays, unless server, port, security or user change.
   * @example "an app password"
   */
  @MayBeAbsent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  @Matches(NO_CONTROLS, { message: 'password must not contain control characters' })
  password?: string;

  /** @example "INBOX" */
  @MayBeAbsent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  @Matches(NO_CONTROLS, { message: 'folder must not contain control characters' })
  folder?: string;

  /** Seconds between two polls. */
  @MayBeAbsent()
  @IsInt()
  @Min(30)
  @Max(86_400)
  intervalSeconds?: number;

  /** Sets \Seen on what is stored. Nothing is ever deleted. */
  @MayBeAbsent()
  @IsBoolean()
  marksSeen?: boolean;
}

/** What a PUT leaves out is as with new settings. */
export const toImapSettings = ({ password: _, ...given }: ImapDto): ImapSettings => {
  const security = given.security ?? 'tls';
  return {
    ...given,
    host: given.host.toLowerCase(),
    security,
    port: given.port ?? (security === 'tls' ? 993 : 143),
    folder: given.folder ?? 'INBOX',
    intervalSeconds: given.intervalSeconds ?? 60,
    marksSeen: given.marksSeen ?? false,
  };
};

export class ImapView {
  /** The mailbox's. */
  id: string;
  host: string;
  port: number;
  @ApiProperty({ enum: SECURITIES })
  security: ImapSecurity;
  username: string;
  folder: string;
  intervalSeconds: number;
  marksSeen: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** How the polls of a mailbox go. It has no version: it changes with each of them. */
export class PollView {
  /** `waiting`: not polled yet; `failing`: the last poll failed, `errorCode` and `error` say why. */
  @ApiProperty({ enum: ['waiting', 'ok', 'failing'] })
  state: 'waiting' | 'ok' | 'failing';
  errorCode: string | null;
  error: string | null;
  /** Polls in a row that failed; each doubles the time to the next, up to an hour. */
  failures: number;
  isPolling: boolean;
  polledAt: Date | null;
  succeededAt: Date | null;
  nextPollAt: Date;
}

export class CompletenessQuery {
  /** Mails that the server received at this instant or later. */
  @ApiProperty({ type: String, format: 'date-time', example: '2026-11-01T00:00:00Z', required: false })
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'must be an instant with its offset from UTC' })
  from?: string;

  /** Mails that the server received before this instant. */
  @ApiProperty({ type: String, format: 'date-time', example: '2026-12-01T00:00:00Z', required: false })
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(INSTANT, { message: 'must be an instant with its offset from UTC' })
  until?: string;
}

export class AccountedMailView {
  /** The server's. */
  uid: number;
  /** Its Message-ID header, as far as the server gave it. */
  messageId: string | null;
  /** When the server received it. */
  receivedAt: Date | null;
  mailId: string | null;
  /** Why it is named here. */
  reason: string | null;
}

export class CompletenessCounts {
  /** What the server says that its folder holds. */
  claimed: number | null;
  /** The ids that it listed, of the window. */
  listed: number;
  /** Those whose whereabouts are known: stored or refused. */
  accounted: number;
  /** Not read yet. */
  waiting: number;
  /** Listed, asked for, and not given. */
  missing: number;
  /** Stored and set aside: they can't be read. */
  quarantined: number;
  /** Not stored, for a reason. */
  refused: number;
  /** Given more than once, or under more than one id; kept once. */
  doubled: number;
}

export class CompletenessView {
  mailboxId: string;
  /** `unknown` is never green: no comparison, an old or a failed one, or a server that contradicts itself. */
  @ApiProperty({ enum: ['complete', 'reading', 'gaps', 'unknown'] })
  status: 'complete' | 'reading' | 'gaps' | 'unknown';
  /** Why it is unknown. */
  @ApiProperty({ enum: UNKNOWN_REASONS, nullable: true })
  reason: UnknownReason | null;
  /** @example "accounted for 1,000 of 1,000, 3 quarantined" */
  summary: string;
  /** When the ids of the server were last compared with ours. */
  comparedAt: Date | null;
  uidValidity: number | null;
  poll: PollView;
  counts: CompletenessCounts;
  /** The first hundred of each, by id. */
  missing: AccountedMailView[];
  quarantined: AccountedMailView[];
  refused: AccountedMailView[];
  doubled: AccountedMailView[];
}
