import {apiKeyHeaders, type ApiKeyHeader, type ProviderPreset} from '../provider/presets/preset.ts';
import {findPreset, presets} from '../provider/presets/presets.ts';
import {profileNames, type ProfileName} from '../provider/profiles/names.ts';
import type {CredentialSource, Credentials} from './config.ts';
import {findNearestName} from './nearest.ts';
import type {Section} from './section.ts';

/* The keys `preset`, `profile` and `api_key_header`: what a provider is without being told (presets.md). */

const hint = (name: string, known: readonly string[], all: string): string => {
	const nearest = findNearestName(name, known);
	return nearest === undefined ? all : `did you mean ${nearest}?`;
};

/** The preset that a provider names. Throws `ConfigError` `config-preset` with the nearest name for one that does not exist. */
export const readPreset = (provider: Section): ProviderPreset | undefined => {
	const name = provider.string('preset');
	const preset = name === undefined ? undefined : findPreset(name);
	if (name !== undefined && preset === undefined) {
		const known = presets.map(each => each.name);
		const advice = hint(name, known, '"codex-tui provider presets" lists them.');
		throw provider.error('config-preset', `is ${JSON.stringify(name)}, which is no preset; ${advice}`, 'preset');
	}

	return preset;
};

/** The provider profile of an endpoint: its own, its provider's, its preset's, else `generic`. Throws `ConfigError` `config-profile`. */
export const readProfile = (
	section: Section,
	provider: Section,
	preset: Pick<ProviderPreset, 'profile'> | undefined,
): ProfileName => {
	const place = section.has('profile') ? section : provider;
	const name = place.string('profile');
	const found = profileNames.find(known => known === name);
	if (name !== undefined && found === undefined) {
		const advice = hint(name, profileNames, `it takes one of ${profileNames.join(', ')}.`);
		throw place.error(
			'config-profile',
			`is ${JSON.stringify(name)}, which is no provider profile; ${advice}`,
			'profile',
		);
	}

	return found ?? preset?.profile ?? 'generic';
};

/** The header in which `api_key` travels: the file's, the preset's, else `x-api-key` as in codex-helper. */
export const readApiKeyHeader = (
	section: Section,
	provider: Section,
	preset: Pick<ProviderPreset, 'auth'> | undefined,
): ApiKeyHeader => {
	const auth = preset?.auth;
	return (
		section.choice('api_key_header', apiKeyHeaders) ??
		provider.choice('api_key_header', apiKeyHeaders) ??
		(auth?.kind === 'key' ? auth.header : 'x-api-key')
	);
};

/** `NAME` as a host's first label stands for any (Azure gives every customer a host). */
const isHostLike = (hostname: string, known: string): boolean =>
	known.startsWith('name.') ? hostname.endsWith(known.slice('name'.length)) : hostname === known;

const isOwnAddress = (url: string, {baseUrl, otherUrls}: ProviderPreset): boolean => {
	const {protocol, hostname} = new URL(url);
	return [baseUrl ?? [], otherUrls]
		.flat()
		.map(known => new URL(known))
		.some(known => known.protocol === protocol && isHostLike(hostname, known.hostname));
};

/**
 * What an endpoint sends where the file names no credential: the preset's variable or the client's login, and at the preset's own
 * addresses only. Whoever points a preset at another host must say which key that host may have.
 */
export const presetCredentials = (preset: ProviderPreset | undefined, baseUrl: string): Credentials | undefined => {
	if (preset === undefined || !isOwnAddress(baseUrl, preset)) {
		return undefined;
	}

	const {auth} = preset;
	if (auth.kind === 'client') {
		return {bearer: undefined, apiKey: undefined, passesClientAuth: true};
	}

	if (auth.kind !== 'key' || auth.variable === undefined) {
		return undefined;
	}

	const source: CredentialSource = {kind: 'env', name: auth.variable};
	const isBearer = auth.header === 'authorization';
	return {
		bearer: isBearer ? source : undefined,
		apiKey: isBearer ? undefined : source,
		passesClientAuth: false,
	};
};
