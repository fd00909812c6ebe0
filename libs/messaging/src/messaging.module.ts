import { Module } from '@nestjs/common';
import { Messaging } from './messaging.facade.js';
import { SuppressionsService } from './suppressions/suppressions.service.js';

@Module({ providers: [Messaging, SuppressionsService], exports: [Messaging, SuppressionsService] })
export class MessagingModule {}

@Module({ imports: [MessagingModule], exports: [MessagingModule] })
export class MessagingApiModule {}

@Module({ imports: [MessagingModule], exports: [MessagingModule] })
export class MessagingWorkerModule {}
