import {isJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import type {AnswerError, AnswerUsage} from '../ir-event.ts';
import {encodeResponsesUsage} from '../usage.ts';
import {listed} from './part-events.ts';

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
const echoOf = ({request, echo}: ResponseHead): JsonObject => {
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

/**
 * The response object of created, in_progress and terminal events: all keys always present (translation.md 2.2). Also as JSON text, from texts
 * that are there already: what is echoed stands in three events, each item in two.
 */
export class ResponseWriter {
	readonly #head: ResponseHead;
	readonly #echo: JsonObject;
	#echoText: string | undefined;

	constructor(head: ResponseHead) {
		this.#head = head;
		this.#echo = echoOf(head);
	}

	object(state: ResponseState): JsonObject {
		return {...this.#opening(state), output: state.output, ...this.#echo, ...closing(state)};
	}

	/** The field `response` as JSON, in pieces; `items` are those of its output. */
	text(state: ResponseState, items: readonly (readonly string[])[]): readonly string[] {
		this.#echoText ??= JSON.stringify(this.#echo).slice(1, -1);
		const opening = `"response":${JSON.stringify(this.#opening(state)).slice(0, -1)},"output":[`;
		return [opening, ...listed(items), `],${this.#echoText},${JSON.stringify(closing(state)).slice(1)}`];
	}

	#opening({status, completedAtS, error, incomplete}: ResponseState): JsonObject {
		const {id, createdAtS, model} = this.#head;
		return {
			id,
			object: 'response',
			created_at: createdAtS,
			completed_at: status === 'completed' ? (completedAtS ?? createdAtS) : null,
			status,
			background: false,
			error: error ? {code: error.code, message: error.message} : null,
			incomplete_details: incomplete === undefined ? null : {reason: incomplete},
			model,
		};
	}
}

const closing = ({usage, endTurn}: ResponseState): JsonObject => {
	const used = usage ? encodeResponsesUsage(usage) : null;
	return endTurn === undefined ? {usage: used} : {usage: used, end_turn: endTurn};
};
