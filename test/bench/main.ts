import {mkdirSync, writeFileSync} from 'node:fs';
import {availableParallelism, cpus} from 'node:os';
import {CommandError, exitCode, messageOf} from '../../source/base/errors.ts';
import {helpText, readArguments, type BenchOptions} from './arguments.ts';
import {startChild} from './child.ts';
import type {ClientJob, ClientResult, MockJob} from './messages.ts';
import {httpPipe, nginx, undiciPipe} from './peers.ts';
import {figures} from './rows.ts';
import {unmeasuredRows} from './unmeasured-rows.ts';
import {scenarios, type Scenario} from './scenarios.ts';
import type {Effort, Findings, Session} from './session.ts';
import {screen, serve, translating} from './subject.ts';
import {isCheckFailed, linesOf, renderAbsolutes, renderLines, type Absolute, type Measured} from './verdict.ts';

/*
 * `npm run bench`: all targets interleaved in one run, fresh processes per instance, CPU from schedstat (performance.md 6).
 * Absolute numbers drift with the machine; the ratios inside one run are the result.
 */

const fullEffort: Effort = {
	instances: 3,
	rounds: 7,
	coalescedRequests: 450,
	pacedDeltas: 100,
	firstByteRequests: 300,
	idleMs: 10_000,
};
const quickEffort: Effort = {
	instances: 1,
	rounds: 3,
	coalescedRequests: 400,
	pacedDeltas: 150,
	firstByteRequests: 150,
	idleMs: 10_000,
};

const outputFile = new URL('../output/bench.json', import.meta.url).pathname;

const subjects: ReadonlyArray<Pick<Session, 'subject' | 'screen' | 'translating'>> = [
	{subject: serve, screen, translating},
	{subject: nginx, screen: undefined, translating: undefined},
	{subject: undiciPipe, screen: undefined, translating: undefined},
	{subject: httpPipe, screen: undefined, translating: undefined},
];

const chooseSubject = (name: string): (typeof subjects)[number] => {
	const found = subjects.find(({subject}) => subject.name === name);
	if (found === undefined) {
		const names = subjects.map(({subject}) => subject.name).join(', ');
		throw new CommandError(exitCode.usage, 'bench-usage', `--subject knows ${names}, not "${name}".`);
	}

	return found;
};

/** A scenario that breaks costs its own rows, not the whole run. */
const runScenario = async (scenario: Scenario, session: Session): Promise<Findings> => {
	const missing = session.subject.missing();
	try {
		if (missing !== undefined) {
			throw new CommandError(exitCode.failed, 'subject-missing', `${session.subject.name}: ${missing}`);
		}

		return await scenario.run(session);
	} catch (error) {
		const rows = figures.filter(({row}) => scenario.rows.includes(row));
		return {measured: rows.map(({row, against}) => ({row, against, missing: messageOf(error)})), absolutes: []};
	}
};

const measure = async (options: BenchOptions): Promise<Findings> => {
	await using mock = await startChild<MockJob, null>('./mock.ts');
	await using client = await startChild<ClientJob, ClientResult>('./client.ts');
	const effort = options.isQuick ? quickEffort : fullEffort;
	const session: Session = {mock, client, effort, ...chooseSubject(options.subject)};
	const measured: Measured[] = [];
	const absolutes: Absolute[] = [];
	for (const scenario of scenarios.filter(({rows}) => rows.some(row => options.rows.includes(row)))) {
		const startedAt = performance.now();
		process.stderr.write(`${scenario.name} (${scenario.rows.join(', ')}) … `);
		const findings = await runScenario(scenario, session);
		process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
		measured.push(...findings.measured);
		absolutes.push(...findings.absolutes);
	}

	return {measured, absolutes};
};

const machine = (): Readonly<Record<string, unknown>> => ({
	node: process.version,
	platform: `${process.platform} ${process.arch}`,
	cpu: cpus()[0]?.model ?? 'unknown',
	cores: availableParallelism(),
});

const run = async (args: readonly string[]): Promise<number> => {
	const options = readArguments(args);
	if (options.isHelp) {
		console.log(helpText);
		return exitCode.done;
	}

	const startedAt = new Date();
	const {measured, absolutes} = await measure(options);
	const lines = linesOf(measured, options.rows);
	console.log(`\n${renderLines(lines)}\n\n${renderAbsolutes(absolutes)}\n`);
	mkdirSync(new URL('.', `file://${outputFile}`), {recursive: true});
	const result = {startedAt, machine: machine(), options, figures: lines, notMeasured: unmeasuredRows, absolutes};
	writeFileSync(outputFile, `${JSON.stringify(result, undefined, '\t')}\n`);
	const seconds = ((Date.now() - startedAt.getTime()) / 1000).toFixed(0);
	console.log(
		`${options.subject} on ${process.version}, ${availableParallelism()} cores, ${seconds} s. JSON: ${outputFile}`,
	);
	return options.isCheck && isCheckFailed(lines) ? exitCode.checkFailed : exitCode.done;
};

try {
	process.exitCode = await run(process.argv.slice(2));
} catch (error) {
	console.error(messageOf(error));
	process.exitCode = error instanceof CommandError ? error.exitCode : exitCode.failed;
}
