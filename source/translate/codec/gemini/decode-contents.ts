import {isJsonObject, objectField, textField, type JsonObject} from '../../../wire/json-value.ts';
import {isEnvelope, openHiddenState, type HiddenState, type Packer, type SignedPart} from '../envelope.ts';
import {objectsField} from '../field.ts';
import type {ContentPart, Item, MediaSource} from '../ir.ts';

/** Signatures of a client that are not ours are Google's. */
const googleFamily = 'gemini';

const mediaPart = (mimeType: string, source: MediaSource): ContentPart => {
	if (mimeType.startsWith('image/')) {
		return {type: 'image', source};
	}

	return mimeType.startsWith('audio/') && source.kind === 'data'
		? {type: 'audio', base64: source.base64, format: mimeType.slice('audio/'.length)}
		: {type: 'file', source};
};

const decodeMedia = (part: JsonObject): ContentPart => {
	const inline = objectField(part, 'inlineData');
	const file = objectField(part, 'fileData');
	const mimeType = textField(inline, 'mimeType') ?? textField(file, 'mimeType') ?? '';
	const base64 = textField(inline, 'data');
	const url = textField(file, 'fileUri');
	if (base64 !== undefined) {
		return mediaPart(mimeType, {kind: 'data', mimeType, base64});
	}

	return url === undefined ? {type: 'unknown', raw: part} : mediaPart(mimeType, {kind: 'url', url});
};

const outputText = (response: JsonObject): string => {
	const keys = Object.keys(response);
	const only = keys.length === 1 ? (response['output'] ?? response['error'] ?? response['result']) : undefined;
	return typeof only === 'string' ? only : JSON.stringify(response);
};

/** The turns of a generateContent request as items, one part after the other. */
export class ContentsDecoder {
	readonly #packer: Packer | undefined;
	readonly #items: Item[] = [];
	/** Calls without a result, oldest first: Google pairs by name where there are no ids. */
	#open: ReadonlyArray<{readonly callId: string; readonly name: string}> = [];
	#calls = 0;

	constructor(packer: Packer | undefined) {
		this.#packer = packer;
	}

	/** The items of all turns so far. */
	get items(): readonly Item[] {
		return this.#items;
	}

	add(content: JsonObject): void {
		const isModel = content['role'] === 'model';
		for (const part of objectsField(content, 'parts')) {
			if (isModel) {
				this.#addAnswer(part);
			} else {
				this.#addInput(part);
			}
		}
	}

	#addAnswer(part: JsonObject): void {
		const signature = textField(part, 'thoughtSignature');
		const text = textField(part, 'text');
		if (isJsonObject(part['functionCall'])) {
			this.#addCall(part['functionCall'], signature);
		} else if (part['thought'] === true) {
			this.#think(text ?? '', signature);
		} else {
			this.#say('assistant', text === undefined ? decodeMedia(part) : {type: 'text', text});
			this.#sign('text', signature, text);
		}
	}

	#addInput(part: JsonObject): void {
		const text = textField(part, 'text');
		if (isJsonObject(part['functionResponse'])) {
			this.#addResult(part['functionResponse']);
		} else {
			this.#say('user', text === undefined ? decodeMedia(part) : {type: 'text', text});
		}
	}

	#say(role: 'user' | 'assistant', part: ContentPart): void {
		const last = this.#items.at(-1);
		if (part.type === 'text' && part.text === '') {
			return;
		}

		if (last?.type === 'message' && last.role === role) {
			this.#items[this.#items.length - 1] = {...last, parts: [...last.parts, part]};
		} else {
			this.#items.push({type: 'message', role, parts: [part]});
		}
	}

	#think(text: string, signature: string | undefined): void {
		const hidden = this.#hidden('thought', text, signature);
		if (text !== '' || hidden !== undefined) {
			this.#items.push({type: 'reasoning', summary: text === '' ? [] : [text], content: [], hidden});
		}
	}

	#hidden(on: SignedPart, text: string, signature: string | undefined): HiddenState | undefined {
		if (signature === undefined) {
			return undefined;
		}

		return isEnvelope(signature)
			? openHiddenState(signature, this.#packer)
			: {kind: 'thought', family: googleFamily, on, signature, ...(text !== '' && {text})};
	}

	#sign(on: SignedPart, signature: string | undefined, text = ''): void {
		const hidden = this.#hidden(on, text, signature);
		if (hidden !== undefined) {
			this.#items.push({type: 'reasoning', summary: [], content: [], hidden});
		}
	}

	#addCall(call: JsonObject, signature: string | undefined): void {
		const name = textField(call, 'name') ?? '';
		this.#calls += 1;
		const callId = textField(call, 'id') || `call_g${this.#calls}`;
		this.#sign('call', signature);
		this.#open = [...this.#open, {callId, name}];
		const payload = JSON.stringify(objectField(call, 'args'));
		this.#items.push({type: 'call', callId, tool: {kind: 'function', namespace: undefined, name}, payload});
	}

	#addResult(result: JsonObject): void {
		const id = textField(result, 'id') ?? '';
		const name = textField(result, 'name');
		const paired = this.#open.find(call => (id === '' ? call.name === name : call.callId === id));
		this.#open = this.#open.filter(call => call !== paired);
		const response = objectField(result, 'response');
		const text = outputText(response);
		const media = objectsField(result, 'parts').map(decodeMedia);
		this.#items.push({
			type: 'result',
			callId: paired?.callId ?? (id || (name ?? '')),
			kind: undefined,
			output: media.length === 0 ? text : [{type: 'text', text}, ...media],
			isError: 'error' in response ? true : undefined,
		});
	}
}
