import {RelayError, messageOf} from '../../base/errors.ts';
import {BodyError} from '../door/accept-body.ts';
import type {Exchange} from '../door/accept.ts';
import {encodeEnding, type Ending} from './ending.ts';
import type {JourneyEnd} from '../ledger-record.ts';

/** Codes of a request that is no valid body; everything else that is thrown on the road is a fault of ours (REL-45). */
const bodyCodes: ReadonlySet<string> = new Set([
	'body-not-json',
	'duplicate-key',
	'body-too-deep',
	'body-too-many-keys',
]);

const endingFor = (fault: unknown): Ending => {
	if (fault instanceof BodyError) {
		return {kind: 'bad-request', status: fault.status, code: fault.code, sentence: fault.message};
	}

	if (fault instanceof RelayError && bodyCodes.has(fault.code)) {
		return {kind: 'bad-request', status: 400, code: fault.code, sentence: fault.message};
	}

	return {
		kind: 'hopeless',
		code: 'internal-fault',
		sentence: `this request met a fault in codex-tui (${messageOf(fault)}); the engine goes on.`,
		status: 500,
	};
};

/** Answers a request that cannot go on the road (bad body) or fell off it (a fault of ours); the process lives. */
export const refuseRequest = ({request, response, target, headers}: Exchange, fault: unknown): JourneyEnd => {
	if (response.destroyed || request.socket.destroyed) {
		return {outcome: 'cancelled', statusCode: 499, ending: undefined};
	}

	const ending = endingFor(fault);
	if (response.writableEnded) {
		// Its answer is whole already: a word behind it would be an error that nobody catches.
		return {outcome: 'cut', statusCode: response.statusCode, ending: ending.kind};
	}

	const isCodex = headers['x-codex-turn-metadata'] !== undefined || headers['x-codex-window-id'] !== undefined;
	const encoded = encodeEnding(ending, {
		client: isCodex ? 'codex' : target.service === 'claude' ? 'claude-code' : 'sdk',
		dialect: target.dialect,
		isStreaming: false,
		headSent: response.headersSent,
		hasUnary: true,
	});
	if (encoded.kind === 'tail') {
		response.end(encoded.write);
		// Told of a failure in its stream, a client waits for more until the socket closes (REL-12).
		request.socket.destroySoon();
		return {outcome: 'cut', statusCode: 200, ending: ending.kind};
	}

	response.writeHead(encoded.status, {...encoded.headers, connection: 'close'});
	response.end(encoded.body);
	return {outcome: 'failed', statusCode: encoded.status, ending: ending.kind};
};
