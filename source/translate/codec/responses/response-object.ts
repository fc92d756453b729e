import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {AnswerError, AnswerUsage} from '../ir-event.ts';
import {encodeResponsesUsage} from '../usage.ts';

/** What of a response is fixed when it begins. */
export interface ResponseHead {
	/** Our own id, never the provider's (translation.md 2.2). */
	readonly id: string;
	/** Unix seconds. */
	readonly createdAtS: number;
	/** The name that the client asked for. */
	readonly model: string;
	/** The client's request body: its fields are echoed. Undefined where the client's dialect was not Responses. */
	readonly request: JsonObject | undefined;
	/** `lean` leaves `instructions` and `tools` out: they are 30-60 kB in every lifecycle event. */
	readonly echo: 'full' | 'lean';
}

/** What of a response changes until it ends. */
export interface ResponseState {
	readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
	readonly output: readonly JsonObject[];
	readonly usage: AnswerUsage | undefined;
	readonly error?: AnswerError | undefined;
	/** R `incomplete_details.reason`. */
	readonly incomplete?: string | undefined;
	readonly endTurn?: boolean | undefined;
	/** Unix seconds; undefined while it runs. */
	readonly completedAtS?: number | undefined;
}

/** The client's fields in the response, with the documented defaults where it sent none. */
const echoOf = ({request, echo}: ResponseHead) => {
	const body = request ?? {};
	const reasoning = isJsonObject(body['reasoning']) ? body['reasoning'] : {};
	const text = isJsonObject(body['text']) ? body['text'] : {};
	const isFull = echo === 'full';
	return {
		instructions: isFull ? (body['instructions'] ?? null) : null,
		max_output_tokens: body['max_output_tokens'] ?? null,
		max_tool_calls: body['max_tool_calls'] ?? null,
		parallel_tool_calls: body['parallel_tool_calls'] ?? true,
		previous_response_id: body['previous_response_id'] ?? null,
		prompt_cache_key: body['prompt_cache_key'] ?? null,
		reasoning: {effort: reasoning['effort'] ?? null, summary: reasoning['summary'] ?? null},
		safety_identifier: body['safety_identifier'] ?? null,
		service_tier: body['service_tier'] ?? 'default',
		store: body['store'] ?? true,
		temperature: body['temperature'] ?? 1,
		top_p: body['top_p'] ?? 1,
		presence_penalty: 0,
		frequency_penalty: 0,
		top_logprobs: body['top_logprobs'] ?? 0,
		text: {format: text['format'] ?? {type: 'text'}, verbosity: text['verbosity'] ?? 'medium'},
		tool_choice: body['tool_choice'] ?? 'auto',
		tools: isFull ? (body['tools'] ?? []) : [],
		truncation: body['truncation'] ?? 'disabled',
		user: body['user'] ?? null,
		metadata: body['metadata'] ?? {},
	};
};

/** The response object of created, in_progress and terminal events: all keys always present (translation.md 2.2). */
export const responseObject = (head: ResponseHead, state: ResponseState): JsonObject =>
	compact({
		id: head.id,
		object: 'response',
		created_at: head.createdAtS,
		completed_at: state.status === 'completed' ? (state.completedAtS ?? head.createdAtS) : null,
		status: state.status,
		background: false,
		error: state.error ? {code: state.error.code, message: state.error.message} : null,
		incomplete_details: state.incomplete === undefined ? null : {reason: state.incomplete},
		model: head.model,
		output: state.output,
		...echoOf(head),
		usage: state.usage ? encodeResponsesUsage(state.usage) : null,
		end_turn: state.endTurn,
	});
