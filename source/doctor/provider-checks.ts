import type {JsonAnswer} from '../attempt/fetch-json.ts';
import type {Account, Config, Endpoint} from '../config/config.ts';
import {credentialStatus, type CredentialContext} from '../config/credentials.ts';
import type {CheckFinding, CheckState, CheckStep} from '../event/doctor.ts';
import {modelListLimits, readModelList} from '../provider/presets/model-list.ts';
import {skipped, type Check} from './check.ts';
import {nameOf} from './endpoint-name.ts';
import {listQuestion} from './list-question.ts';
import {bareHost, isLoopback, openConnection, resolveName, shakeHands, timed, type StepEnd} from './reach.ts';
import type {DoctorClocks} from './surroundings.ts';
import type {Asker} from './wire.ts';

/* Every upstream by the way that a request takes to it: name, connection, certificate, and whether it takes the key. */

/** What these checks need. */
export interface ProviderFacts {
	readonly config: Config;
	readonly context: CredentialContext;
	readonly clocks: DoctorClocks;
	readonly asker: Asker;
}

const saidOf = (body: string): string => {
	const said = body.trim().slice(0, 160);
	return said === '' ? '' : `: ${said}`;
};

const judgeStatus = ({status, body}: Extract<JsonAnswer, {kind: 'status'}>): StepEnd => {
	const said = saidOf(body);
	if (status === 401 || status === 403 || (status === 400 && /api.?key/i.test(body))) {
		return ['fail', `it refuses the key (${status}${said})`];
	}

	if (status === 404 || status === 405 || status === 501) {
		return ['skipped', `it has no list of models (${status}), so its key was not tried`];
	}

	return ['warn', `it answered ${status}${said}`];
};

const judgeAnswer = (answer: JsonAnswer): StepEnd => {
	switch (answer.kind) {
		case 'json': {
			const count = readModelList(answer.value)?.models.length;
			return count === undefined
				? ['warn', 'it answered, but with no list of models']
				: ['ok', `it takes the key and lists ${count} model${count === 1 ? '' : 's'}`];
		}

		case 'status': {
			return judgeStatus(answer);
		}

		case 'failed': {
			const isOdd = ['not-json', 'redirect', 'body-too-large', 'unexpected-encoding'].includes(answer.code);
			return [isOdd ? 'warn' : 'fail', answer.reason];
		}
	}
};

const tryKey = async (
	endpoint: Endpoint,
	account: Account,
	{context, clocks, asker, signal}: ProviderFacts & {readonly signal: AbortSignal},
): Promise<StepEnd> => {
	const {missingVariable} = credentialStatus(account, context);
	if (account.credentials.passesClientAuth) {
		return ['skipped', "the client's own login goes through; only a request of the client tries it"];
	}

	if (missingVariable !== undefined) {
		return ['skipped', `${missingVariable} is not set, so it was not asked`];
	}

	const question = listQuestion(endpoint, account, context);
	if (question === undefined) {
		return ['skipped', 'it has no list of models, so its key was not tried'];
	}

	const {bodyBytes, errorBytes} = modelListLimits;
	return judgeAnswer(await asker.get({...question, timeoutMs: clocks.authMs, bodyBytes, errorBytes, signal}));
};

const clearText = (host: string): StepEnd =>
	isLoopback(host)
		? ['skipped', 'plain HTTP on this machine']
		: ['warn', 'there is no TLS: whoever is on the way reads the key'];

/** The steps up to the first that fails. */
const walk = async (endpoint: Endpoint, facts: ProviderFacts, signal: AbortSignal): Promise<readonly CheckStep[]> => {
	const {clocks} = facts;
	const url = new URL(endpoint.baseUrl);
	const host = bareHost(url.hostname);
	const isTls = url.protocol === 'https:';
	const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
	const endMs = performance.now() + clocks.providerMs;
	const within = (ms: number): number => Math.max(1, Math.min(ms, endMs - performance.now()));
	const ways: ReadonlyArray<readonly [name: string, work: () => Promise<StepEnd>]> = [
		['dns', async () => await resolveName(host, within(clocks.dnsMs))],
		['tcp', async () => await openConnection(host, port, within(clocks.tcpMs))],
		['tls', async () => (isTls ? await shakeHands(host, port, within(clocks.tlsMs)) : clearText(host))],
	];
	const steps: CheckStep[] = [];
	for (const [name, work] of ways) {
		const step = await timed(name, work);
		steps.push(step);
		if (step.state === 'fail') {
			return steps;
		}
	}

	const accounts = endpoint.accounts.filter(({enabled}) => enabled);
	const tried = accounts.map(
		async account =>
			await timed(
				accounts.length === 1 ? 'auth' : `auth ${account.label}`,
				async () =>
					await tryKey(endpoint, account, {...facts, clocks: {...clocks, authMs: within(clocks.authMs)}, signal}),
			),
	);
	return [...steps, ...(await Promise.all(tried))];
};

const severity: readonly CheckState[] = ['fail', 'warn', 'ok', 'skipped'];

/** The step that tells the whole: the worst one, and where all is well the last one that was done. */
export const tellingStep = (steps: readonly CheckStep[]): CheckStep | undefined =>
	severity
		.slice(0, 2)
		.map(state => steps.find(step => step.state === state))
		.find(step => step !== undefined) ?? steps.at(-1);

const fixes: Readonly<Record<string, (endpoint: Endpoint, isHere: boolean) => string>> = {
	dns: ({baseUrl}) => `Check the host in base_url (${baseUrl}), and the network.`,
	tcp: ({baseUrl}, isHere) =>
		isHere
			? `Start the server that should listen on ${new URL(baseUrl).origin}.`
			: `Check base_url (${baseUrl}) and the network; a firewall may be in the way.`,
	tls: ({baseUrl}) =>
		`Check base_url (${baseUrl}) and the clock of this machine; for a certificate authority of your own set NODE_EXTRA_CA_CERTS.`,
	auth: ({provider, service, baseUrl}) =>
		`Check the key of [${service}.providers.${provider}] and its base_url (${baseUrl}).`,
};

const findingOf = (endpoint: Endpoint, steps: readonly CheckStep[]): CheckFinding => {
	const step = tellingStep(steps);
	const where = endpoint.baseUrl;
	if (step === undefined) {
		return skipped(`${nameOf(endpoint)} has no account that is enabled.`, {where});
	}

	const {state, text, name} = step;
	const account = name.startsWith('auth ') ? ` (account ${name.slice(5)})` : '';
	const what = `${nameOf(endpoint)}${account}: ${state === 'fail' && !name.startsWith('auth') ? `${name}, ` : ''}${text}.`;
	const isHere = isLoopback(new URL(endpoint.baseUrl).hostname);
	const fix = state === 'fail' || state === 'warn' ? fixes[name.split(' ')[0] ?? '']?.(endpoint, isHere) : undefined;
	return {state, what, where, steps, fix};
};

/** One check for each enabled endpoint. */
export const providerChecks = (facts: ProviderFacts): readonly Check[] =>
	Object.values(facts.config.services)
		.flatMap(({endpoints}) => endpoints)
		.filter(({enabled}) => enabled)
		.map(endpoint => ({
			id: `provider:${endpoint.key}`,
			group: 'providers',
			look: async signal => findingOf(endpoint, await walk(endpoint, facts, signal)),
		}));
