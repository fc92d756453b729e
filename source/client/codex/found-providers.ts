import path from 'node:path';
import {readIfThere} from '../../base/atomic-file.ts';
import {isRecord, parseJson, textAt} from '../../base/json.ts';
import {ConfigError} from '../../config/config-error.ts';
import {decodeToml, isTable, parseToml} from '../../config/toml.ts';
import {providerId} from './provider-edit.ts';
import {codexConfigFile} from './switch-status.ts';

/** A provider of Codex's own configuration, without any secret that stands there (codex-wire.md, `[model_providers.ID]`). */
export interface CodexProvider {
	readonly id: string;
	readonly title: string;
	readonly baseUrl: string;
	readonly wireApi: 'responses' | 'chat';
	/** `env_key`. */
	readonly keyVariable: string | undefined;
	/** Codex uses it now. */
	readonly isActive: boolean;
	/** Names of its keys that mean something to the upstream and that are not carried over. */
	readonly leftOut: readonly string[];
}

/** What Codex has that an upstream can be made of. */
export interface CodexFindings {
	readonly providers: readonly CodexProvider[];
	/** What its auth.json holds: a key for OpenAI, or the login of a ChatGPT plan. */
	readonly login: 'api-key' | 'chatgpt' | undefined;
}

/** What may hold secrets or runs a program. */
const leftBehind: ReadonlySet<string> = new Set([
	'experimental_bearer_token',
	'http_headers',
	'env_http_headers',
	'query_params',
	'auth',
	'aws',
]);

/** Without a name and password, which would be shown. */
const isPlainAddress = (text: string): boolean => {
	const url = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
	return url !== undefined && url.username === '' && url.password === '';
};

const providersOf = (value: Readonly<Record<string, unknown>>): readonly CodexProvider[] => {
	const tables = isTable(value['model_providers']) ? value['model_providers'] : {};
	return Object.entries(tables).flatMap(([id, table]): CodexProvider[] => {
		const baseUrl = textAt(table, 'base_url');
		if (id === providerId || baseUrl === undefined || !isPlainAddress(baseUrl)) {
			return [];
		}

		return [
			{
				...{id, baseUrl},
				title: textAt(table, 'name') ?? id,
				wireApi: textAt(table, 'wire_api') === 'chat' ? 'chat' : 'responses',
				keyVariable: textAt(table, 'env_key'),
				isActive: value['model_provider'] === id,
				leftOut: isTable(table) ? Object.keys(table).filter(key => leftBehind.has(key)) : [],
			},
		];
	});
};

const readProviders = async (file: string): Promise<readonly CodexProvider[]> => {
	const bytes = await readIfThere(file);
	try {
		return bytes === undefined ? [] : providersOf(parseToml(file, decodeToml(file, bytes)).value);
	} catch (error) {
		if (error instanceof ConfigError) {
			// A file that Codex itself cannot read has nothing to offer; the doctor says what is wrong with it.
			return [];
		}

		throw error;
	}
};

const readLogin = async (file: string): Promise<CodexFindings['login']> => {
	const auth = parseJson((await readIfThere(file))?.toString() ?? '');
	if ((textAt(auth, 'OPENAI_API_KEY') ?? '') !== '') {
		return 'api-key';
	}

	return isRecord(auth) && isRecord(auth['tokens']) ? 'chatgpt' : undefined;
};

/** Looks through Codex's folder; the provider in use comes first. Rejects with what the file system throws. */
export const findCodexProviders = async (codexHome: string): Promise<CodexFindings> => {
	const [providers, login] = await Promise.all([
		readProviders(codexConfigFile(codexHome)),
		readLogin(path.join(codexHome, 'auth.json')),
	]);
	return {providers: providers.toSorted((one, other) => Number(other.isActive) - Number(one.isActive)), login};
};
