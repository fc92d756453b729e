import {buildMessagesBody, buildMessagesStream} from './messages-stream.ts';
import {isObject, readMessagesFacts, readResponsesFacts, type RequestFacts, type SeenRequest} from './read-request.ts';
import {buildResponsesBody, buildResponsesStream} from './responses-stream.ts';
import type {JsonObject} from './script.ts';
import type {Seal} from './seal.ts';
import type {ReplyFacts, StreamEvent} from './stream-event.ts';
import {checkMessages} from './strict/check-messages.ts';
import {checkResponses} from './strict/check-responses.ts';
import type {Fault} from './strict/refuse.ts';

/** The protocols that a scripted upstream can speak by name. */
export type ScriptedDialect = 'responses' | 'messages';

/** How a scripted upstream speaks one protocol: what it reads, what it refuses and how it answers. */
export interface Voice {
	/** What the base URL ends with, for example `/v1`. */
	readonly root: string;
	/** The path of model calls as {@link Voice.readFacts} tells it; rules without a path are for it. */
	readonly modelPath: string;
	readonly readFacts: (request: SeenRequest) => RequestFacts;
	/** The faults of a model call, in the order in which they are answered. */
	readonly check: (request: SeenRequest, seal: Seal) => readonly Fault[];
	readonly wantsStream: (request: SeenRequest) => boolean;
	readonly buildStream: (facts: ReplyFacts) => readonly StreamEvent[];
	/** The same answer for a request that did not ask for a stream. */
	readonly buildBody: (facts: ReplyFacts) => JsonObject;
	readonly contentType: string;
	/** Whether answers may carry `x-codex-turn-state`. */
	readonly issuesTurnState: boolean;
	/** The header that carries an answer's id. */
	readonly idHeader: string;
	/** The body of a refusal; `count` is the number of the request. */
	readonly errorBody: (fault: Fault, count: number) => JsonObject;
}

const asksForStream = ({parsed}: SeenRequest): boolean => isObject(parsed) && parsed['stream'] === true;

/** The Responses API. */
const responsesVoice: Voice = {
	root: '/v1',
	modelPath: '/v1/responses',
	readFacts: readResponsesFacts,
	check: checkResponses,
	wantsStream: asksForStream,
	buildStream: buildResponsesStream,
	buildBody: buildResponsesBody,
	contentType: 'text/event-stream',
	issuesTurnState: true,
	idHeader: 'x-request-id',
	errorBody: ({message, wireCode}) => ({
		error: {message, type: 'invalid_request_error', param: null, code: wireCode},
	}),
};

/** The Messages API. */
export const messagesVoice: Voice = {
	root: '/v1',
	modelPath: '/v1/messages',
	readFacts: readMessagesFacts,
	check: checkMessages,
	wantsStream: asksForStream,
	buildStream: buildMessagesStream,
	buildBody: buildMessagesBody,
	contentType: 'text/event-stream; charset=utf-8',
	issuesTurnState: false,
	idHeader: 'request-id',
	errorBody: ({message, status}, count) => ({
		type: 'error',
		error: {type: status === 401 ? 'authentication_error' : 'invalid_request_error', message},
		request_id: `req_${count}`,
	}),
};

/** The voice of a protocol. */
export const voiceOf = (dialect: ScriptedDialect): Voice => (dialect === 'responses' ? responsesVoice : messagesVoice);
