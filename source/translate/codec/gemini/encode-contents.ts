import {parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {CallItem, ContentPart, FoundToolsItem, Item, MessageItem, ReasoningItem, ResultItem} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import type {ProviderQuirks} from '../quirks.ts';
import {shimArguments} from '../shim.ts';
import type {ToolMap} from '../tool-map.ts';
import {unmarkedOutput} from '../tool-error.ts';
import {isCallable} from '../tool.ts';
import {encodeOutput, encodePart} from './encode-parts.ts';
import {googleName} from './tool-name.ts';

/** What encoding a conversation needs besides the items. */
export interface ContentContext {
	readonly quirks: ProviderQuirks;
	readonly tools: ToolMap;
	readonly losses: LossLog;
}

/** The conversation as Google takes it, and the texts of authority in front of it. */
export interface EncodedContents {
	readonly contents: readonly JsonObject[];
	readonly system: readonly string[];
}

interface Content {
	readonly role: 'user' | 'model';
	readonly parts: JsonObject[];
}

/** Google's documented stand-in for a signature that is lost (translation.md 3.5). */
const bypassSignature = 'skip_thought_signature_validator';

const reminder = (text: string): string => `<system-reminder>\n${text}\n</system-reminder>`;

const plainText = (parts: readonly ContentPart[]): string =>
	parts
		.map(part => (part.type === 'text' || part.type === 'refusal' ? part.text : ''))
		.filter(text => text !== '')
		.join('\n');

const foundText = ({tools}: FoundToolsItem, map: ToolMap): string => {
	const rows = tools
		.filter(isCallable)
		.map(tool => `- ${googleName(map.wireNameOf(tool))}: ${(tool.description ?? '').split('\n', 1).join('')}`);
	return rows.length === 0 ? 'No tools were found.' : `Loaded tools:\n${rows.join('\n')}`;
};

/** Builds the turns of one request; items come in paired order (translation.md 1.9, 3.3). */
class ContentsBuilder {
	readonly #context: ContentContext;
	readonly #contents: Content[] = [];
	readonly #system: string[] = [];
	/** The wire name of each call: a result is named like its call, not by its id. */
	readonly #names = new Map<string, string>();
	/** Signatures whose calls are still to come. */
	#signatures: string[] = [];
	#media: JsonObject[] = [];
	#mediaCount = 0;

	constructor(context: ContentContext) {
		this.#context = context;
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

	finish(): EncodedContents {
		this.#flushMedia();
		if (this.#contents[0]?.role === 'model') {
			this.#contents.unshift({role: 'user', parts: [{text: '(continuing)'}]});
		}

		if (this.#contents.at(-1)?.role === 'model') {
			this.#context.losses.add(
				'continue-added',
				'The history ended with an answer; a user message "Continue." was added.',
			);
			this.#push('user', [{text: 'Continue.'}]);
		}

		return {contents: this.#contents.map(({role, parts}) => ({role, parts})), system: this.#system};
	}

	/** Adjacent turns of one role are one turn. */
	#push(role: Content['role'], parts: readonly JsonObject[]): void {
		const last = this.#contents.at(-1);
		if (parts.length === 0) {
			return;
		}

		if (last?.role === role) {
			last.parts.push(...parts);
		} else {
			this.#contents.push({role, parts: [...parts]});
		}
	}

	#addMessage({role, parts}: MessageItem): void {
		this.#flushMedia();
		if (role === 'user') {
			this.#signatures = [];
		}

		if (role === 'system' || role === 'developer') {
			this.#addAuthority(plainText(parts));
			return;
		}

		const {losses} = this.#context;
		const encoded = parts.map(part => encodePart(part, losses)).filter(part => part !== undefined);
		this.#push(role === 'user' ? 'user' : 'model', encoded);
	}

	/** What stands in front is the instruction; what comes later stays where it is, so that no earlier byte changes. */
	#addAuthority(text: string): void {
		if (text.trim() === '') {
			return;
		}

		if (this.#contents.length === 0) {
			this.#system.push(text);
		} else {
			this.#push('user', [{text: reminder(text)}]);
		}
	}

	/** Only what this family signed goes back; everything else is nothing to it (translation.md 3.3). */
	#addReasoning({hidden}: ReasoningItem): void {
		if (hidden?.kind !== 'thought' || hidden.family !== this.#context.quirks.family) {
			return;
		}

		const {text = '', signature, on} = hidden;
		if (on === 'call') {
			this.#signatures.push(signature);
		} else if (on === 'text') {
			this.#signText(text, signature);
		} else {
			this.#push('model', [{text, thought: true, thoughtSignature: signature}]);
		}
	}

	/** The signature goes to exactly the text that it came with: the end of the last one, or an empty one behind it. */
	#signText(text: string, signature: string): void {
		const last = this.#contents.at(-1);
		const before = last?.role === 'model' ? textField(last.parts.at(-1), 'text') : undefined;
		const isThere = last !== undefined && text !== '' && before !== undefined && before.endsWith(text);
		if (isThere) {
			last.parts.pop();
			const rest = before.slice(0, before.length - text.length);
			this.#push('model', rest === '' ? [] : [{text: rest}]);
		}

		this.#push('model', [{text: isThere ? text : '', thoughtSignature: signature}]);
	}

	#addCall(call: CallItem): void {
		this.#flushMedia();
		const name = googleName(this.#context.tools.wireNameOf(call.tool));
		this.#names.set(call.callId, name);
		const args = parseJsonObject(shimArguments(call.tool.kind, call.payload)) ?? {};
		const signature = call.signature ?? this.#signatures[0] ?? this.#standIn();
		this.#signatures = this.#signatures.slice(1);
		const signed = signature === undefined ? {} : {thoughtSignature: signature};
		this.#push('model', [{functionCall: {id: call.callId, name, args}, ...signed}]);
	}

	/** The first call of a step has to have a signature where the model thinks in levels; later ones have none. */
	#standIn(): string | undefined {
		const last = this.#contents.at(-1);
		const isFirst = last?.role !== 'model' || last.parts.every(part => part['functionCall'] === undefined);
		return isFirst && this.#context.quirks.gemini.thinking === 'level' ? bypassSignature : undefined;
	}

	#addResult(item: ResultItem | FoundToolsItem): void {
		const {tools, losses, quirks} = this.#context;
		this.#signatures = [];
		const {output, isError} =
			item.type === 'result' ? unmarkedOutput(item) : {output: foundText(item, tools), isError: undefined};
		const {text, media} = encodeOutput(output, this.#mediaCount + 1, losses);
		const isNative = quirks.gemini.toolImages && media.length > 0;
		this.#mediaCount += media.length;
		this.#push('user', [
			{
				functionResponse: {
					id: item.callId,
					name: this.#names.get(item.callId) ?? item.callId,
					response: isError === true ? {error: text} : {output: text},
					...(isNative && {parts: media}),
				},
			},
		]);
		if (media.length > 0 && !isNative) {
			this.#media.push({text: `Output media for call ${item.callId}:`}, ...media);
		}
	}

	/** Media of results follow the last result of a batch, never stand between two (translation.md 1.5). */
	#flushMedia(): void {
		this.#push('user', this.#media);
		this.#media = [];
	}

	#addOther(item: Item): void {
		const {losses} = this.#context;
		if (item.type === 'compaction') {
			losses.add('foreign-compaction', 'A compaction of another provider cannot be read here and was left out.');
		} else if (item.type === 'hosted') {
			losses.add('hosted-item', `An item of type ${item.name} has no place in generateContent and was left out.`);
		} else if (item.type === 'unknown') {
			losses.add('unknown-item', 'An item of a type that the bridge does not know was left out.');
		} else if (item.type === 'reference') {
			losses.add('unresolved-reference', 'A stored item could not be found and was left out.');
		}
	}
}

/** The conversation as `contents`, with the texts for `systemInstruction` that it begins with. */
export const encodeContents = (items: readonly Item[], context: ContentContext): EncodedContents => {
	const builder = new ContentsBuilder(context);
	for (const item of items) {
		builder.add(item);
	}

	return builder.finish();
};
