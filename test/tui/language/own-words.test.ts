import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {readSettings} from '../../../source/command/config-show-read.ts';
import type {TranscriptItem} from '../../../source/event/view.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import type {Words} from '../../../source/tui/language/words.ts';
import {withTranscript} from '../../../source/tui/store/transcript-reader.ts';
import {initialTranscript} from '../../../source/tui/store/transcript-state.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {requestKinds} from '../../../source/wire/names.ts';
import {readExchange} from '../../support/transcript.ts';

/* What stands on the screen beside sentences: kinds, placeholders and values that are our own words, not data. */

const han = /\p{Script=Han}/u;

describe('kinds', () => {
	test('of requests have a name in Chinese, and one that is not known stays as it is', () => {
		expect(requestKinds.filter(kind => !han.test(chinese.requests.kind(kind)))).toEqual([]);
		expect(requestKinds.map(english.requests.kind)).toEqual(requestKinds);
		expect(chinese.requests.kind('constructor')).toBe('constructor');
	});

	test('of decisions have a name in Chinese that fits its column, each that the trace tells of', () => {
		const code = readFileSync(new URL('../../../source/observe/trace.ts', import.meta.url), 'utf8');
		const told = [...code.matchAll(/case '([a-z-]+)':\s*return \S+(?<!undefined);/g)].map(([, kind = '']) => kind);
		expect(told.length).toBeGreaterThan(10);
		expect(told.filter(kind => !/^\p{Script=Han}{4,5}$/u.test(chinese.trace.kind(kind)))).toEqual([]);
		expect(english.trace.kind('attempt-end')).toBe('attempt-end');
	});
});

const saidIn = (words: Words, items: readonly TranscriptItem[]): readonly (string | undefined)[] => {
	const layout = new TranscriptLayout();
	const transcript = {requestId: 'r1', sessionId: undefined, items, version: 1, isLive: false, isTruncated: false};
	withTranscript(initialTranscript(layout), {transcript}, words);
	return layout.transcript?.items.map(({text}) => text) ?? [];
};

const read = (): readonly TranscriptItem[] => {
	const input = [
		{type: 'compaction', encrypted_content: 'gAAAA'},
		{type: 'reasoning', summary: [], encrypted_content: 'gAAAA'},
		{type: 'message', role: 'user', content: [{type: 'input_text', text: '(reasoning)'}]},
	];
	const opened = {type: 'response.output_item.added', output_index: 0, item: {type: 'reasoning', summary: []}};
	return readExchange({body: {input}, replies: [[opened]], isLive: true}).items;
};

describe('a conversation', () => {
	test('has thoughts and histories that cannot be read in Chinese, and what a person wrote as it is', () => {
		const items = read();
		expect(saidIn(english, items)).toEqual(items.map(({text}) => text));
		expect(items.map(({kind}) => kind)).toEqual(['compaction', 'reasoning', 'user', 'reasoning']);
		expect(saidIn(chinese, items)).toEqual(['（压缩的历史，已加密）', '（推理，已加密）', '(reasoning)', '（推理）']);
	});

	test('calls a summary so', () => {
		const summary = {kind: 'compaction', title: 'summary', text: 'They agreed.', isLive: false} as const;
		const layout = new TranscriptLayout();
		const transcript = {requestId: 'r1', sessionId: undefined, items: [summary], version: 1, isLive: false};
		withTranscript(initialTranscript(layout), {transcript: {...transcript, isTruncated: false}}, chinese);
		expect(layout.transcript?.items).toEqual([{...summary, title: '摘要'}]);
	});

	test('keeps what a model thought, also in brackets', () => {
		const thought = {kind: 'reasoning', title: undefined, text: '(stopped: here)  (image)', isLive: false} as const;
		expect(saidIn(chinese, [thought])).toEqual(['(stopped: here)  (image)']);
	});
});

describe('settings', () => {
	const text = `version = 5
[listen]
auth = "none"
[codex.providers.relay-a]
base_url = "https://a.example/v1"
auth_token_env = "RELAY_KEY"
[codex.providers.relay-b]
base_url = "https://b.example/v1"
auth_token = "x"
tags = {kind = "none"}
[codex.routing]
entry = "main"
[codex.routing.routes.main]
strategy = "ordered-failover"
children = ["relay-a", "relay-b"]
`;
	const settings = readSettings({path: '/c.toml', text}, {env: {}}, {get: () => undefined, themes: ['midnight']});

	const shown = (key: string): readonly (string | undefined)[] =>
		settings.filter(setting => setting.key === key).map(setting => chinese.settings.value(setting, setting.value));

	test('say in Chinese what no file says, and what a file takes as it is written there', () => {
		expect(settings.map(setting => english.settings.value(setting, setting.value))).toEqual(
			settings.map(({value}) => value),
		);
		const sentences = settings
			.flatMap(setting => [setting.value, setting.usual].map(value => chinese.settings.value(setting, value ?? '')))
			.filter(value => /[a-z]+ [a-z]+/i.test(value));
		expect(sentences).toEqual([]);
		expect(shown('listen.auth')).toEqual(['none']);
		expect(shown('codex.providers.relay-a.auth')).toEqual(['令牌取自环境变量 RELAY_KEY']);
		expect(shown('codex.providers.relay-b.auth')).toEqual(['令牌在文件内']);
		expect(shown('history.dir')).toEqual(['主目录下的 history/']);
	});
});
