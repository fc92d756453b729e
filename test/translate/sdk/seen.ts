import {numberField, objectField, textField, type JsonObject} from '../../../source/wire/json-value.ts';
import {parseJson} from '../../../source/base/json.ts';
import {objectsIn, type Recording} from './recordings.ts';

/** A call that an answer asks for. */
export interface SeenCall {
	readonly name: string;
	/** The arguments as a value, or the raw text of a freeform tool. */
	readonly input: unknown;
}

/** The tokens that an answer cost: input with the cached ones, output with reasoning. */
export interface SeenUsage {
	readonly input: number;
	readonly cached: number;
	readonly output: number;
	readonly reasoning: number;
}

/** All that a reader of an answer notices. */
export interface Seen {
	/** A refusal is text too: not every client has a place of its own for it. */
	readonly text: string;
	readonly reasoning: string;
	readonly calls: readonly SeenCall[];
	/** Undefined where the answer states none. */
	readonly usage: SeenUsage | undefined;
}

/** The value of a call's arguments: no arguments are an empty object. */
export const inputOf = (text: string): unknown => (text === '' ? {} : (parseJson(text) ?? text));

const number = (value: JsonObject, name: string): number => numberField(value, name) ?? 0;
const joined = (values: readonly unknown[]): string => values.filter(value => typeof value === 'string').join('');

/*
 * What the provider said, read as plainly as its documentation has it and without a line of the codecs: the truth that every client's
 * accumulator is held against.
 */

interface ReadingCall {
	name: string;
	text: string;
}

const readChatCalls = (deltas: readonly JsonObject[]): readonly SeenCall[] => {
	const calls = new Map<number, ReadingCall>();
	for (const delta of deltas) {
		for (const [place, part] of objectsIn(delta['tool_calls']).entries()) {
			const index = numberField(part, 'index') ?? place;
			const call = calls.get(index) ?? {name: '', text: ''};
			const called = objectField(part, 'function');
			call.name ||= textField(called, 'name') ?? '';
			call.text += textField(called, 'arguments') ?? '';
			calls.set(index, call);
		}
	}

	return [...calls.values()].map(({name, text}) => ({name, input: inputOf(text)}));
};

const chatUsage = (usage: JsonObject): SeenUsage => {
	const [input, output, total] = [
		number(usage, 'prompt_tokens'),
		number(usage, 'completion_tokens'),
		number(usage, 'total_tokens'),
	];
	// xAI counts its reasoning beside the output (case 77).
	return {
		input,
		cached:
			numberField(objectField(usage, 'prompt_tokens_details'), 'cached_tokens') ??
			numberField(usage, 'prompt_cache_hit_tokens') ??
			number(usage, 'cached_tokens'),
		output: total > input + output ? total - input : output,
		reasoning: number(objectField(usage, 'completion_tokens_details'), 'reasoning_tokens'),
	};
};

const readChat = (payloads: readonly JsonObject[]): Seen => {
	const deltas = payloads.flatMap(({choices}) =>
		objectsIn(choices).map(choice => ({...objectField(choice, 'message'), ...objectField(choice, 'delta')})),
	);
	const parts = deltas.flatMap(delta => objectsIn(delta['content']));
	const thoughts = parts.flatMap(part => objectsIn(part['thinking']));
	const usages = payloads.flatMap(payload => {
		const found = [objectField(payload, 'usage'), objectField(objectField(payload, 'x_groq'), 'usage')];
		return found.filter(usage => 'prompt_tokens' in usage);
	});
	const usage = usages.at(-1);
	return {
		text: joined(deltas.map(({content}) => content)) + joined(parts.map(({text}) => text)),
		reasoning: joined(deltas.map(delta => delta['reasoning_content'])) + joined(thoughts.map(({text}) => text)),
		calls: readChatCalls(deltas),
		usage: usage && chatUsage(usage),
	};
};

const messagesUsage = (payloads: readonly JsonObject[]): SeenUsage => {
	const started = objectField(objectField(payloads[0], 'message'), 'usage');
	const usage: JsonObject = Object.assign({}, started, ...payloads.map(payload => objectField(payload, 'usage')));
	const cached = number(usage, 'cache_read_input_tokens');
	return {
		input: number(usage, 'input_tokens') + cached + number(usage, 'cache_creation_input_tokens'),
		cached,
		output: number(usage, 'output_tokens'),
		reasoning: number(objectField(usage, 'output_tokens_details'), 'thinking_tokens'),
	};
};

const readMessages = (payloads: readonly JsonObject[]): Seen => {
	const deltas = payloads.map(payload => objectField(payload, 'delta'));
	const started = payloads.filter(payload => objectField(payload, 'content_block')['type'] === 'tool_use');
	return {
		text: joined(deltas.map(delta => delta['text'] ?? objectField(delta, 'stop_details')['explanation'])),
		reasoning: joined(deltas.map(({thinking}) => thinking)),
		calls: started.map(({index, content_block: block}) => {
			const ours = payloads.filter(payload => payload['index'] === index);
			const json = joined(ours.map(payload => objectField(payload, 'delta')['partial_json']));
			const start = objectField({block}, 'block');
			return {name: textField(start, 'name') ?? '', input: json === '' ? start['input'] : inputOf(json)};
		}),
		usage: messagesUsage(payloads),
	};
};

