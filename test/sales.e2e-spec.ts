import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Nexus } from './support/nexus.js';
import { paste, PASTING } from './support/readme.js';

/** Records, deals and work as those use them who read the README of a context and paste its commands. */
describe('Who sells', { timeout: PASTING }, () => {
  let nexus: Nexus;
  beforeAll(async () => {
    nexus = await Nexus.start({ env: { RESPONSE_UNDO_SECONDS: '3' } });
  });
  afterAll(() => nexus?.stop());

  const pasted = (context: string) => paste(nexus, context);

  it('finds what was just written, and tells nobody else of it, as the README of search says', async () => {
    const [found] = await pasted('search');
    expect(found).toEqual([
      'inquiries: A <mark>zeppelin</mark> over Zanzibar',
      'inquiries: A zeppelin over Zanzibar',
      'inquiries: A zeppelin over Zanzibar',
      'It carries &lt;my&gt; order, and a <mark>xylophone</mark>.',
      '1',
      '0',
    ]);
  });

  it('finds two records of one person, makes one of them and two again, and keeps its promises, as the README of customers says', async () => {
    const [found, merged, demanded, restored, pinned] = await pasted('customers');
    expect(found).toEqual(['Calls on Fridays']);
    expect(merged).toEqual(['true', 'customer_merged', 'undone', 'false']);
    expect(demanded).toEqual(['/phone /consents/contract /files/contract', '0']);
    expect(restored).toEqual(['Ado', 'Ada']);
    expect(pinned).toEqual(['gold', 'true']);
  });

  it('sells, loses, wins and asks for approval as the READMEs of deals and of the catalog say', async () => {
    const [begun, ended, agreed] = await pasted('deals');
    expect(begun).toEqual(['stage_demands', '2', '40']);
    const history = 'won reopened lost moved created';
    expect(ended).toEqual([
      ...['Yearly contract', '1200000', 'lost', 'open', 'won', history, 'Signs the contract', 'true'],
    ]);
    expect(agreed).toEqual(['400000', 'not_checked approval_required', '3', 'pending', 'approved', '80']);
    expect(await pasted('catalog')).toEqual([['4900', 'EUR']]);
  });

  it('makes customers of leads and one lead of two, as the README of leads says', async () => {
    const [converted, cleaned, routed] = await pasted('leads');
    expect(converted).toEqual([
      ...['+4930901820', 'Call', 'contacted', 'qualified'],
      ...['prospect', 'already_converted', 'Lead converted: Noor Haddad'],
    ]);
    expect(cleaned).toEqual(['new', 'new', 'true', 'same_email', 'true']);
    expect(routed).toEqual(['1', '*.spam.example', '0']);
  });

  it('does, times and repeats its work as the README of work says', async () => {
    const [task, time, projects] = await pasted('work');
    expect(task).toEqual(['true', '2030-11-11', '2030-11-18']);
    expect(time).toEqual(['running', 'in_progress', 'done', '1', 'worklog_locked', '1']);
    expect(projects).toEqual(['2028-03-10', 'tasks_open', 'cancelled', 'project_closed']);
  });

  it('keeps what it wants of its records and hangs things on them, with views of lists, as the README of records says', async () => {
    const [words, files, fields, formulas, kept, views] = await pasted('records');
    expect(words).toEqual(['Prefers letters.', '1']);
    expect(files).toEqual(['2', 'Called on Monday.', 'file_type_refused', 'file_name_refused']);
    expect(fields).toEqual(['C-4711', '2031-12-31', 'unknown_option', '1', '2031-12-31']);
    expect(formulas).toEqual(['number', 'true', 'formula_invalid', 'field_in_formula']);
    expect(kept).toEqual(['option_in_use', 'values_do_not_convert', 'undefined', 'north']);
    expect(views).toEqual(['Waiting longest', 'true', 'view_not_yours', 'invalid_query']);
  });

  it('brings people in from a file, out as one, and away again, as the README says', async () => {
    const [, tried = [], sold = [], undone = []] = await pasted('transfers');
    expect(tried.join('\n')).toMatch(/created: 2, refused: 1[^]*\ndone\nrow,code,field,reason,Name,Company,E-mail/);
    expect(sold.join('\n')).toMatch(/^mapped[^]*created: 1/);
    expect(undone.join('\n')).toMatch(/Ida,Nordwind[^]*Jon,Südwind[^]*undone: 2/);
  });

  it('chooses customers by what all contexts know of them, as the README of segments says', async () => {
    expect(await pasted('segments')).toEqual([
      ['true', '3'],
      ['2', 'true', 'unknown_field'],
    ]);
  });
});
