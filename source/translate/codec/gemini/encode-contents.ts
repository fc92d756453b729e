import {parseJsonObject, type JsonObject} from '../../../wire/json-value.ts';
import type {CallItem, ContentPart, FoundToolsItem, Item, MessageItem, ReasoningItem, ResultItem} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {textsOf} from '../responses/decode-content.ts';
import {shimArguments} from '../shim.ts';
import type {ToolMap} from '../tool-map.ts';
import {isCallable} from '../tool.ts';
import {unmarkedOutput} from '../tool-error.ts';

/** What encoding contents needs besides the items. */
export interface ContentsContext {
	readonly quirks: ProviderQuirks;
	readonly tools: ToolMap;
	readonly losses: LossLog;
}

/** One turn of the conversation. */
export interface GeminiContent {
	readonly role: 'user' | 'model';
	readonly parts: readonly JsonObject[];
}

/** The documented stand-in for a signature that is lost (translation.md 3.5). */
const bypassSignature = 'skip_thought_signature_validator';

const text = (value: string): JsonObject => ({text: value});

const isResponse = (part: JsonObject): boolean => part['functionResponse'] !== undefined;

const encodePart = (part: ContentPart, losses: LossLog): JsonObject | undefined => {
	switch (part.type) {
		case 'text':
		case 'refusal': {
			return part.text === '' ? undefined : text(part.text);
		}

		case 'image':
		case 'file': {
			const {source} = part;
			if (source.kind === 'data') {
				return {inlineData: {mimeType: source.mimeType, data: source.base64}};
			}

			losses.add('media-url', 'Gemini reads images and files inline only; a note stands in place of a link.');
			return text(
				`[${part.type} not sent: ${source.kind === 'url' ? source.url : 'an uploaded file of another account'}]`,
			);
		}

		case 'audio': {
			return {inlineData: {mimeType: `audio/${part.format}`, data: part.base64}};
		}

		case 'unknown': {
			losses.add('unknown-part', 'A content part of a type that the bridge does not know was left out.');
			return undefined;
		}
	}
};

const encodeParts = (parts: readonly ContentPart[], losses: LossLog): readonly JsonObject[] =>
	parts.map(part => encodePart(part, losses)).filter(part => part !== undefined);

class ContentsBuilder {
	readonly #context: ContentsContext;
	readonly #contents: GeminiContent[] = [];
	readonly #names = new Map<string, string>();
	/** The signature for the next call. */
	#signature: string | undefined;

	constructor(context: ContentsContext) {
		this.#context = context;
	}

	get contents(): readonly GeminiContent[] {
		return this.#contents;
	}

	add(item: Item): void {
		switch (item.type) {
			case 'message': {
				this.#addMessage(item);
				break;
			}

			case 'reasoning': {
				this.#addReasoning(item);
				break;
			}

			case 'call': {
				this.#addCall(item);
				break;
			}

			case 'result':
			case 'found-tools': {
				this.#addResult(item);
				break;
			}

			default: {
				this.#addOther(item);
			}
		}
	}

	#addMessage(item: MessageItem): void {
		const parts = encodeParts(item.parts, this.#context.losses);
		const isLate = item.role === 'system' || item.role === 'developer';
		const said = isLate ? [text(`<system-reminder>\n${textsOf(item.parts).join('\n')}\n</system-reminder>`)] : parts;
		this.#push(item.role === 'assistant' ? 'model' : 'user', said);
	}

	/** A signature goes back with the part that it came with, and only to the family that made it (translation.md 3.5). */
	#addReasoning({hidden, summary}: ReasoningItem): void {
		if (hidden?.kind !== 'thought' || hidden.family !== this.#context.quirks.family) {
			if (hidden !== undefined) {
				this.#context.losses.add(
					'foreign-reasoning',
					'Reasoning of another provider cannot be read here and was left out.',
				);
			}

