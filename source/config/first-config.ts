import {sanitizeLine} from '../base/sanitize.ts';
import {wrapText} from '../base/text-width.ts';
import type {Dialect} from '../wire/names.ts';
import type {ApiKeyHeader} from '../provider/presets/preset.ts';

/** An upstream as a first configuration names it. */
export interface FirstUpstream {
	readonly name: string;
	/** Lines above its table. */
	readonly comments: readonly string[];
	readonly preset: string | undefined;
	readonly baseUrl: string | undefined;
	readonly dialect: Dialect | undefined;
	/** The variable that holds its key, and the header that the key travels in. */
	readonly key: {readonly variable: string; readonly header: ApiKeyHeader} | undefined;
}

/** So that a review of 80 columns shows them whole. */
const commentCells = 72;

const keyLines = ({key, preset}: FirstUpstream): readonly string[] => {
	if (key === undefined) {
		return [];
	}

	const variable = JSON.stringify(key.variable);
	return key.header === 'authorization'
		? [`auth_token_env = ${variable}`]
		: [
				`api_key_env = ${variable}`,
				...(preset === undefined ? [`api_key_header = ${JSON.stringify(key.header)}`] : []),
			];
};

const table = (upstream: FirstUpstream): readonly string[] => {
	const {name, comments, preset, baseUrl, dialect} = upstream;
	return [
		'',
		...comments.flatMap(comment => wrapText(sanitizeLine(comment), commentCells).map(line => `# ${line}`)),
		`[codex.providers.${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}]`,
		...(preset === undefined ? [] : [`preset = ${JSON.stringify(preset)}`]),
		...(baseUrl === undefined ? [] : [`base_url = ${JSON.stringify(baseUrl)}`]),
		...(dialect === undefined ? [] : [`dialect = ${JSON.stringify(dialect)}`]),
		...keyLines(upstream),
	];
};

/** The text of a first `config.toml`: these upstreams for Codex, tried in their order, with comments that say what is what. */
export const firstConfigText = (upstreams: readonly FirstUpstream[]): string =>
	[
		'# The configuration of codex-tui. A change counts within a second.',
		'# "codex-tui config show" lists every value, "config check" the faults.',
		'# Keys stay in your environment: here stand the names of their variables.',
		'version = 5',
		...upstreams.flatMap(table),
		'',
		'[codex.routing]',
		'entry = "main"',
		'',
		'# The first one serves; when it cannot, the next one takes over unnoticed.',
		'[codex.routing.routes.main]',
		'strategy = "ordered-failover"',
		`children = [${upstreams.map(({name}) => JSON.stringify(name)).join(', ')}]`,
		'',
	].join('\n');
