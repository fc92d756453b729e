import {createInterface} from 'node:readline';

/*
 * An MCP server on stdin and stdout with one tool, `lookup`, which knows one word: just what Codex asks of one (initialize, tools/list,
 * tools/call). Run by Codex, not by tests.
 */

interface Ask {
	readonly id?: number | string;
	readonly method: string;
	readonly params?: {readonly protocolVersion?: string; readonly arguments?: {readonly word?: string}};
}

const lookup = {
	name: 'lookup',
	description: 'Looks a word up',
	inputSchema: {type: 'object', properties: {word: {type: 'string'}}, required: ['word']},
};

const answerTo = ({method, params}: Ask): object => {
	switch (method) {
		case 'initialize': {
			const serverInfo = {name: 'words', version: '1.0.0'};
			return {protocolVersion: params?.protocolVersion ?? '2025-06-18', capabilities: {tools: {}}, serverInfo};
		}

		case 'tools/list': {
			return {tools: [lookup]};
		}

		case 'tools/call': {
			return {content: [{type: 'text', text: `${params?.arguments?.word ?? 'nothing'}: a fruit`}]};
		}

		default: {
			return {};
		}
	}
};

for await (const line of createInterface({input: process.stdin})) {
	const ask: Ask = JSON.parse(line);
	// A notification has no id and gets no answer.
	if (ask.id !== undefined) {
		process.stdout.write(`${JSON.stringify({jsonrpc: '2.0', id: ask.id, result: answerTo(ask)})}\n`);
	}
}