			return;
		}

		if (hidden.on === 'thought') {
			this.#push('model', [{text: summary.join('\n\n'), thought: true, thoughtSignature: hidden.signature}]);
		} else if (hidden.on === 'call') {
			this.#signature = hidden.signature;
		} else {
			this.#signText(hidden.signature);
		}
	}

	#signText(thoughtSignature: string): void {
		const last = this.#contents.at(-1);
		const part = last?.parts.at(-1);
		if (last?.role === 'model' && part?.['text'] !== undefined) {
			const parts = [...last.parts.slice(0, -1), {...part, thoughtSignature}];
			this.#contents[this.#contents.length - 1] = {role: 'model', parts};
		}
	}

	#addCall(call: CallItem): void {
		const name = this.#context.tools.wireNameOf(call.tool);
		this.#names.set(call.callId, name);
		const last = this.#contents.at(-1);
		const isFirst = last?.role !== 'model' || last.parts.every(part => part['functionCall'] === undefined);
		const isThinking = this.#context.quirks.gemini.thinking === 'level';
		const known = call.signature ?? this.#signature;
		const signature = known ?? (isFirst && isThinking ? bypassSignature : undefined);
		this.#signature = undefined;
		const payload = shimArguments(call.tool.kind, call.payload);
		const args = parseJsonObject(payload) ?? {_raw: payload};
		const functionCall = {id: call.callId, name, args};
		this.#push('model', [signature === undefined ? {functionCall} : {functionCall, thoughtSignature: signature}]);
	}

	#addResult(item: ResultItem | FoundToolsItem): void {
		const name = this.#names.get(item.callId) ?? 'unknown';
		const {losses, quirks, tools} = this.#context;
		if (item.type === 'found-tools') {
			const names = item.tools.filter(isCallable).map(tool => tools.wireNameOf(tool));
			const response = {output: `Loaded tools: ${names.join(', ')}`};
			this.#push('user', [{functionResponse: {id: item.callId, name, response}}]);
			return;
		}

		const {output, isError} = unmarkedOutput(item);
		const parts = typeof output === 'string' ? [] : encodeParts(output, losses);
		const media = parts.filter(part => part['text'] === undefined);
		const said = typeof output === 'string' ? output : textsOf(output).join('\n');
		const response = isError === true ? {error: said} : {output: said};
		const inside = quirks.gemini.toolImages && media.length > 0 ? {parts: media} : {};
		const outside = quirks.gemini.toolImages ? [] : media;
		this.#push('user', [{functionResponse: {id: item.callId, name, response, ...inside}}, ...outside]);
	}

	#addOther(item: Item): void {
		const {losses} = this.#context;
		if (item.type === 'compaction' && item.summary !== undefined) {
			this.#push('user', [text(`Summary of earlier work: ${item.summary}`)]);
		} else if (item.type === 'compaction') {
			losses.add('foreign-compaction', 'A compaction of another provider cannot be read here and was left out.');
		} else if (item.type === 'hosted' || item.type === 'unknown' || item.type === 'reference') {
			losses.add(`${item.type}-item`, 'An item that Gemini has no place for was left out.');
		}
	}

	/** Adjacent turns of one role are one; responses stand in front of everything else of their turn. */
	#push(role: GeminiContent['role'], parts: readonly JsonObject[]): void {
		const last = this.#contents.at(-1);
		if (parts.length === 0) {
			return;
		}

		if (last?.role !== role) {
			this.#contents.push({role, parts});
			return;
		}

		const joined = [...last.parts, ...parts];
		const ordered = [...joined.filter(isResponse), ...joined.filter(part => !isResponse(part))];
		this.#contents[this.#contents.length - 1] = {role, parts: ordered};
	}
}

/** The conversation as contents: it begins and ends with the user (translation.md 3.3). */
export const encodeContents = (items: readonly Item[], context: ContentsContext): readonly GeminiContent[] => {
	const builder = new ContentsBuilder(context);
	for (const item of items) {
		builder.add(item);
	}

	const {contents} = builder;
	if (contents.length === 0) {
		return [];
	}

	const head: readonly GeminiContent[] =
		contents[0]?.role === 'user' ? [] : [{role: 'user', parts: [text('(continuing)')]}];
	const tail: readonly GeminiContent[] =
		contents.at(-1)?.role === 'user' ? [] : [{role: 'user', parts: [text('Continue.')]}];
	return [...head, ...contents, ...tail];
};
