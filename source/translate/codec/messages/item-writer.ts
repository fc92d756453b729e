import {objectField, parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import {compact, objectsField} from '../field.ts';
import type {IdSource} from '../ids.ts';
import type {AnswerEvent, ItemHead} from '../ir-event.ts';
import type {CallItem, HostedItem, OutputItem, ReasoningItem} from '../ir.ts';
import type {LossLog} from '../loss.ts';
import {shimArguments} from '../shim.ts';
import type {ToolReference} from '../tool.ts';
import {BlockWriter, type SendEvent} from './block-writer.ts';
import {sealSignature} from './signature.ts';

/** An event that belongs to one item. */
export type ItemEvent = Extract<AnswerEvent, {readonly index: number}>;

/** Claude Code's `Read` refuses `pages:""`, which other models like to send (translation.md 4.1). */
const readTool = 'Read';

/** The raw text of a custom tool becomes JSON only when it is whole, and the input of `Read` is cleaned. */
const waitsForWhole = ({kind, name}: ToolReference): boolean => kind === 'custom' || name === readTool;

const withoutEmptyTexts = (text: string): string => {
	const input = parseJsonObject(text);
	return input === undefined || !Object.values(input).includes('')
		? text
		: JSON.stringify(Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '')));
};

/** What writing items needs. */
export interface ItemOutput {
	readonly send: SendEvent;
	readonly losses: LossLog;
	readonly ids: IdSource;
	readonly packer: Packer | undefined;
}

/** The items of an answer as content blocks. At most one block is open; a text makes room for anything else. */
export class ItemWriter {
	readonly #output: ItemOutput;
	readonly #heads = new Map<number, ItemHead>();
	readonly #writer: BlockWriter;
	/** The item whose block is open, and the part of it that the block is. */
	#active: {readonly index: number; readonly part: number} | undefined;

	constructor(output: ItemOutput) {
		this.#output = output;
		this.#writer = new BlockWriter(output.send);
	}

	/** The finished blocks. */
	get content(): readonly JsonObject[] {
		return this.#writer.content;
	}

	/** Whether no block is open. */
	get isIdle(): boolean {
		return this.#writer.openKind === undefined;
	}

	/** Whether an item has to wait: another one's call or thought is open. */
	isBlocked(index: number): boolean {
		const {openKind} = this.#writer;
		return openKind !== undefined && openKind !== 'text' && this.#active?.index !== index;
	}

	/** An empty delta of the open block. */
	keepAlive(): void {
		this.#writer.delta('');
	}

	/** The answer is over. Half a call stays open: a client runs what was closed (translation.md 2.8). */
	end(): void {
		if (this.#writer.openKind !== 'tool_use') {
			this.#writer.close();
		}
	}

	apply(event: ItemEvent): void {
		switch (event.type) {
			case 'item-open': {
				this.#heads.set(event.index, event.head);
				if (event.head.type === 'call') {
					this.#openCall(event.index, event.head);
				}

				break;
			}

			case 'delta': {
				this.#delta(event);
				break;
			}

			case 'annotation': {
				this.#output.losses.add('citation', 'A citation of the provider has no twin in Messages and was left out.');
				break;
			}

			case 'item-close': {
				this.#close(event.index, event.item);
				break;
			}
		}
	}

	#activate(index: number, part = 0): void {
		if (this.#active !== undefined) {
			this.#writer.close();
		}

		this.#active = {index, part};
	}

	#openCall(index: number, head: ItemHead & {readonly type: 'call'}): void {
		this.#activate(index);
		this.#writer.open('tool_use', {type: 'tool_use', id: head.callId, name: head.tool.name, input: {}});
	}

	#delta({index, channel, part, text}: ItemEvent & {readonly type: 'delta'}): void {
		const head = this.#heads.get(index);
		if (channel === 'payload') {
			if (head?.type === 'call' && !waitsForWhole(head.tool)) {
				this.#writer.delta(text);
			}

			return;
		}

		const isThought = channel === 'summary' || channel === 'reasoning';
		const isOpen = this.#active?.index === index && (isThought || this.#active.part === part);
		if (!isOpen) {
			this.#activate(index, part);
			this.#writer.open(
				isThought ? 'thinking' : 'text',
				isThought ? {type: 'thinking', thinking: '', signature: ''} : {type: 'text', text: ''},
			);
		} else if (isThought && this.#active?.part !== part) {
			this.#active = {index, part};
			this.#writer.delta('\n\n');
		}

		this.#writer.delta(text);
	}

	#close(index: number, item: OutputItem): void {
		const isOpen = this.#active?.index === index;
		if (item.type === 'reasoning') {
			this.#closeReasoning(index, item, isOpen);
		} else if (item.type === 'call') {
			this.#closeCall(item);
		} else if (item.type === 'hosted') {
			this.#activate(index);
			this.#addHosted(item);
		} else if (item.type === 'compaction') {
			this.#output.losses.add('compaction', 'A compaction of the provider has no place in Messages and was left out.');
		} else if (isOpen) {
			this.#writer.close();
		}

		if (this.#active?.index === index) {
			this.#active = undefined;
		}
	}

	#closeReasoning(index: number, {hidden}: ReasoningItem, isOpen: boolean): void {
		const signature = sealSignature(hidden, this.#output.packer);
		if (isOpen) {
			this.#writer.sign(signature);
			this.#writer.close();
		} else if (hidden?.kind === 'redacted') {
			this.#activate(index);
			this.#writer.add({type: 'redacted_thinking', data: signature});
		} else if (hidden !== undefined) {
			this.#activate(index);
			this.#writer.open('thinking', {type: 'thinking', thinking: '', signature: ''});
			this.#writer.sign(signature);
			this.#writer.close();
		}
	}

	#closeCall({callId, tool, payload}: CallItem): void {
		const whole = shimArguments(tool.kind, payload);
		const text = tool.name === readTool ? withoutEmptyTexts(whole) : whole;
		const sent = this.#writer.text;
		if (text.startsWith(sent) && text !== sent) {
			this.#writer.delta(text.slice(sent.length));
		}

		this.#writer.close({type: 'tool_use', id: callId, name: tool.name, input: parseJsonObject(text) ?? {}});
	}

	/** A web search as Anthropic's own tool would have made it; Claude Code reads titles and addresses. */
	#addHosted({name, raw}: HostedItem): void {
		if (name !== 'web_search_call') {
			this.#output.losses.add('hosted-item', `An item of type ${name} has no place in Messages and was left out.`);
			return;
		}

		const action = objectField(raw, 'action');
		const id = this.#output.ids.next('srvtoolu');
		const results = objectsField(action, 'sources').map(source => ({
			type: 'web_search_result',
			url: textField(source, 'url') ?? '',
			title: textField(source, 'title') ?? textField(source, 'url') ?? '',
			encrypted_content: '',
			page_age: null,
		}));
		const input = compact({query: action['query']});
		this.#writer.add({type: 'server_tool_use', id, name: 'web_search', input});
		this.#writer.add({type: 'web_search_tool_result', tool_use_id: id, content: results});
	}
}
