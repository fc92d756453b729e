import {request as httpRequest} from 'node:http';
import {expect} from 'vitest';
import {startChatUpstream, type ChatAnswer, type ChatRequest, type ChatUpstream} from './chat-upstream.ts';
import {call, startEngine, type RunningEngine, type TestAnswer} from './running-engine.ts';
import {upstreamKey} from './upstream.ts';

/* A client of the Responses API that names earlier answers, in front of an upstream that knows of none. */

/** An engine in front of one strict Chat upstream. */
export const startChat = async (
	answerFor: (request: ChatRequest) => ChatAnswer,
	{more = '', profile = 'deepseek'} = {},
): Promise<{readonly far: ChatUpstream; readonly engine: RunningEngine}> => {
	const far = await startChatUpstream('deep', answerFor);
	const extra = `dialect = "chat"\nprofile = "${profile}"\n`;
	const engine = await startEngine({providers: [{name: 'deep', url: far.url, key: upstreamKey, extra}], more});
	return {far, engine};
};

/** Says which turn it is, by the user messages that reached it. */
export const counting = ({messages}: ChatRequest): ChatAnswer => ({
	text: `Answer ${messages.filter(({role}) => role === 'user').length}.`,
});

/** Posts to `/v1/responses` as an SDK does. */
export const post = (engine: RunningEngine, body: object, headers: Readonly<Record<string, string>> = {}) =>
	call(engine, {client: 'sdk', body: {model: 'm', ...body}, headers});

/** A response, as far as tests look. */
export interface Answer {
	readonly id: string;
	readonly previous_response_id: string | null;
	readonly output: ReadonlyArray<{
		readonly id: string;
		readonly type: string;
		readonly call_id?: string;
		readonly encrypted_content?: unknown;
	}>;
	readonly error?: {readonly code: string; readonly message: string};
}

/** The answer, which must be one. */
export const read = ({status, text}: TestAnswer): Answer => {
	expect(status, text).toBe(200);
	return JSON.parse(text);
};

/** The error in an answer. */
export const errorOf = ({text}: TestAnswer): Answer['error'] => {
	const {error}: Answer = JSON.parse(text);
	return error;
};

/** Role and content of what reached the upstream with one request. */
export const rolesAt = (far: ChatUpstream, index: number): readonly unknown[] =>
	far.requests.at(index)?.messages.map(({role, content}) => [role, content]) ?? [];

/** Asks for something without a body. */
export const ask = (engine: RunningEngine, method: string, path: string): Promise<TestAnswer> =>
	new Promise((resolve, reject) => {
		httpRequest(
			{
				...{host: '127.0.0.1', port: engine.port, path, method, agent: false},
				headers: {'x-codex-tui-token': engine.token},
			},
			response => {
				const pieces: Buffer[] = [];
				response.on('data', (piece: Buffer) => pieces.push(piece));
				response.once('end', () => {
					const body = Buffer.concat(pieces);
					const {statusCode: status = 0, headers: got} = response;
					resolve({status, headers: got, body, text: body.toString(), isComplete: true});
				});
			},
		)
			.once('error', reject)
			.end();
	});
