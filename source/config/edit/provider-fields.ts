import {textToolModes} from '../../provider/profiles/profile.ts';
import {apiKeyHeaders} from '../../provider/presets/preset.ts';
import {presets} from '../../provider/presets/presets.ts';
import {profileNames} from '../../provider/profiles/names.ts';
import {dialects} from '../../wire/names.ts';
import {lengthPolicies} from '../provider.ts';

/* Every field of a provider's table (codex-helper.md 1.3, product.md 6): what a person types for it, and where it stands. */

/**
 * How a field is typed. `names`: a list of names; `pairs`: a table of texts; `models`: a table of models with true or false; `variable`: the name
 * of an environment variable; `secret`: a key itself, which is never shown.
 */
export type FieldKind = 'text' | 'number' | 'boolean' | 'choice' | 'names' | 'pairs' | 'models' | 'variable' | 'secret';

/** One field. */
export interface ProviderField {
	/** Its key below the provider, with a dot where it stands in a table: `limits.queue`. */
	readonly name: string;
	readonly kind: FieldKind;
	/** The flag of the command, without dashes. */
	readonly flag: string;
	/** What can be chosen; other texts may be typed where the kind is not `choice`. */
	readonly choices?: readonly string[];
	/** Whether only a provider has it (`provider`), or only one of its endpoints. */
	readonly only?: 'provider' | 'endpoint';
}

const text = (name: string, more: Partial<ProviderField> = {}): ProviderField => ({
	name,
	kind: 'text',
	flag: (name.split('.').at(-1) ?? name).replaceAll('_', '-'),
	...more,
});

const choice = (name: string, choices: readonly string[], more: Partial<ProviderField> = {}): ProviderField =>
	text(name, {kind: 'choice', choices, ...more});

const of =
	(kind: FieldKind) =>
	(name: string, flag?: string): ProviderField =>
		text(name, flag === undefined ? {kind} : {kind, flag});

const [number, boolean, pairs] = [of('number'), of('boolean'), of('pairs')];

/** In the order of a form, and of the lines of a new provider. */
export const providerFields: readonly ProviderField[] = [
	choice(
		'preset',
		presets.map(({name}) => name),
		{only: 'provider'},
	),
	text('alias'),
	boolean('enabled'),
	text('base_url'),
	choice('dialect', dialects),
	choice('profile', profileNames),
	of('variable')('auth_token_env'),
	of('variable')('api_key_env'),
	of('secret')('auth_token'),
	of('secret')('api_key'),
	choice('api_key_header', apiKeyHeaders),
	boolean('requires_openai_auth'),
	text('priority', {kind: 'number', only: 'endpoint'}),
	of('models')('supported_models', 'supported-model'),
	pairs('model_mapping', 'model-map'),
	pairs('tags', 'tag'),
	number('limits.max_concurrent_requests'),
	text('limits.limit_group'),
	number('limits.queue'),
	number('limits.queue_timeout_ms'),
	number('timeouts.idle_ms'),
	pairs('headers', 'header'),
	text('reasoning', {choices: ['pass', 'off', 'low', 'medium', 'high']}),
	choice('on_length', lengthPolicies),
	choice('text_tools', textToolModes),
	of('names')('tool_denylist'),
	number('intent.level', 'intent-level'),
	text('intent.synthesise_ack', {flag: 'intent-ack'}),
	boolean('intent.any_url'),
	boolean('intent.any_command'),
	number('price_multiplier'),
	text('continuity_domain'),
];

/** The fields of a provider, or those of one of its endpoints. */
export const fieldsOf = (isEndpoint: boolean): readonly ProviderField[] =>
	providerFields.filter(({only}) => only !== (isEndpoint ? 'provider' : 'endpoint'));
