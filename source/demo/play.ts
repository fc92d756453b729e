import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {deliver, deliverRaw, cutSocket, type Outgoing} from './deliver.ts';
import type {RequestFacts, SeenRequest} from './read-request.ts';
import type {Answer, BodyAnswer, JsonObject, StreamAnswer} from './script.ts';
import type {Seal} from './seal.ts';
import {encodeEvent, type ReplyFacts} from './stream-event.ts';
import type {Voice} from './voice.ts';

/** What an answer is played against. */
export interface Stage {
	readonly voice: Voice;
	readonly seal: Seal;
	readonly request: SeenRequest;
	readonly facts: RequestFacts;
	readonly response: ServerResponse;
	/** Aborts when the response's socket is gone. */
	readonly signal: AbortSignal;
	/** Called after the last byte that the script wants written. */
	readonly onWritten: () => void;
}

/** CLOCK_MONOTONIC in microseconds: the same in all processes of a machine. */
const monotonicUs = (): bigint => process.hrtime.bigint() / 1000n;

const replyFacts = (answer: StreamAnswer, {request, facts, seal}: Stage): ReplyFacts => ({
	id: randomUUID().replaceAll('-', ''),
	model: answer.model ?? facts.model,
	parts: answer.parts,
	end: answer.end ?? {type: 'completed'},
	usage: answer.usage ?? {},
	deltaLength: answer.deltaLength ?? 16,
	requestBytes: request.body.length,
	seal,
});

const jsonBytes = (body: JsonObject): Buffer => Buffer.from(JSON.stringify(body));

const streamHeaders = (answer: StreamAnswer, {voice, seal}: Stage): Readonly<Record<string, string>> => ({
	[voice.idHeader]: `req_${randomUUID()}`,
	...(answer.turnState === undefined || !voice.issuesTurnState
		? {}
		: {'x-codex-turn-state': seal.issue('turn-state', answer.turnState)}),
});

const outgoingStream = (answer: StreamAnswer, stage: Stage): Outgoing => {
	const facts = replyFacts(answer, stage);
	const headers = streamHeaders(answer, stage);
	const {voice} = stage;
	if (!voice.wantsStream(stage.request)) {
		const body = voice.buildBody(facts);
		return {status: 200, contentType: 'application/json', headers, chunks: [() => jsonBytes(body)], hasLength: true};
	}

	return {
		status: 200,
		contentType: voice.contentType,
		headers,
		chunks: voice
			.buildStream(facts)
			.map(event => () => Buffer.from(encodeEvent(event, answer.stamp === true ? monotonicUs() : undefined))),
		hasLength: false,
	};
};

const outgoingBody = ({status, body, gzip}: BodyAnswer): Outgoing => {
	const plain = typeof body === 'string' ? Buffer.from(body) : body === undefined ? Buffer.alloc(0) : jsonBytes(body);
	const bytes = gzip === true ? gzipSync(plain) : plain;
	const type = typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json';
	return {
		status,
		contentType: body === undefined ? undefined : type,
		headers: gzip === true ? {'content-encoding': 'gzip'} : {},
		chunks: bytes.length === 0 ? [] : [() => bytes],
		hasLength: true,
	};
};

/** Performs an answer; rejects with an AbortError when the client goes before it is done. */
export const play = async (answer: Answer, stage: Stage): Promise<void> => {
	const {response, signal, onWritten} = stage;
	switch (answer.type) {
		case 'stream': {
			await deliver(response, outgoingStream(answer, stage), {delivery: answer, signal, onWritten});
			return;
		}

		case 'body': {
			await deliver(response, outgoingBody(answer), {delivery: answer, signal, onWritten});
			return;
		}

		case 'raw': {
			const {bytesPerWrite, byteGapMs, delayMs} = answer;
			const delivery = {
				...(bytesPerWrite === undefined ? {} : {bytesPerWrite}),
				...(byteGapMs === undefined ? {} : {byteGapMs}),
				...(delayMs === undefined ? {} : {delayHeadMs: delayMs}),
			};
			await deliverRaw(response, Buffer.from(answer.bytes, 'latin1'), {delivery, ending: answer.ending, signal});
			return;
		}

		case 'never': {
			await once(response, 'close', {signal});
			return;
		}

		case 'reset': {
			await sleep(answer.delayMs ?? 0, undefined, {signal});
			onWritten();
			await cutSocket(response, 'rst', signal);
		}
	}
};
