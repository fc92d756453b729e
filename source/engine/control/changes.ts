import type {EngineAction} from '../../event/protocol.ts';
import {Fields} from './control-route.ts';

/** A path that changes something: how its body becomes an action. */
interface Change {
	readonly path: string;
	/** Throws ControlFault 400 that names the field. */
	readonly read: (body: Readonly<Record<string, unknown>>) => EngineAction;
}

const services = ['codex', 'claude'] as const;

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

/** Every change that a script may ask for. */
export const changes: readonly Change[] = [
	{path: '/api/v1/pin', read: readPin},
	{path: '/api/v1/move', read: readMove},
	{path: '/api/v1/reload', read: () => ({type: 'reload-config'})},
];
