import {setTimeout as sleep} from 'node:timers/promises';
import {systemClock} from '../../base/clock.ts';
import {
	codexBody,
	codexHeaders,
	createThread,
	firstInput,
	inputMessage,
	type CodexThread,
	type CodexTurn,
} from './codex-request.ts';
import {demoSubagent, type DemoTopic} from '../demo-topics.ts';
import {createUuid7} from '../random.ts';
import {isObject} from '../read-request.ts';
import type {JsonObject} from '../script.ts';
import {sendRequest, type Received} from './send-request.ts';

/** Where a session's requests go, and when they stop. */
export interface DemoTarget {
	/** The base URL with `/v1`. */
	readonly url: string;
	readonly token: string;
	readonly signal: AbortSignal;
	readonly random: () => number;
}

const requestsPerTurn = 8;
const longestWaitMs = 5000;
/** A thread is left after so many turns, so that bodies stay small in a demo that runs all day. */
const turnsPerThread = 10;

const finishedItems = ({events}: Received): readonly JsonObject[] =>
	events.flatMap(event =>
		event['type'] === 'response.output_item.done' && isObject(event['item']) ? [event['item']] : [],
	);

/** The item as Codex keeps it in its history (codex-wire.md 1, tool round trip). */
const keptItem = (item: JsonObject): JsonObject => (item['type'] === 'reasoning' ? {...item, content: null} : item);

const outputFor = (random: () => number, call: JsonObject, output: string): JsonObject => {
	const isFunction = call['type'] === 'function_call';
	const id = createUuid7(random, systemClock.now());
	return {
		type: isFunction ? 'function_call_output' : 'custom_tool_call_output',
		id: `${isFunction ? 'fco' : 'ctco'}_${id}`,
		call_id: call['call_id'],
		output,
	};
};

const waitMs = ({headers}: Received, failures: number): number => {
	const seconds = Number(headers['retry-after']);
	return Math.min(longestWaitMs, seconds > 0 ? seconds * 1000 : 200 * 2 ** failures);
};

/** One Codex session of the demo: threads that grow turn by turn, tools that answer, sub-agents, retries. */
export class DemoSession {
	readonly #target: DemoTarget;
	readonly #wanted: Pick<CodexThread, 'folder' | 'model' | 'effort'>;
	#thread: CodexThread;
	#history: readonly JsonObject[];
	#turns = 0;

	constructor(target: DemoTarget, wanted: Pick<CodexThread, 'folder' | 'model' | 'effort'>) {
		this.#target = target;
		this.#wanted = wanted;
		this.#thread = createThread(target.random, wanted);
		this.#history = firstInput(target.random, wanted.folder);
	}

	/** Runs one turn to its end; with `hasSubagent` a sub-agent works beside it. Failures end the turn, never the session. */
	async runTurn(topic: DemoTopic, hasSubagent: boolean): Promise<void> {
		if (this.#turns >= turnsPerThread) {
			this.#startThread();
		}

		this.#turns++;
		const turn = this.#newTurn();
		const prompt = inputMessage(this.#target.random, 'user', topic.prompt);
		const child = hasSubagent ? this.#runSubagent(turn) : Promise.resolve();
		const history = await this.#converse(this.#thread, turn, {
			input: [...this.#history, prompt],
			outputs: topic.outputs,
		});
		await child;
		if (history === undefined) {
			this.#startThread();
		} else {
			this.#history = history;
		}
	}

	#newTurn(): CodexTurn {
		const startedAtMs = systemClock.now();
		return {turnId: createUuid7(this.#target.random, startedAtMs), startedAtMs, state: undefined};
	}

	#startThread(): void {
		this.#turns = 0;
		this.#thread = createThread(this.#target.random, this.#wanted);
		this.#history = firstInput(this.#target.random, this.#wanted.folder);
	}

	async #runSubagent(parentTurn: CodexTurn): Promise<void> {
		const {random} = this.#target;
		const thread = createThread(random, {...this.#wanted, parent: this.#thread, parentTurn});
		const input = [...firstInput(random, thread.folder), inputMessage(random, 'user', demoSubagent.prompt)];
		await this.#converse(thread, this.#newTurn(), {input, outputs: []});
	}

	/** Asks until the answer needs no tool; resolves to the grown history, or undefined where the upstream refused it for good. */
	async #converse(
		thread: CodexThread,
		firstTurn: CodexTurn,
		{input, outputs}: {readonly input: readonly JsonObject[]; readonly outputs: readonly string[]},
	): Promise<readonly JsonObject[] | undefined> {
		const {url, token, signal, random} = this.#target;
		let turn = firstTurn;
		let history = input;
		let failures = 0;
		for (let index = 0; index < requestsPerTurn && !signal.aborted; index++) {
			const headers = codexHeaders(thread, turn, token);
			const body = codexBody(thread, turn, history);
			const received = await sendRequest(new URL(`${url}/responses`), {headers, body, signal});
			if (received.status >= 400 && received.status < 500 && received.status !== 429) {
				return undefined;
			}

			turn = {...turn, state: turn.state ?? received.headers['x-codex-turn-state']};
			const items = finishedItems(received);
			const calls = items.filter(item => item['call_id'] !== undefined);
			const answers = calls.map((call, place) => outputFor(random, call, outputs[place] ?? 'done\n'));
			history = [...history, ...items.map(keptItem), ...answers];
			const isComplete = received.events.some(event => event['type'] === 'response.completed');
			if (isComplete && calls.length === 0) {
				return history;
			}

			if (!isComplete) {
				await sleep(waitMs(received, failures), undefined, {signal}).catch(() => undefined);
				failures++;
			}
		}

		return history;
	}
}
