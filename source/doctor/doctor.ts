import {existsSync} from 'node:fs';
import path from 'node:path';
import {messageOf, RelayError} from '../base/errors.ts';
import {createRedactor, type Redact} from '../base/redact.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {ConfigError} from '../config/config-error.ts';
import type {Config} from '../config/config.ts';
import {createClientKeyReader, resolveCredentials, type CredentialContext} from '../config/credentials.ts';
import {readHomeLock} from '../config/home-lock.ts';
import {loadConfig} from '../config/load.ts';
import {isDeep, type CheckChoice, type CheckFinding, type CheckResult, type DoctorLink} from '../event/doctor.ts';
import {limits} from '../wire/limits.ts';
import {fail, ok, skipped, warn, type Check} from './check.ts';
import {claudeCheck} from './claude-check.ts';
import {codexCheck} from './codex-check.ts';
import {deepChecks} from './deep-checks.ts';
import {engineChecks, readLocalToken} from './engine-checks.ts';
import {fileChecks} from './file-checks.ts';
import {keyChecks} from './key-checks.ts';
import {machineChecks} from './machine-checks.ts';
import {providerChecks} from './provider-checks.ts';
import {checksAtOnce, doctorClocks, type DoctorClocks, type DoctorSurroundings} from './surroundings.ts';
import {createAsker, type Asker} from './wire.ts';

/*
 * The doctor: looks at everything that must be right before a request can go through. Every run starts from what is so now; checks run
 * side by side, each ends by a clock, one that breaks is a result like any other, and no result holds a secret.
 */

type ReadConfig = {readonly config: Config} | {readonly config?: undefined; readonly problem: CheckFinding};

const readConfig = async ({home, env, isDemo}: DoctorSurroundings): Promise<ReadConfig> => {
	const where = home.config;
	if (isDemo) {
		return {problem: skipped('The demo has upstreams of its own and reads no file.')};
	}

	if (!existsSync(where)) {
		const fix = `Write ${where}: one provider with base_url and auth_token_env is enough.`;
		return {problem: warn('There is no config.toml; only the demo can run.', {where, fix})};
	}

	try {
		return {config: await loadConfig({path: where, env})};
	} catch (error) {
		const fix = 'Mend the line; "codex-tui config check" says more.';
		// Whatever else breaks in there is a fault of the file too: it cannot be used.
		return {problem: fail(messageOf(error), {where, fix: error instanceof ConfigError ? fix : undefined})};
	}
};

const judgeConfig = (read: ReadConfig): CheckFinding => {
	if (read.config === undefined) {
		return read.problem;
	}

	const {warnings, services, path: where} = read.config;
	const count = Object.values(services).reduce((sum, {endpoints}) => sum + endpoints.length, 0);
	const [first] = warnings;
	if (first !== undefined) {
		const more = warnings.length === 1 ? '' : ` (and ${warnings.length - 1} more)`;
		const text = where === undefined ? first : first.replaceAll(where, path.basename(where));
		return warn(`${text}${more}`, {where, fix: 'Do as it says; "codex-tui config check" lists all warnings.'});
	}

	return count === 0
		? warn('config.toml names no provider: nothing can be served.', {where, fix: `Add a provider to ${where ?? 'it'}.`})
		: ok(`config.toml is valid and has ${count} endpoint${count === 1 ? '' : 's'}.`, {where});
};

/** The keys and the token: what must not stand in any result. Added headers are taken out of what upstreams say, where they are sent. */
const secretsIn = async (
	{home}: DoctorSurroundings,
	config: Config | undefined,
	context: CredentialContext,
): Promise<readonly string[]> => {
	const token = await readLocalToken(home.token);
	const endpoints = config === undefined ? [] : Object.values(config.services).flatMap(service => service.endpoints);
	const keys = endpoints.flatMap(endpoint =>
		endpoint.accounts.flatMap(account => {
			const {bearer, apiKey} = resolveCredentials(account, context);
			return [bearer, apiKey].filter(key => key !== undefined);
		}),
	);
	return [...keys, ...(token === undefined ? [] : [token])];
};

interface Prepared {
	readonly checks: readonly Check[];
	readonly redact: Redact;
}

const clocksOf = ({clocks}: DoctorSurroundings): DoctorClocks => ({...doctorClocks, ...clocks});

