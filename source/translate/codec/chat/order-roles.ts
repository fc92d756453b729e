import type {JsonObject} from '../../../wire/json-value.ts';
import type {LossLog} from '../loss.ts';
import type {ChatRequestQuirks} from '../quirks.ts';
import type {ChatMessage} from './encode-messages.ts';

const partsOf = (content: unknown): readonly JsonObject[] => {
	if (typeof content === 'string') {
		return content === '' ? [] : [{type: 'text', text: content}];
	}

	return Array.isArray(content) ? content : [];
};

const joinContent = (left: unknown, right: unknown): unknown =>
	typeof left === 'string' && typeof right === 'string' ? `${left}\n\n${right}` : [...partsOf(left), ...partsOf(right)];

const canJoin = (left: ChatMessage | undefined, right: ChatMessage): left is ChatMessage =>
	left?.role === right.role &&
	(right.role === 'user' || (right.role === 'assistant' && left['tool_calls'] === undefined));

const joinAdjacent = (messages: readonly ChatMessage[]): readonly ChatMessage[] => {
	const joined: ChatMessage[] = [];
	for (const message of messages) {
		const last = joined.at(-1);
		if (canJoin(last, message)) {
			joined[joined.length - 1] = {...last, ...message, content: joinContent(last['content'], message['content'])};
		} else {
			joined.push(message);
		}
	}

	return joined;
};

const withFillers = (messages: readonly ChatMessage[], filler: string): readonly ChatMessage[] =>
	messages.flatMap((message, index) =>
		message.role === 'user' && messages[index - 1]?.role === 'tool'
			? [{role: 'assistant', content: filler}, message]
			: [message],
	);

const withUserFirst = (messages: readonly ChatMessage[]): readonly ChatMessage[] => {
	const first = messages.findIndex(({role}) => role !== 'system');
	return messages[first]?.role === 'user'
		? messages
		: messages.toSpliced(first === -1 ? messages.length : first, 0, {role: 'user', content: '(continuing)'});
};

/**
 * The order of roles that strict templates want (translation.md 1.9.7, 1.9.11): no two messages of one role in a row, a user
 * first, an assistant between a tool's result and a user, a user last.
 */
export const orderRoles = (
	messages: readonly ChatMessage[],
	quirks: ChatRequestQuirks,
	losses: LossLog,
): readonly ChatMessage[] => {
	const joined = quirks.alternate ? withUserFirst(joinAdjacent(messages)) : messages;
	const filled = quirks.fillerAfterTool === undefined ? joined : withFillers(joined, quirks.fillerAfterTool);
	const last = filled.at(-1);
	if (last?.role === 'assistant' && !quirks.prefill) {
		losses.add('continue-added', 'The history ended with an answer; a user message "Continue." was added.');
		return [...filled, {role: 'user', content: 'Continue.'}];
	}

	return filled;
};
