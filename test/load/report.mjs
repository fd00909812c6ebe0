import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { DESK_BARS, FILE_BARS, LAG_BAR, MEMORY_BARS, OVERLOAD_BAR, P99_BAR, START_BAR } from './cases.mjs';
import { inCheckout } from './places.mjs';

const DOCUMENT = inCheckout('docs/performance.md');
const MARKS = ['<!-- figures: written by `npm run bench -- --report` -->', '<!-- end of figures -->'];

const ok = (holds) => (holds ? 'ok' : 'MISSED');
const whole = (value) => Math.round(value).toLocaleString('en');
const times = (value) => `${value.toFixed(2)}x`;
const seconds = (value) => `${value.toFixed(2)} s`;
const milliseconds = (value) => `${value.toFixed(0)} ms`;
const mebibytes = (value) => `${value.toFixed(0)} MiB`;

/** Columns that line up in a terminal and are a table in Markdown. */
function table(head, rows) {
  const lines = [head, ...rows].map((line) => line.map(String));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const drawn = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
  return [drawn[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...drawn.slice(1)].join('\n');
}

const CASE_HEAD = ['case', 'floor req/s', 'ours req/s', 'ratio', 'lowest to highest', 'bar', 'aim'].concat(
  ...['CPU a request, floor', 'ours', 'ratio', 'bar', 'p99 floor', 'p99 ours', 'ratio', 'bars'],
);

/** One line a case; `holds` is false when a bar of it is missed. */
function caseLine({ title, bars, perSecond, cpu, p99 }) {
  const checks = [
    bars.ratio === undefined || perSecond.ratio >= bars.ratio,
    bars.cpu === undefined || cpu === undefined || cpu.ratio <= bars.cpu,
    p99.ratio <= P99_BAR,
  ];
  const holds = checks.every(Boolean);
  const speed = [whole(perSecond.floor), whole(perSecond.ours), perSecond.ratio.toFixed(2)];
  const spread = `${perSecond.lowest.toFixed(2)} to ${perSecond.highest.toFixed(2)}`;
  const costs = cpu ? [`${whole(cpu.floor)} µs`, `${whole(cpu.ours)} µs`, times(cpu.ratio)] : ['', '', 'not measured'];
  const waits = [milliseconds(p99.floor), milliseconds(p99.ours), times(p99.ratio)];
  const cells = [title, ...speed, spread, bars.ratio?.toFixed(2) ?? '', bars.aim.toFixed(2), ...costs];
  return { cells: [...cells, bars.cpu ? times(bars.cpu) : '', ...waits, ok(holds)], holds };
}

/** Single figures: what, found, bar, aim, verdict. */
function figureLines({ start, memory, overloaded, lag, statements, plans, desk, files, search }) {
  const lines = [];
  const add = (what, found, bar, aim, holds) => lines.push({ cells: [what, found, bar, aim, ok(holds)], holds });
  if (start)
    add('start to ready', seconds(start), `< ${START_BAR.seconds} s`, `${START_BAR.aim} s`, start < START_BAR.seconds);
  if (memory) {
    const { idle, loaded, idleAim, loadedAim } = MEMORY_BARS;
    add('memory of the API, idle', mebibytes(memory.idle), `< ${idle} MiB`, `${idleAim} MiB`, memory.idle < idle);
    add(
      'memory of the API, highest',
      mebibytes(memory.loaded),
      `< ${loaded} MiB`,
      `${loadedAim} MiB`,
      memory.loaded < loaded,
    );
  }
  if (overloaded) addOverload(overloaded, add);
  if (lag) addLag(lag, add);
  if (statements) {
    const growing = statements.lists.filter(({ isConstant }) => !isConstant);
    const found = `${growing.length} of ${statements.lists.length}`;
    add('lists whose statements grow with the page', found, '0', '', growing.length === 0);
  }
  for (const { over, questions } of [plans, desk.queuePlans, search?.plans].filter(Boolean)) {
    const scanning = questions.filter(({ scanned }) => scanned.length);
    const found = `${scanning.length} of ${questions.length}`;
    add(`questions that read a big table whole, ${over}`, found, '0', '', scanning.length === 0);
  }
  addDesk(desk, add);
  addFiles(files, add);
  return lines;
}

function addOverload({ ours, floor }, add) {
  const { ratio, aim } = OVERLOAD_BAR;
  const holds = ours.doubled > ratio;
  add('GET one, answered with twice as much asked, over the most', ours.doubled.toFixed(2), `> ${ratio}`, aim, holds);
  add('the same of the floor', floor.doubled.toFixed(2), '', '', true);
  const crowd = ours.crowd.toFixed(2);
  add('GET one, answered to a crowd of 512, over the most', crowd, `> ${ratio}`, aim, ours.crowd > ratio);
  add('the same of the floor', floor.crowd.toFixed(2), '', '', true);
}

function addLag({ written, events, deliveries }, add) {
  const bar = `< ${LAG_BAR.seconds} s`;
  const rate = `${LAG_BAR.eventsPerSecond} events/s`;
  const all = Number(events.events) >= written && Number(deliveries.deliveries) > 0;
  add(
    `outbox lag p99 at ${rate} (${events.events} events)`,
    seconds(events.p99),
    bar,
    '',
    all && events.p99 < LAG_BAR.seconds,
  );
  const done = all && Number(deliveries.failed) === 0 && deliveries.p99 < LAG_BAR.seconds;
  add(`commit to done p99 (${deliveries.deliveries} deliveries)`, seconds(deliveries.p99 ?? NaN), bar, '', done);
}

function addDesk({ takers, sla, imap, prover }, add) {
  if (takers) addTakers(takers, add);
  if (sla) addSla(sla, add);
  if (imap) {
    const { mailsPerSecond } = DESK_BARS;
    const what = `mails a second from IMAP to their routing (${whole(imap.mails)} mails)`;
    add(what, whole(imap.perSecond), `>= ${mailsPerSecond}`, '', imap.perSecond >= mailsPerSecond);
    const cpu = imap.cpuMicroseconds === undefined ? 'not measured' : milliseconds(imap.cpuMicroseconds / 1000);
    add('CPU of the worker for each, with the inquiry that it opens', cpu, '', '', true);
  }
  if (prover) {
    const what = `access proven in ${whole(prover.cases)} cases (${whole(prover.casesPerSecond)} a second)`;
    add(what, seconds(prover.seconds), `< ${DESK_BARS.proverSeconds} s`, '', prover.seconds < DESK_BARS.proverSeconds);
  }
}

function addFiles({ imported, exported }, add) {
  if (imported) {
    const { rows, seconds: took, p99, memory } = imported;
    const most = FILE_BARS.secondsOf100k * (rows / 100_000);
    add(`import of ${whole(rows)} rows`, seconds(took), `< ${seconds(most)}`, '', took < most);
    add('what others wait meanwhile, p99', milliseconds(p99), `< ${FILE_BARS.p99} ms`, '', p99 < FILE_BARS.p99);
    const isSmall = memory.api === undefined || memory.api < FILE_BARS.memory;
    add('memory of the API, highest', mebibytes(memory.api ?? NaN), `< ${FILE_BARS.memory} MiB`, '', isSmall);
  }
  if (exported) {
    add(`export of ${whole(exported.rows)} rows`, seconds(exported.seconds), '', '', true);
    const isSmall = exported.memory === undefined || exported.memory < FILE_BARS.memory;
    add('memory of the worker, highest', mebibytes(exported.memory ?? NaN), `< ${FILE_BARS.memory} MiB`, '', isSmall);
  }
}

function addTakers({ proof, shared }, add) {
  const { inquiries, refused, twice } = proof;
  const isContended = refused > inquiries;
  add(
    `taken twice, of ${whole(inquiries)} inquiries (${whole(refused)} refusals)`,
    twice,
    '0',
    '',
    isContended && !twice,
  );
  const what = `somebody's twice, of ${whole(shared.inquiries)} that some take and others have given to people`;
  add(what, shared.twice, '0', '', shared.twice === 0 && shared.given > 0 && shared.given < shared.inquiries);
  const pace = `${whole(shared.perSecond)} tries/s, p99 ${milliseconds(shared.p99)}`;
  add(`the same: ${whole(shared.given)} given by the rule of their team`, pace, '', '', true);
}

function addSla({ inquiries, promises, due, seconds: taken, lag, scans }, add) {
  const found = `${due} promises run out among ${whole(promises)} on ${whole(inquiries)} inquiries: all told`;
  add(found, seconds(taken), `< ${DESK_BARS.sweepSeconds} s`, '', taken < DESK_BARS.sweepSeconds);
  add('the last of them, after its time', seconds(lag), `< ${LAG_BAR.seconds} s`, '', lag < LAG_BAR.seconds);
  const examined = scans.map((scan) => scan.examined).reduce((one, other) => one + other, 0);
  const each = examined / due;
  add(
    'rows of big tables that are read for each',
    each.toFixed(1),
    `< ${DESK_BARS.rowsEach}`,
    '',
    each < DESK_BARS.rowsEach,
  );
  const readWhole = scans.filter(({ node }) => node === 'Seq Scan').map(({ table }) => table);
  add('big tables that are read whole for it', readWhole.join(', ') || '0', '0', '', readWhole.length === 0);
}

const TAKERS_TITLE = '50 takers, 5 at each inquiry (p99 of takes)';

/** Everything that was measured as text, and whether all bars hold. */
export function judge(results) {
  const { desk, search } = results;
  const takers = desk.takers ? [{ title: TAKERS_TITLE, bars: { aim: 1 }, ...desk.takers.speed }] : [];
  const cases = [...results.cases, ...(search?.cases ?? []), ...(desk.queues ?? []), ...takers].map(caseLine);
  const figures = figureLines(results);
  const parts = [];
  if (cases.length)
    parts.push(
      table(
        CASE_HEAD,
        cases.map(({ cells }) => cells),
      ),
    );
  if (figures.length)
    parts.push(
      table(
        ['figure', 'found', 'bar', 'aim', 'bars'],
        figures.map(({ cells }) => cells),
      ),
    );
  if (results.statements) parts.push(statementsText(results.statements));
  if (desk.sla) parts.push(scansText(desk.sla.scans));
  const questions = [results.plans, desk.queuePlans, search?.plans].flatMap((plans) => plans?.questions ?? []);
  const scans = questions.filter(({ scanned }) => scanned.length);
  if (scans.length)
    parts.push(scans.map(({ path, scanned }) => `reads ${scanned.join(', ')} whole: ${path}`).join('\n'));
  return { text: parts.join('\n\n'), holds: [...cases, ...figures].every(({ holds }) => holds) };
}

function statementsText({ lists, others }) {
  const requests = table(
    ['request', 'statements'],
    others.map(({ title, statements }) => [title, statements]),
  );
  const rows = lists.map(({ path, small, large }) => [pathShown(path), small, large]);
  return `${requests}\n\n${table(['list', 'statements for 20 rows', 'for 100 rows'], rows)}`;
}

function scansText(scans) {
  const rows = scans.map(({ table: name, node, index, times: loops, examined }) => [
    name,
    node,
    index ?? '',
    loops,
    examined,
  ]);
  return table(['read when promises run out', 'how', 'index', 'times', 'rows'], rows);
}

const pathShown = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{id}');

/** The command and the machine that the figures are of. */
export function origin(postgresVersion, { rounds, seconds: length }) {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return (
    `\`npm run bench -- --report\`: ${rounds} rounds of ${length} s for each case and side, 32 connections, on ` +
    `${availableParallelism()} cores (${processor?.model.trim() ?? 'unknown'}) with ${memory}, Node ${process.versions.node}, ` +
    `PostgreSQL ${postgresVersion} on the same machine with fsync on.`
  );
}

/** Puts the figures between the marks of the document; what people wrote around them stays. */
export function writeReport(text) {
  const document = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = MARKS.map((mark) => document.indexOf(mark));
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has no place for the figures: ${MARKS.join(' and ')}`);
  writeFileSync(DOCUMENT, `${document.slice(0, begin + MARKS[0].length)}\n\n${text}\n\n${document.slice(end)}`);
}