const prepare = async (surroundings: DoctorSurroundings, asker: Asker): Promise<Prepared> => {
	const {home, env, codexHome, claudeHome, isDemo} = surroundings;
	const clocks = clocksOf(surroundings);
	const read = await readConfig(surroundings);
	const {config} = read;
	const context = {env, readClientKey: createClientKeyReader({codexHome, claudeHome}, () => performance.now())};
	const lock = surroundings.addresses === undefined && existsSync(home.lock) ? await readHomeLock(home) : undefined;
	const running = surroundings.addresses ?? lock;
	const isEngineElsewhere = surroundings.isEngineElsewhere === true || (lock !== undefined && lock.pid !== process.pid);
	const facts = config === undefined ? undefined : {config, context, clocks, asker};
	const listen = isDemo ? undefined : config?.listen;
	const checks: readonly Check[] = [
		...engineChecks({running, listen, tokenFile: home.token, clocks}),
		{id: 'config', group: 'config', isForStart: true, look: () => judgeConfig(read)},
		codexCheck(surroundings, running),
		claudeCheck(surroundings, {config, running}),
		...(facts === undefined
			? []
			: [...keyChecks(facts.config, {context, isEngineElsewhere}), ...providerChecks(facts)]),
		...(facts === undefined ? [] : deepChecks(facts, codexHome)),
		...fileChecks(surroundings),
		...machineChecks(surroundings),
	];
	return {checks, redact: createRedactor(await secretsIn(surroundings, config, context))};
};

/** The provider in `key:codex/relay/default`. */
const providerIn = (id: string): string | undefined => /^(?:key|provider):\w+\/([^/]+)/.exec(id)?.[1];

/** What costs money is named in full or not meant. */
const isNamed = ({id, group}: Check, names: readonly string[]): boolean =>
	names.includes(id) ||
	(!isDeep(id) && [group, providerIn(id)].some(name => name !== undefined && names.includes(name)));

const isChosen = (check: Check, choice: CheckChoice): boolean =>
	choice === 'all' ? !isDeep(check.id) : choice === 'start' ? check.isForStart === true : isNamed(check, choice);

/** A result as it may be shown: without secrets and control characters. */
const cleaned = ({what, where, fix, steps, ...rest}: CheckResult, redact: Redact): CheckResult => {
	const clean = (text: string): string => sanitizeLine(redact(text));
	return {
		...rest,
		what: clean(what),
		...(where !== undefined && {where: clean(where)}),
		...(fix !== undefined && {fix: clean(fix)}),
		...(steps !== undefined && {steps: steps.map(step => ({...step, text: clean(step.text)}))}),
	};
};

const runOne = async ({id, group, look}: Check, signal: AbortSignal): Promise<CheckResult> => {
	const startedMs = performance.now();
	let finding: CheckFinding;
	try {
		finding = await look(signal);
	} catch (error) {
		finding = fail(`This check broke: ${messageOf(error)}`);
	}

	return {id, group, ...finding, tookMs: Math.round(performance.now() - startedMs)};
};

/** Runs checks a few at a time; all are told, in the order in which they end. */
export const runChecks = async (
	checks: readonly Check[],
	tell: (result: CheckResult) => void,
	signal: AbortSignal,
): Promise<void> => {
	const waiting = [...checks];
	const work = async (): Promise<void> => {
		for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
			tell(await runOne(next, signal));
		}
	};
	await Promise.all(Array.from({length: checksAtOnce}, work));
};

/** A doctor for these surroundings. `signal` ends what runs; what ended before it has been told. */
export const createDoctor = (surroundings: DoctorSurroundings, signal?: AbortSignal): DoctorLink => {
	const withChecks = async <Result>(work: (prepared: Prepared) => Promise<Result>): Promise<Result> => {
		const asker = createAsker(Math.min(limits.connectMs, clocksOf(surroundings).tcpMs));
		try {
			return await work(await prepare(surroundings, asker));
		} finally {
			await asker.close();
		}
	};
	return {
		run: async (choice, tell) =>
			await withChecks(async ({checks, redact}) => {
				const chosen = checks.filter(check => isChosen(check, choice));
				await runChecks(chosen, result => tell(cleaned(result, redact)), signal ?? new AbortController().signal);
			}),
		repair: async id =>
			await withChecks(async ({checks, redact}) => {
				const mend = checks.find(check => check.id === id)?.mend;
				if (mend === undefined) {
					throw new RelayError('no-repair', `The doctor cannot mend ${id} by itself; do what its line says.`);
				}

				return sanitizeLine(redact(await mend()));
			}),
	};
};
