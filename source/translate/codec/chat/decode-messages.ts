import {isJsonObject, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {objectsField} from '../field.ts';
import type {Item} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import {decodeContent} from '../responses/decode-content.ts';
import {readRole} from '../responses/decode-item.ts';
import {contentPieces, reasoningText} from './reasoning-source.ts';

/** The id of a call of the older `function_call`, which had none: its result is the next message of role `function`. */
const legacyId = (count: number): string => `call_legacy_${count}`;

const jsonText = (value: unknown): string =>
	typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const decodeCall = (raw: JsonObject): Item => {
	const isCustom = isJsonObject(raw['custom']);
	const body = objectField(raw, isCustom ? 'custom' : 'function');
	const signature = textField(objectField(objectField(raw, 'extra_content'), 'google'), 'thought_signature');
	return {
		type: 'call',
		callId: textField(raw, 'id') ?? '',
		tool: {kind: isCustom ? 'custom' : 'function', namespace: undefined, name: textField(body, 'name') ?? ''},
		payload: jsonText(isCustom ? body['input'] : body['arguments']),
		...(signature !== undefined && {signature}),
	};
};

/** The messages of a Chat request as items, one message after the other. */
export class MessageDecoder {
	readonly #losses: LossLog;
	readonly #items: Item[] = [];
	#legacyCalls = 0;

	constructor(losses: LossLog) {
		this.#losses = losses;
	}

	/** The items of all messages so far. */
	get items(): readonly Item[] {
		return this.#items;
	}

	add(raw: JsonObject): void {
		switch (raw['role']) {
			case 'assistant': {
				this.#addAssistant(raw);
				break;
			}

			case 'tool': {
				this.#addResult(raw, textField(raw, 'tool_call_id') ?? '');
				break;
			}

			case 'function': {
				this.#addResult(raw, legacyId(this.#legacyCalls));
				break;
			}

			default: {
				this.#items.push({type: 'message', role: readRole(raw['role']), parts: decodeContent(raw['content'])});
			}
		}
	}

	#addAssistant(raw: JsonObject): void {
		const thinking = contentPieces(raw['content']).filter(({isReasoning}) => isReasoning);
		const thought = reasoningText(raw) || thinking.map(({text}) => text).join('');
		if (thought !== '') {
			this.#items.push({type: 'reasoning', summary: [], content: [thought], hidden: undefined});
		}

		const parts = decodeContent(raw['content']).filter(
			part => part.type !== 'unknown' || part.raw['type'] !== 'thinking',
		);
		const refusal = textField(raw, 'refusal');
		const all = refusal === undefined || refusal === '' ? parts : [...parts, {type: 'refusal' as const, text: refusal}];
		if (all.some(part => part.type !== 'text' || part.text !== '')) {
			this.#items.push({type: 'message', role: 'assistant', parts: all});
		}

		this.#items.push(...objectsField(raw, 'tool_calls').map(decodeCall));
		if (isJsonObject(raw['function_call'])) {
			this.#legacyCalls += 1;
			this.#items.push(decodeCall({id: legacyId(this.#legacyCalls), function: raw['function_call']}));
		}

		if (objectsField(raw, 'reasoning_details').length > 0) {
			this.#losses.add(
				'reasoning-details',
				'Signed reasoning of a Chat client has no maker that is known and was left out.',
			);
		}
	}

	#addResult(raw: JsonObject, callId: string): void {
		const {content} = raw;
		const output = Array.isArray(content) ? decodeContent(content) : jsonText(content);
		this.#items.push({type: 'result', callId, kind: undefined, output, isError: undefined});
	}
}
