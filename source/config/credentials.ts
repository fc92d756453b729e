import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Service} from '../wire/names.ts';
import type {Account, CredentialSource} from './config.ts';
import {isTable} from './toml.ts';

/*
 * Which credential an endpoint has at this moment. Looked up per request, because variables of the client's own files come and
 * go; a label for people never holds the value.
 */

/** Looks a key up in the client's own files; undefined where it is not there. */
export type ReadClientKey = (service: Service, name: string) => string | undefined;

/** Where to look. */
export interface CredentialContext {
	readonly env: NodeJS.ProcessEnv;
	readonly readClientKey: ReadClientKey;
}

/** The values to send. They are secrets: never log, show or store them. */
export interface ResolvedCredentials {
	readonly bearer: string | undefined;
	readonly apiKey: string | undefined;
	readonly passesClientAuth: boolean;
}

/** What a person may know about an endpoint's credential. */
export interface CredentialStatus {
	/** `EndpointInfo.authSource`: `env RELAY_A_KEY`, `inline`, `codex auth.json KEY`, `client`, `none`, `missing env RELAY_A_KEY`. */
	readonly authSource: string;
	/** False where a named variable is not set anywhere; true where nothing is missing, also for `none`. */
	readonly hasAuth: boolean;
	/** The variable that is missing. */
	readonly missingVariable: string | undefined;
}

interface Found {
	readonly value: string | undefined;
	readonly label: string;
	readonly missing: string | undefined;
}

const clientFile: Readonly<Record<Service, string>> = {codex: 'codex auth.json', claude: 'claude settings.json'};

const findSource = (source: CredentialSource, service: Service, context: CredentialContext): Found => {
	if (source.kind === 'inline') {
		return {value: source.value, label: 'inline', missing: undefined};
	}

	const {name} = source;
	const fromEnv = Object.hasOwn(context.env, name) ? context.env[name] : undefined;
	if (fromEnv !== undefined && fromEnv !== '') {
		return {value: fromEnv, label: `env ${name}`, missing: undefined};
	}

	const fromClient = source.isInClientFile === true ? context.readClientKey(service, name) : undefined;
	return fromClient === undefined
		? {value: undefined, label: `missing env ${name}`, missing: name}
		: {value: fromClient, label: `${clientFile[service]} ${name}`, missing: undefined};
};

const findAll = (account: Account, context: CredentialContext): readonly Found[] =>
	[account.credentials.bearer, account.credentials.apiKey]
		.filter(source => source !== undefined)
		.map(source => findSource(source, account.service, context));

/**
 * The credential values of an account, each undefined where it is not configured or missing. Lookup order of codex-helper.md 1.3, but a
 * client's own file is asked for a key of the client's own maker only: no relay gets what somebody gave Codex for OpenAI.
 */
export const resolveCredentials = (account: Account, context: CredentialContext): ResolvedCredentials => {
	const valueOf = (source: CredentialSource | undefined): string | undefined =>
		source === undefined ? undefined : findSource(source, account.service, context).value;
	return {
		bearer: valueOf(account.credentials.bearer),
		apiKey: valueOf(account.credentials.apiKey),
		passesClientAuth: account.credentials.passesClientAuth,
	};
};

/** Says which credential an account has now, without its value. */
export const credentialStatus = (account: Account, context: CredentialContext): CredentialStatus => {
	const found = findAll(account, context);
	const missingVariable = found.find(({missing}) => missing !== undefined)?.missing;
	const labels = found.map(({label}) => label);
	if (account.credentials.passesClientAuth && (found.length === 0 || missingVariable !== undefined)) {
		return {authSource: ['client', ...labels].join(', '), hasAuth: true, missingVariable};
	}

	return {
		authSource: labels.length === 0 ? 'none' : labels.join(', '),
		hasAuth: missingVariable === undefined,
		missingVariable,
	};
};

/** How long a client's file is trusted before its time of change is looked at again (codex-helper.md 1.3). */
const trustedMs = 800;

const readJson = (file: string): unknown => {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		// Absent, or half written by the client at this moment: it has no key for us now, the next look is in 800 ms.
		return undefined;
	}
};

const memberOf = (value: unknown, name: string): unknown =>
	isTable(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const stampOf = (file: string): string => {
	const found = statSync(file, {throwIfNoEntry: false});
	return found === undefined ? 'absent' : `${found.mtimeMs}/${found.size}/${found.ino}`;
};

const createJsonCache = (file: string, now: () => number): (() => unknown) => {
	let checkedAtMs = Number.NEGATIVE_INFINITY;
	let stamp = '';
	let value: unknown;
	return () => {
		if (now() - checkedAtMs >= trustedMs) {
			checkedAtMs = now();
			const found = stampOf(file);
			if (found !== stamp) {
				stamp = found;
				value = readJson(file);
			}
		}

		return value;
	};
};

/**
 * Reads `auth.json[KEY]` of the Codex home and `settings.json` `env[KEY]` of the Claude home, with a cache of 800 ms.
 * `now` is monotonic, in milliseconds.
 */
export const createClientKeyReader = (
	homes: {readonly codexHome: string; readonly claudeHome: string},
	now: () => number,
): ReadClientKey => {
	const codex = createJsonCache(path.join(homes.codexHome, 'auth.json'), now);
	const claude = createJsonCache(path.join(homes.claudeHome, 'settings.json'), now);
	return (service, name) => {
		const value = service === 'codex' ? memberOf(codex(), name) : memberOf(memberOf(claude(), 'env'), name);
		return typeof value === 'string' && value !== '' ? value : undefined;
	};
};
