import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {at, isRecord, parseJson} from '../base/json.ts';
import {codeOf, messageOf} from '../base/errors.ts';

/*
 * Where Claude Code takes its endpoint from (claude-wire.md 6): `env` of its settings files, which win over the shell. Read only: the values
 * of `ANTHROPIC_AUTH_TOKEN` and `ANTHROPIC_API_KEY` are secrets.
 */

/** What one place says. */
export interface ClaudePlace {
	/** The file, or `the shell`. */
	readonly name: string;
	readonly baseUrl: string | undefined;
	readonly token: string | undefined;
	readonly apiKey: string | undefined;
	/** Why the file cannot be read. */
	readonly problem: string | undefined;
}

const managedFile =
	process.platform === 'darwin'
		? '/Library/Application Support/ClaudeCode/managed-settings.json'
		: '/etc/claude-code/managed-settings.json';

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const placeOf = (name: string, values: Readonly<Record<string, unknown>>): ClaudePlace => ({
	name,
	baseUrl: textIn(values['ANTHROPIC_BASE_URL']),
	token: textIn(values['ANTHROPIC_AUTH_TOKEN']),
	apiKey: textIn(values['ANTHROPIC_API_KEY']),
	problem: undefined,
});

const broken = (name: string, problem: string): ClaudePlace => ({...placeOf(name, {}), problem});

const readPlace = async (file: string): Promise<ClaudePlace | undefined> => {
	try {
		const settings = parseJson(await readFile(file, 'utf8'));
		if (!isRecord(settings)) {
			return broken(file, 'it is no JSON object');
		}

		const env = at(settings, 'env');
		return placeOf(file, isRecord(env) ? env : {});
	} catch (error) {
		return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' ? undefined : broken(file, messageOf(error));
	}
};

/** The places that exist, the one that wins first: managed policy, the project's own, the user's, the shell. */
export const readClaudePlaces = async (from: {
	readonly claudeHome: string;
	readonly folder: string;
	readonly env: NodeJS.ProcessEnv;
	/** Default: where the system keeps it. */
	readonly managed?: string;
}): Promise<readonly ClaudePlace[]> => {
	const files = [
		from.managed ?? managedFile,
		path.join(from.folder, '.claude', 'settings.local.json'),
		path.join(from.folder, '.claude', 'settings.json'),
		path.join(from.claudeHome, 'settings.json'),
	];
	const places = await Promise.all([...new Set(files)].map(readPlace));
	return [...places.filter(place => place !== undefined), placeOf('the shell', from.env)];
};
