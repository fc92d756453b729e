import {RelayError} from '../../base/errors.ts';
import type {Config, Endpoint} from '../../config/config.ts';
import type {BrainAction} from '../../event/protocol.ts';
import type {Brain} from './brain.ts';

/* What the user may change about routing at run time. Every change is checked before anything is touched. */

/** Does it; throws RelayError that says what is wrong with it. */
export const actOnBrain = async (brain: Brain, action: BrainAction, config: Config): Promise<void> => {
	switch (action.type) {
		case 'pin': {
			pin(brain, action, config);
			break;
		}

		case 'unpin': {
			brain.pins.clear(action.service, action.sessionId);
			break;
		}

		case 'override': {
			override(brain, action, config);
			break;
		}

		case 'account': {
			brain.book.setPaused(action, action.isPaused);
			break;
		}

		case 'dismiss': {
			dismiss(brain, action, config);
			break;
		}

		case 'extend': {
			extend(brain, action, config);
			break;
		}

		case 'cool-down': {
			coolDown(brain, action, config);
			break;
		}

		case 'forget-capabilities': {
			const {endpointKey, model, need} = action;
			brain.capabilities.forget({
				...(endpointKey === undefined ? {} : {endpointKey}),
				...(model === undefined ? {} : {model}),
				...(need === undefined ? {} : {need}),
			});
			break;
		}

		case 'refresh-balances': {
			await brain.balances.refresh(action.provider);
			break;
		}
	}
};

/** An endpoint of the configuration by its key. Throws RelayError `unknown-endpoint`. */
const endpointOf = (config: Config, endpointKey: string): Endpoint => {
	const endpoint = Object.values(config.services)
		.flatMap(service => service.endpoints)
		.find(({key}) => key === endpointKey);
	if (!endpoint) {
		throw new RelayError(
			'unknown-endpoint',
			`There is no endpoint ${endpointKey}; see the Routes page for their names.`,
		);
	}

	return endpoint;
};

/** A choice of the user's overrules what the engine thinks of the endpoint: its cooldown is forgotten. */
const pin = (brain: Brain, action: Extract<BrainAction, {type: 'pin'}>, config: Config): void => {
	const {service, sessionId, endpointKey, mode, untilMs} = action;
	const endpoint = endpointOf(config, endpointKey);
	if (endpoint.service !== service) {
		throw new RelayError('wrong-service', `${endpointKey} serves ${endpoint.service}, not ${service}.`);
	}

	if (!endpoint.enabled) {
		throw new RelayError(
			'endpoint-disabled',
			`${endpointKey} is disabled in the configuration; enable it there first.`,
		);
	}

	brain.pins.pin(service, {endpointKey, mode, sessionId, untilMs});
	brain.book.dismissEndpoint(endpointKey, 'you pinned it');
};

const override = (brain: Brain, action: Extract<BrainAction, {type: 'override'}>, config: Config): void => {
	const {service, sessionId, fields, profile} = action;
	const {overrides, profiles} = brain.continuity;
	if (typeof profile === 'string' && !config.services[service].profiles.byName.has(profile)) {
		const names = [...config.services[service].profiles.byName.keys()].join(', ');
		throw new RelayError(
			'profile-unknown',
			`There is no profile ${profile} in [${service}.profiles]${names === '' ? '' : `; there are ${names}`}.`,
		);
	}

	if (fields) {
		const now = overrides.of(service, sessionId);
		const kept = (field: 'model' | 'effort' | 'tier'): string | undefined =>
			fields[field] === undefined ? now?.[field] : (fields[field] ?? undefined);
		overrides.set(service, sessionId, {model: kept('model'), effort: kept('effort'), tier: kept('tier')});
	}

	if (profile === null) {
		profiles.clear(service, sessionId);
	} else if (profile !== undefined) {
		profiles.apply(service, sessionId, profile);
	}
};

const dismiss = (brain: Brain, action: Extract<BrainAction, {type: 'dismiss'}>, config: Config): void => {
	const {endpointKey, account} = action;
	const endpoint = endpointOf(config, endpointKey);
	const accounts = endpoint.accounts.filter(({label}) => account === undefined || label === account);
	if (accounts.length === 0) {
		throw new RelayError('unknown-account', `${endpointKey} has no account ${account ?? ''}.`);
	}

	for (const {label} of accounts) {
		const target = brain.book.target(endpointKey, label, undefined);
		if (target) {
			brain.book.health.dismiss(target, 'you dismissed its cooldown');
		}
	}
};

/** As a limit: it says nothing about the endpoint's health, and no breaker counts it as a failure. */
const coolDown = (brain: Brain, action: Extract<BrainAction, {type: 'cool-down'}>, config: Config): void => {
	const {endpointKey, account, model, untilMs, reason} = action;
	endpointOf(config, endpointKey);
	const target = brain.book.target(endpointKey, account, model);
	const resetAfterMs = untilMs - brain.now();
	if (!target) {
		throw new RelayError('unknown-account', `${endpointKey} has no account ${account}.`);
	}

	if (!Number.isFinite(resetAfterMs) || resetAfterMs <= 0) {
		throw new RelayError('bad-time', 'A cooldown can only last until a time in the future; this one would be over.');
	}

	const {health} = brain.book;
	const before = new Set(health.actions().map(({id}) => id));
	health.signal(target, {
		...{kind: 'rate_limit', source: 'local_scheduler', code: 'cooled-down', confidence: 'high', isRouteFacing: true},
		...{reason, resetAfterMs, baseMs: resetAfterMs},
	});
	// A limit has a longest time of its own; the end that was asked for is the end.
	for (const {id} of health.actions().filter(row => row.endpointKey === endpointKey && !before.has(row.id))) {
		health.extendAction(id, untilMs);
	}
};

const extend = (brain: Brain, action: Extract<BrainAction, {type: 'extend'}>, config: Config): void => {
	const {endpointKey, account, untilMs} = action;
	endpointOf(config, endpointKey);
	const {health} = brain.book;
	const own = health
		.actions()
		.filter(row => row.endpointKey === endpointKey && (account === undefined || row.account === account));
	if (own.length === 0) {
		throw new RelayError('unknown-action', `${endpointKey} has no cooldown that could be extended.`);
	}

	for (const {id} of own) {
		health.extendAction(id, untilMs);
	}
};
