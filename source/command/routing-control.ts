import {CommandError, exitCode, RelayError} from '../base/errors.ts';
import {textAt} from '../base/json.ts';
import {openHome} from '../config/home.ts';
import type {Service} from '../wire/names.ts';
import {findControl, type ControlClient} from './control-client.ts';
import {wrongUsage} from './routing-flags.ts';

/* What the verbs of `routing` share: the engine that must run, and the names of upstreams. */

/** What a verb works with. */
export interface RoutingContext {
	readonly control: ControlClient;
	readonly write: (text: string) => void;
	/** Wall clock, milliseconds. */
	readonly nowMs: number;
}

/** The engine that runs in the home. Throws CommandError `no-engine` (exit code 1). */
export const needControl = async (env: NodeJS.ProcessEnv): Promise<ControlClient> => {
	const control = await findControl(await openHome(env), env);
	if (control === undefined) {
		throw new CommandError(
			exitCode.failed,
			'no-engine',
			'No engine runs in this home; start one with "codex-tui", or with "codex-tui serve" where no screen is wanted.',
		);
	}

	return control;
};

/** The keys of every endpoint that the engine has, in the order in which they are tried. */
export const endpointKeysOf = async (control: Pick<ControlClient, 'read'>): Promise<readonly string[]> => {
	const rows = await control.read('/api/v1/routes');
	if (!Array.isArray(rows)) {
		throw new RelayError('engine-answer', `The engine's answer is no list of routes; is it of another version?`);
	}

	return rows.flatMap((row: unknown) => textAt(row, 'endpointKey') ?? []);
};

/** Whether a name means an endpoint: its key, `provider.endpoint`, or the provider's own name (every endpoint of it). */
const isMeant = (key: string, name: string): boolean => {
	const [, provider = '', endpoint = ''] = key.split('/');
	return name === key || name === provider || name === `${provider}.${endpoint}`;
};

const isOf = (key: string, service: Service | undefined): boolean =>
	service === undefined || key.startsWith(`${service}/`);

/** Every endpoint that a name means. Throws CommandError `unknown-name` (exit code 2) with the names there are. */
export const findNamed = (keys: readonly string[], name: string, service: Service | undefined): readonly string[] => {
	const found = keys.filter(key => isOf(key, service) && isMeant(key, name));
	if (found.length > 0) {
		return found;
	}

	const elsewhere = keys.find(key => isMeant(key, name))?.split('/')[0];
	const names = [...new Set(keys.filter(key => isOf(key, service)).map(key => key.split('/')[1] ?? ''))];
	const rest =
		elsewhere === undefined
			? `; there is ${names.join(', ') || 'none'}.`
			: `, only one of ${elsewhere} (--${elsewhere}).`;
	throw new CommandError(
		exitCode.usage,
		'unknown-name',
		`There is no provider or endpoint "${name.slice(0, 60)}"${service === undefined ? '' : ` of ${service}`}${rest}`,
	);
};

/** The one endpoint that a name means; a provider's name alone is its endpoint `default` (spec, glossary). Throws CommandError. */
export const findOne = (keys: readonly string[], name: string, service: Service | undefined): string => {
	const found = findNamed(keys, name, service);
	const defaults = found.filter(key => key.endsWith('/default'));
	const chosen = defaults.length > 0 ? defaults : found;
	const [first] = chosen;
	if (first === undefined || chosen.length > 1) {
		throw wrongUsage(`"${name.slice(0, 60)}" fits more than one endpoint: ${chosen.join(', ')}; name one of them.`);
	}

	return first;
};

/** The service of an endpoint's key. */
export const serviceOf = (key: string): Service => (key.startsWith('claude/') ? 'claude' : 'codex');
