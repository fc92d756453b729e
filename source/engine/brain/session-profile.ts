import {textAt} from '../../base/json.ts';
import type {Service} from '../../wire/names.ts';
import type {Call} from '../../identify/call.ts';
import type {AskFields} from './overrides.ts';
import type {StateStore} from './state-store.ts';
import {readSessionKey, sessionKey} from './session-key.ts';

/*
 * Profiles bound to sessions and what a request asks for in the end (routing.md 9 and 13): the session's override, else a profile that
 * somebody applied by hand, else the client's own words. A default profile binds a session for the eye only and changes no field.
 */

const kind = 'profile';

/** A profile of a session; `default` was bound by `default_profile`, `manual` by the user. */
export interface ProfileBinding {
	readonly name: string;
	readonly mode: 'manual' | 'default';
}

/** The profiles that users applied by hand are kept over restarts; what `default_profile` binds follows from the configuration. */
export class SessionProfiles {
	readonly #store: Pick<StateStore, 'set' | 'delete' | 'list'>;
	readonly #names = new Map<string, string>();

	constructor(store: Pick<StateStore, 'set' | 'delete' | 'list'>) {
		this.#store = store;
		for (const [key, value] of store.list(kind)) {
			const name = textAt(value, 'name');
			if (name !== undefined) {
				this.#names.set(key, name);
			}
		}
	}

	/** Applies a profile to a session by hand. */
	apply(service: Service, sessionId: string, name: string): void {
		this.#names.set(sessionKey(service, sessionId), name);
		this.#store.set(kind, sessionKey(service, sessionId), {name});
	}

	/** The session has the default profile again, if there is one. */
	clear(service: Service, sessionId: string): void {
		this.#names.delete(sessionKey(service, sessionId));
		this.#store.delete(kind, sessionKey(service, sessionId));
	}

	/** The profiles that were applied by hand. */
	list(): ReadonlyArray<{readonly service: Service; readonly sessionId: string; readonly name: string}> {
		return [...this.#names].flatMap(([key, name]) => {
			const parts = readSessionKey(key);
			return parts === undefined ? [] : [{...parts, name}];
		});
	}

	/** The session's profile; `defaultProfile` is the name in the configuration. */
	of(service: Service, sessionId: string | undefined, defaultProfile: string | undefined): ProfileBinding | undefined {
		if (sessionId === undefined) {
			return undefined;
		}

		const name = this.#names.get(sessionKey(service, sessionId));
		if (name !== undefined) {
			return {name, mode: 'manual'};
		}

		return defaultProfile === undefined ? undefined : {name: defaultProfile, mode: 'default'};
	}
}

/** Who decided a field (routing.md 9; the last two are what an upstream's own settings make of it). */
export type AskSource = 'session_override' | 'profile' | 'request';

/** One field as it will be asked for; `value` undefined: the request says nothing of it. */
export interface AskedField {
	readonly value: string | undefined;
	readonly source: AskSource;
}

/** What a request asks for after overrides and profile, before an upstream's own settings. */
export interface Asked {
	readonly model: AskedField;
	readonly effort: AskedField;
	readonly tier: AskedField;
	readonly profile: ProfileBinding | undefined;
}

/** Where the fields may come from. */
export interface AskInputs {
	readonly request: Pick<Call, 'model' | 'effort' | 'tier'>;
	readonly override: AskFields | undefined;
	readonly binding: ProfileBinding | undefined;
	/** The bound profile's fields, its `extends` followed; undefined where the configuration has no such profile. */
	readonly profile: AskFields | undefined;
}

/** Settles the three fields. Pure. */
export const askOf = ({request, override, binding, profile}: AskInputs): Asked => {
	const manual = binding?.mode === 'manual' ? profile : undefined;
	const field = (name: keyof AskFields): AskedField => {
		const fromOverride = override?.[name];
		if (fromOverride !== undefined) {
			return {value: fromOverride, source: 'session_override'};
		}

		const fromProfile = name === 'tier' ? profileTier(manual?.tier) : manual?.[name];
		return fromProfile === undefined
			? {value: request[name], source: 'request'}
			: {value: fromProfile, source: 'profile'};
	};
	return {model: field('model'), effort: field('effort'), tier: field('tier'), profile: binding};
};

/** In profiles `auto` and an empty tier change nothing, and `fast` is the wire's `priority` (codex-helper.md 1.6). */
const profileTier = (tier: string | undefined): string | undefined =>
	tier === 'auto' || tier === '' ? undefined : tier === 'fast' ? 'priority' : tier;
