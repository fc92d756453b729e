import {execCommand, message, reasoning, stream, type ReplyPart, type Script} from '../../source/demo/script.ts';

const item = (block: Readonly<Record<string, unknown>>): ReplyPart => ({type: 'item', item: block});

const found = {
	type: 'web_search_result',
	url: 'https://plum.example',
	title: 'Plums',
	encrypted_content: 'abc',
	page_age: null,
};

/** A model of Anthropic's searches the web by its provider's own tool, says what it found, and runs a command; then it ends (Messages only). */
export const claudeSearch: Script = [
	{
		match: {toolOutputs: 0},
		answer: stream([
			reasoning('I look it up.'),
			item({type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {query: 'plum'}}),
			item({type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [found]}),
			message('A plum is a fruit.'),
			execCommand('echo hi'),
		]),
	},
	{match: {afterTool: true}, answer: stream([message('Found.')])},
];
