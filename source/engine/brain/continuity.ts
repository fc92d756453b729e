import type {JumpWatch} from '../../attempt/jump-watch.ts';
import type {Profiles} from '../../config/profiles.ts';
import type {Call} from '../../identify/call.ts';
import {Affinities} from './affinities.ts';
import {Overrides} from './overrides.ts';
import {askOf, SessionProfiles, type Asked} from './session-profile.ts';
import type {StateStore} from './state-store.ts';
import {UpstreamState} from './upstream-state.ts';
import {sessionKey} from './session-key.ts';

const rememberedSessions = 10_000;

/** What {@link Continuity} is made of; `now` is wall-clock. */
export interface ContinuityOptions {
	readonly store: StateStore;
	readonly now: () => number;
	/** Makes a new watch; where it is missing, nobody sets the clock. */
	readonly watchClock?: () => Pick<JumpWatch, 'jumpMs'>;
	/** Gets a sentence for people where stored state cannot be used. */
	readonly onFault: (sentence: string) => void;
}

/** All that the engine remembers of sessions: who holds their state, who served them, what they shall ask for. */
export class Continuity {
	readonly state: UpstreamState;
	readonly affinities: Affinities;
	readonly overrides: Overrides;
	readonly profiles: SessionProfiles;
	readonly #repaired = new Set<string>();

	constructor({store, now, watchClock, onFault}: ContinuityOptions) {
		this.state = new UpstreamState(store);
		this.affinities = new Affinities({store, now, jumps: watchClock?.(), onFault});
		this.overrides = new Overrides(store, now, watchClock?.());
		this.profiles = new SessionProfiles(store);
	}

	/** What a request asks for after its session's override and profile; counts as a use of the override. */
	asked(call: Call, profiles: Profiles): Asked {
		const {service, sessionId, dialect} = call;
		// A call without a turn (models, files, counting) is not what the user changed.
		const override = dialect === undefined ? undefined : this.overrides.use(service, sessionId);
		const binding = this.profiles.of(service, sessionId, profiles.defaultProfile);
		const isManual = binding?.mode === 'manual' && dialect !== undefined;
		return askOf({
			request: call,
			override,
			binding,
			profile: isManual ? profiles.byName.get(binding.name) : undefined,
		});
	}

	/** Whether this is the first repair of a session's hidden state since the engine started; later ones are no news. */
	isFirstRepair({service, sessionId}: Pick<Call, 'service' | 'sessionId'>): boolean {
		const key = sessionKey(service, sessionId ?? '');
		if (sessionId === undefined || this.#repaired.has(key)) {
			return false;
		}

		this.#repaired.add(key);
		const [oldest] = this.#repaired;
		if (this.#repaired.size > rememberedSessions && oldest !== undefined) {
			this.#repaired.delete(oldest);
		}

		return true;
	}
}
