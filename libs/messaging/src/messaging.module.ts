import { Module } from '@nestjs/common';
import { HiddenSentMails } from './messages/hidden-sent.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesQueries } from './messages/messages.queries.js';
import { MessageSender } from './messages/messages.sender.js';
import { MessagesService } from './messages/messages.service.js';
import { MessagesWorker } from './messages/messages.worker.js';
import { Messaging } from './messaging.facade.js';
import { MailTransport } from './smtp/mail-transport.js';
import { SmtpTransport } from './smtp/smtp-transport.js';
import { BouncesWorker } from './suppressions/bounces.worker.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { SuppressionsQueries } from './suppressions/suppressions.queries.js';
import { SuppressionsService } from './suppressions/suppressions.service.js';

const services = [MessagesService, SuppressionsService];

@Module({ providers: [Messaging, HiddenSentMails, ...services], exports: [Messaging, ...services] })
export class MessagingModule {}

@Module({
  imports: [MessagingModule],
  controllers: [MessagesController, SuppressionsController],
  providers: [MessagesQueries, SuppressionsQueries],
})
export class MessagingApiModule {}

@Module({
  imports: [MessagingModule],
  providers: [MessagesWorker, BouncesWorker, MessageSender, { provide: MailTransport, useClass: SmtpTransport }],
})
export class MessagingWorkerModule {}
