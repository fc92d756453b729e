import {expect, test} from 'vitest';
import type {EngineLink, EngineQuery, QueryAnswers} from '../../../source/event/protocol.ts';
import {TranscriptReader, type TranscriptNews} from '../../../source/tui/store/transcript-reader.ts';

/** A link whose answers the test gives when it likes. */
const slowLink = () => {
	const asked: Array<{readonly query: EngineQuery; readonly answer: (value: QueryAnswers['transcript']) => void}> = [];
	const ask: EngineLink['ask'] = query =>
		new Promise(resolve => {
			asked.push({query, answer: value => resolve(JSON.parse(JSON.stringify(value)))});
		});
	return {asked, link: {act: async () => undefined, ask, onBatch: () => () => undefined} satisfies EngineLink};
};

const transcript = (requestId: string) => ({
	requestId,
	sessionId: undefined,
	items: [],
	version: 1,
	isLive: false,
	isTruncated: false,
});

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('a selection that moves faster than the answers still gets every answer that was asked for, and the newest in the end', async () => {
	const {asked, link} = slowLink();
	const news: TranscriptNews[] = [];
	const reader = new TranscriptReader(link, each => news.push(each));
	// The first one is nobody's successor: what was pressed before it holds.
	expect(reader.show({requestId: 'one'}, false, 0)).toBe(false);
	expect(reader.show({requestId: 'two'}, false, 10)).toBe(false);
	expect(reader.show({requestId: 'three'}, false, 20)).toBe(false);
	asked[0]?.answer(transcript('one'));
	await settle();
	expect(news).toMatchObject([{transcript: {requestId: 'one'}}]);
	expect(reader.show({requestId: 'four'}, false, 30)).toBe(true);
	asked[1]?.answer(transcript('four'));
	await settle();
	expect(asked.map(({query}) => query)).toMatchObject([{of: {requestId: 'one'}}, {of: {requestId: 'four'}}]);
	expect(news.at(-1)).toMatchObject({transcript: {requestId: 'four'}});
	// Settled: nothing more is asked for a conversation that has ended.
	expect(reader.show({requestId: 'four'}, false, 5000)).toBe(false);
	expect(asked).toHaveLength(2);
});
