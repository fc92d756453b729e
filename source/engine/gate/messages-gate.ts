import {numberField, objectField, parseJsonObject, textField, type JsonObject} from '../../wire/json-value.ts';
import {eventData, eventType, isDelta} from '../../wire/sse.ts';
import {mergeUsage, readUsage, type TokenUsage} from '../../wire/usage.ts';
import type {GateOptions, StreamVerdict} from './gate.ts';
import type {GateOutput} from './gate-output.ts';
import {isBareError, readInBandError} from './stream-error.ts';
import {commentHeartbeat, type GateRules} from './stream-gate.ts';

/** The empty delta that each kind of block takes; other kinds have no deltas, so nothing keeps the client waiting there. */
const emptyDeltas: ReadonlyMap<string, JsonObject> = new Map([
	['text', {type: 'text_delta', text: ''}],
	['thinking', {type: 'thinking_delta', thinking: ''}],
	['tool_use', {type: 'input_json_delta', partial_json: ''}],
	['server_tool_use', {type: 'input_json_delta', partial_json: ''}],
	['mcp_tool_use', {type: 'input_json_delta', partial_json: ''}],
]);

interface OpenBlock {
	readonly index: number;
	readonly kind: string;
}

/** A block of these kinds is empty until its first delta, unless its start already carries text. */
const isEmptyOpener = (block: JsonObject): boolean => {
	const kind = textField(block, 'type');
	return (kind === 'text' && !textField(block, 'text')) || (kind === 'thinking' && !textField(block, 'thinking'));
};

/**
 * The rules for clients that speak Messages: `message_start`, `ping` and empty openers wait for the first delta or tool
 * call, because Claude Code believes a head and repeats the whole turn without streaming when the rest fails.
 */
export class MessagesRules implements GateRules {
	readonly #options: GateOptions;
	readonly #output: GateOutput;
	#block: OpenBlock | undefined;
	#usage: TokenUsage | undefined;
	#model: string | undefined;
	#tier: string | undefined;

	constructor(options: GateOptions, output: GateOutput) {
		this.#options = options;
		this.#output = output;
	}

	beginAttempt(): void {
		this.#block = undefined;
		this.#usage = undefined;
		this.#model = undefined;
		this.#tier = undefined;
	}

	take(bytes: Buffer, start: number, end: number): StreamVerdict | undefined {
		if (isDelta(bytes, start, end)) {
			this.#output.forward(bytes, start, end);
			return undefined;
		}

		const event = bytes.subarray(start, end);
		const type = eventType(event);
		const json = parseJsonObject(eventData(event));
		if (type === 'error' || (type === undefined && isBareError(json))) {
			return readInBandError(event);
		}

		this.#note(type, json);
		if (type === 'message_stop' || type === 'content_block_delta' || this.#isContent(type, json)) {
			this.#output.forward(bytes, start, end);
		} else if (type === undefined || type === 'ping') {
			// Claude Code's watchdog counts neither (routing.md 11).
			this.#output.holdQuiet(bytes, start, end);
		} else {
			this.#output.hold(bytes, start, end);
		}

		return type === 'message_stop'
			? {kind: 'completed', usage: this.#usage, model: this.#model, tier: this.#tier, event: type}
			: undefined;
	}

	canMove(): boolean {
		return !this.#output.hasWritten;
	}

	heartbeat(): Buffer | undefined {
		if (this.#options.client === 'sdk') {
			return commentHeartbeat;
		}

		const block = this.#block;
		const delta = block && emptyDeltas.get(block.kind);
		return delta === undefined
			? undefined
			: Buffer.from(
					`event: content_block_delta\ndata: ${JSON.stringify({type: 'content_block_delta', index: block?.index, delta})}\n\n`,
				);
	}

	hasOpenBlock(): boolean {
		return this.#block !== undefined;
	}

	issuedState(): readonly string[] {
		return [];
	}

	statedUsage(): TokenUsage | undefined {
		return this.#usage;
	}

	#isContent(type: string | undefined, json: JsonObject | undefined): boolean {
		return type === 'content_block_start' && !isEmptyOpener(objectField(json, 'content_block'));
	}

	#note(type: string | undefined, json: JsonObject | undefined): void {
		switch (type) {
			case 'message_start': {
				const message = objectField(json, 'message');
				this.#model = textField(message, 'model');
				this.#noteUsage(objectField(message, 'usage'));
				break;
			}

			case 'content_block_start': {
				const kind = textField(objectField(json, 'content_block'), 'type') ?? '';
				this.#block = {index: numberField(json, 'index') ?? 0, kind};
				break;
			}

			case 'content_block_stop': {
				this.#block = undefined;
				break;
			}

			case 'message_delta': {
				this.#noteUsage(objectField(json, 'usage'));
				break;
			}

			default: {
				break;
			}
		}
	}

	#noteUsage(usage: JsonObject): void {
		this.#usage = mergeUsage(this.#usage, readUsage(usage));
		this.#tier = textField(usage, 'service_tier') ?? this.#tier;
	}
}
