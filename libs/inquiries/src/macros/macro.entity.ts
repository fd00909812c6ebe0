import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { parseMacro } from './macro-text.js';

export type MacroDocument = {
  readonly name: string;
  /** Text with variables such as `{{customer.firstName}}`. */
  readonly body: string;
  /** Whose it is; null: everybody's. */
  readonly teamId: string | null;
};

/** A canned answer. What it says for an inquiry is known when it is used; whether it can be said is known when it is kept. */
@Entity('macros')
export class Macro extends Aggregate<Macro> implements MacroDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly body: string;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column('uuid') readonly createdBy: string;
  /** Everybody who had a hand in its text. */
  @Column({ type: 'uuid', array: true }) readonly writers: readonly string[];
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws MacroMalformed, MacroVariableUnknown */
  static write(document: MacroDocument, createdBy: string): Macro {
    parseMacro(document.body);
    return new Macro().change({ ...document, id: newId(), createdBy, writers: [createdBy] });
  }

  /** @throws MacroMalformed, MacroVariableUnknown */
  edit(to: Partial<MacroDocument>, by: string): void {
    if (to.body !== undefined) parseMacro(to.body);
    if (to.body !== undefined && to.body !== this.body) this.change({ writers: [...new Set([...this.writers, by])] });
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
  }
}