/** The arguments of a call that come by path: those of the one recording that has them, `$.name` and `$.name[index].name`. */
const joinPartial = (pieces: readonly JsonObject[]): JsonObject => {
	const json: Record<string, unknown> = {};
	for (const piece of pieces) {
		const [name = '', index, inner = ''] = String(piece['jsonPath'])
			.slice(2)
			.split(/\[|\]\./);
		const value = 'nullValue' in piece ? null : (piece['stringValue'] ?? piece['numberValue'] ?? piece['boolValue']);
		if (index === undefined) {
			json[name] = typeof json[name] === 'string' ? `${json[name]}${String(value)}` : value;
		} else {
			json[name] = [...objectsIn(json[name]), {[inner]: value}];
		}
	}

	return json;
};

const readGemini = (payloads: readonly JsonObject[]): Seen => {
	const answers = payloads.map(payload => ({...payload, ...objectField(payload, 'response')}));
	const parts = answers.flatMap((answer: JsonObject) =>
		objectsIn(answer['candidates']).flatMap(candidate => objectsIn(objectField(candidate, 'content')['parts'])),
	);
	const usage = answers
		.map((answer: JsonObject) => objectField(answer, 'usageMetadata'))
		.findLast(each => 'promptTokenCount' in each);
	const called = parts.map(part => objectField(part, 'functionCall'));
	const pieces = called.flatMap(call => objectsIn(call['partialArgs']));
	return {
		text: joined(parts.filter(({thought}) => thought !== true).map(({text}) => text)),
		reasoning: joined(parts.filter(({thought}) => thought === true).map(({text}) => text)),
		calls: called.flatMap(call =>
			typeof call['name'] === 'string' ? [{name: call['name'], input: call['args'] ?? joinPartial(pieces)}] : [],
		),
		usage: usage && {
			input: number(usage, 'promptTokenCount') + number(usage, 'toolUsePromptTokenCount'),
			cached: number(usage, 'cachedContentTokenCount'),
			output: number(usage, 'candidatesTokenCount') + number(usage, 'thoughtsTokenCount'),
			reasoning: number(usage, 'thoughtsTokenCount'),
		},
	};
};

/** A call; a model that was trained on it packs several into one (translation.md 2.5.9). */
const responsesCalls = (item: JsonObject): readonly SeenCall[] => {
	const name = textField(item, 'name') ?? String(item['type']).replace(/_call$/, '');
	const json = textField(item, 'arguments') ?? JSON.stringify(item['arguments'] ?? item['operation']);
	const input = item['input'] ?? inputOf(json);
	return name === 'parallel'
		? objectsIn(objectField({input}, 'input')['tool_uses']).map(use => ({
				name: String(use['recipient_name']).replace('functions.', ''),
				input: use['parameters'],
			}))
		: [{name, input}];
};

/** What the items of a response say. */
export const readItems = (items: readonly JsonObject[], usage: JsonObject | undefined): Seen => {
	const texts = (type: string, field: string): string =>
		joined(
			items
				.filter(item => item['type'] === type)
				.flatMap(item => objectsIn(item[field]).map(part => part['text'] ?? part['refusal'])),
		);
	return {
		text: texts('message', 'content'),
		reasoning: texts('reasoning', 'summary') + texts('reasoning', 'content'),
		calls: items
			.filter(({type}) => String(type).endsWith('_call') && type !== 'web_search_call')
			.flatMap(responsesCalls),
		usage: usage && {
			input: number(usage, 'input_tokens'),
			cached: number(objectField(usage, 'input_tokens_details'), 'cached_tokens'),
			output: number(usage, 'output_tokens'),
			reasoning: number(objectField(usage, 'output_tokens_details'), 'reasoning_tokens'),
		},
	};
};

const readResponses = (payloads: readonly JsonObject[]): Seen => {
	const whole = payloads.findLast(payload => payload['object'] === 'response' || 'response' in payload);
	const response: JsonObject = {...whole, ...objectField(whole, 'response')};
	const done = payloads
		.filter(({type}) => type === 'response.output_item.done')
		.map(payload => objectField(payload, 'item'));
	return readItems(done.length === 0 ? objectsIn(response['output']) : done, objectField(response, 'usage'));
};

/** What a recording says. */
export const seenIn = ({dialect, payloads}: Recording): Seen => {
	switch (dialect) {
		case 'chat': {
			return readChat(payloads);
		}

		case 'messages': {
			return readMessages(payloads);
		}

		case 'gemini': {
			return readGemini(payloads);
		}

		case 'responses': {
			return readResponses(payloads);
		}
	}
};
