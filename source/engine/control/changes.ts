import {services} from '../../wire/names.ts';
import type {EngineAction} from '../../event/protocol.ts';
import {isRecord} from '../../base/json.ts';
import {ControlFault, Fields} from './control-route.ts';

/** A path that changes something: how its body becomes an action. */
interface Change {
	readonly path: string;
	/** Throws ControlFault 400 that names the field. */
	readonly read: (body: Readonly<Record<string, unknown>>) => EngineAction;
}

const readPin = (body: Readonly<Record<string, unknown>>): EngineAction => {
	const fields = new Fields(body);
	const service = fields.choice('service', services) ?? 'codex';
	const sessionId = fields.text('session');
	if (fields.isNull('endpoint')) {
		return {type: 'unpin', service, sessionId};
	}

	return {
		type: 'pin',
		service,
		sessionId,
		endpointKey: fields.needed('endpoint'),
		mode: fields.choice('mode', ['only', 'prefer']) ?? 'only',
		untilMs: fields.time('until_ms'),
	};
};

/** `to` left out or null: the next candidate. */
const readMove = (body: Readonly<Record<string, unknown>>): EngineAction => {
	const fields = new Fields(body);
	return {type: 'move-request', requestId: fields.needed('request'), to: fields.text('to')};
};

const readReplay = (body: Readonly<Record<string, unknown>>): EngineAction => {
	const fields = new Fields(body);
	return {type: 'replay-request', requestId: fields.needed('request'), to: fields.needed('to')};
};

const readOverride = (body: Readonly<Record<string, unknown>>): EngineAction => {
	const fields = new Fields(body);
	const service = fields.choice('service', services) ?? 'codex';
	const sessionId = fields.needed('session');
	const clears = fields.flag('clear');
	const field = (name: string): string | null | undefined => (clears ? null : fields.nullable(name));
	return {
		...{type: 'override', service, sessionId},
		fields: {model: field('model'), effort: field('effort'), tier: field('tier')},
		profile: fields.nullable('profile'),
	};
};

const readAccount = (body: Readonly<Record<string, unknown>>): EngineAction => {
	const fields = new Fields(body);
	return {
		type: 'account',
		service: fields.choice('service', services) ?? 'codex',
		provider: fields.needed('provider'),
		account: fields.text('account') ?? 'default',
		isPaused: fields.neededChoice('action', ['pause', 'resume']) === 'pause',
	};
};

const readCooldown = (body: Readonly<Record<string, unknown>>): EngineAction => {
	const fields = new Fields(body);
	const what = fields.neededChoice('action', ['dismiss', 'extend', 'cool']);
	const owner = {endpointKey: fields.needed('endpoint'), account: fields.text('account')};
	if (what === 'cool') {
		return {
			...{type: 'cool-down', endpointKey: owner.endpointKey, account: owner.account ?? 'default'},
			...{model: fields.text('model'), untilMs: fields.neededTime('until_ms')},
			reason: fields.text('reason') ?? 'you asked for it',
		};
	}

	return what === 'dismiss'
		? {type: 'dismiss', ...owner}
		: {type: 'extend', ...owner, untilMs: fields.neededTime('until_ms')};
};

const readForget = (body: Readonly<Record<string, unknown>>): EngineAction => {
	const {forget} = body;
	if (!isRecord(forget)) {
		// A slip in the name of the field must not forget everything.
		throw new ControlFault(400, 'bad-field', 'The field "forget" takes an object; {"forget":{}} forgets everything.');
	}

	const fields = new Fields(forget);
	return {
		type: 'forget-capabilities',
		...{endpointKey: fields.text('endpoint'), model: fields.text('model'), need: fields.text('need')},
	};
};

/** Every change that a script may ask for. */
export const changes: readonly Change[] = [
	{path: '/api/v1/pin', read: readPin},
	{path: '/api/v1/overrides', read: readOverride},
	{path: '/api/v1/accounts', read: readAccount},
	{path: '/api/v1/actions', read: readCooldown},
	{path: '/api/v1/capabilities', read: readForget},
	{
		path: '/api/v1/balances',
		read: body => ({type: 'refresh-balances', provider: new Fields(body).text('provider')}),
	},
	{path: '/api/v1/move', read: readMove},
	{path: '/api/v1/replay', read: readReplay},
	{path: '/api/v1/reload', read: () => ({type: 'reload-config'})},
];
